"""CSV, TSV and Parquet, and the mapping of their columns and of JSON's keys to an article's fields."""

import csv
import gzip
import io
import json
import os
import re
import time
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sourcing.documents import read
from sourcing.documents.delimited import AGAIN, MOST_LINES
from sourcing.documents.mapping import FIELDS, map_object
from sourcing.errors import InputError, UsageError
from sourcing.records import Article, Failure
from sourcing.schema import load_schema

TEXT = "The harbor council voted on Tuesday, it said, to rebuild the old bridge."
ARTICLE = {
    "id": "n1",
    "text": TEXT,
    "title": "Bridge",
    "outlet": "Harbor Post",
    "url": "https://harborpost.example/1",
    "published": "2024-03-05",
    "author": "Nora Vale",
    "language": "en",
}


def table(rows, **options):
    out = io.StringIO()
    csv.writer(out, **options).writerows(rows)
    return out.getvalue().encode()


def read_csv(data, **options):
    return list(read("-", stdin=io.BytesIO(data), stdin_format="csv", **options))


def seen(items):
    """What was read, in short: the text of an article, the line and code of a failure."""
    return [item.text if isinstance(item, Article) else (item.line, item.code) for item in items]


def parquet(columns, **options):
    import pyarrow as pa
    import pyarrow.parquet as pq

    out = io.BytesIO()
    pq.write_table(columns if isinstance(columns, pa.Table) else pa.table(columns), out, **options)
    return out.getvalue()


def read_file(path, data, **options):
    path.write_bytes(data)
    return list(read(path, **options))


def fields_of(article):
    return {field: getattr(article, field) for field in FIELDS}


FILES = {
    "a.csv": table([ARTICLE, ARTICLE.values()]),
    "a.tsv": table([ARTICLE, ARTICLE.values()], delimiter="\t"),
    "a.csv.gz": gzip.compress(table([ARTICLE, ARTICLE.values()], quoting=csv.QUOTE_ALL)),
    "a.json": json.dumps(ARTICLE).encode(),
    "a.jsonl": json.dumps(ARTICLE).encode(),
    "a.parquet": parquet({field: [value] for field, value in ARTICLE.items()}),
    "a.parquet.gz": gzip.compress(parquet({field: [value] for field, value in ARTICLE.items()})),
}


@pytest.mark.parametrize("name", FILES)
def test_every_field_arrives(tmp_path, name):
    (article,) = read_file(tmp_path / name, FILES[name])
    assert fields_of(article) == ARTICLE
    assert not article.extracted


@pytest.mark.parametrize("name", FILES)
def test_every_field_arrives_by_a_mapping(tmp_path, name):
    given = {"id": "url", "outlet": "author"}
    (article,) = read_file(tmp_path / name, FILES[name], mapping=given)
    assert fields_of(article) == ARTICLE | {"id": ARTICLE["url"], "outlet": "Nora Vale"}


def test_the_fields_are_those_of_the_schema():
    assert {*FIELDS} == {*load_schema("article")["properties"]}


@pytest.mark.parametrize("mapping", [{"body": "text"}, {"text": ""}, {"text": None}])
def test_a_mapping_that_makes_no_sense_is_refused_at_once(mapping):
    with pytest.raises(UsageError, match="text"):
        read([], mapping=mapping)


def test_a_folder_with_tables(tmp_path):
    for name, data in FILES.items():
        (tmp_path / name).write_bytes(data)
    assert [item.id for item in read(tmp_path)] == ["n1"] * len(FILES)


def test_ids_and_origins(tmp_path):
    items = read_file(tmp_path / "feed.csv", b'text\n"A,\nB."\nC.\n')
    path = tmp_path / "feed.csv"
    assert [(item.id, item.origin) for item in items] == [("feed-2", f"{path}:2"), ("feed-4", f"{path}:4")]
    items = read_file(tmp_path / "feed.parquet", parquet({"text": ["A.", "B."]}))
    path = tmp_path / "feed.parquet"
    assert [(item.id, item.origin) for item in items] == [("feed-1", f"{path}#1"), ("feed-2", f"{path}#2")]


@pytest.mark.parametrize("delimiter", ",;\t|")
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_delimiters_newlines_and_encodings(delimiter, newline, encoding):
    text = f'“Ja”, a|b;c\td, she "said".{newline}{newline}Then she left.'
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter, lineterminator=newline).writerows([["n", "text"], [1, text], [2, "B."]])
    (first, second) = read_csv(out.getvalue().encode(encoding))
    assert (first.text, second.text, first.warnings) == (text, "B.", ())


@pytest.mark.parametrize(
    ("data", "texts"),
    [
        (b"text\nA, b.\nC.", [(2, "invalid-csv"), "C."]),
        (b"\n \ntext,id\nA.,\n\n,\n  ,\nB.,7", ["A.", "B."]),
        (b" id , text \n7,A.", ["A."]),
        (b"text,id,\nA.,7,,,\nB.,7,,,x", ["A.", (3, "invalid-csv")]),
        (b"id,text\n7\n8,B.", [(2, "empty"), "B."]),
        (b"text,id,title\nA.\nB.,9", ["A.", "B."]),
        (b"id,text\n1, \n2,B.", [(2, "empty"), "B."]),
        (b"id,text\n1,\x00A.\n2,B.", [(2, "binary"), "B."]),
        (b"id,text\n1,A\xff.\n2,B.", ["Aÿ.", "B."]),
        (b"id;text\n1;A, b; c.\n2;A, b.", [(2, "invalid-csv"), "A, b."]),
        (b'text\n"He said ""no""."\n', ['He said "no".']),
        (b"text,id\nShe is 5' 4\" tall.,1\n", ["She is 5' 4\" tall."]),
    ],
)
def test_rows(data, texts):
    assert seen(read_csv(data)) == texts


BROKEN = {
    "an unclosed quotation mark": (
        b'id,text\n1,"A."\n2,"B. said no more.\n3,"C."\n4,D.\n',
        ["A.", (3, "invalid-csv"), "C.", "D."],
    ),
    "one that nothing closes": (b'id,text\n1,A.\n2,"B.\n3,C.\n4,D.', ["A.", (3, "invalid-csv"), "C.", "D."]),
    "the last one": (b'id,text\n1,A.\n2,"B.', ["A.", (3, "invalid-csv")]),
    "marks that are not doubled": (
        b'id,text\n1,A.\n2,"She said "no" twice."\n3,C.\n',
        ["A.", (3, "invalid-csv"), "C."],
    ),
    "the same in a text of several lines": (
        b'id,text\n1,A.\n2,"One.\nTwo, "three", four.\n\nWell, five.\n"\n3,"C.\n\nD."\n',
        ["A.", (3, "invalid-csv"), "C.\n\nD."],
    ),
    "every row": (b'id,text\n1,"A "b" c."\n2,"A "b" c."\n', [(2, "invalid-csv")]),
}


@pytest.mark.parametrize(("data", "expected"), BROKEN.values(), ids=BROKEN)
def test_a_broken_row_does_not_take_others_along(data, expected):
    items = read_csv(data)
    assert seen(items) == expected
    after = next((one for one, before in zip(items[1:], items, strict=False) if isinstance(before, Failure)), None)
    if after is not None:
        assert "see if it is a whole one" in after.warnings[0]
        assert not items[0].warnings


def test_quotation_marks_of_tables_with_tabs_can_be_text():
    data = b'id\ttext\n1\t"Yes," she said.\n2\t"No.\n3\tHe "left".\n4\tShe left.\n'
    items = read_csv(data)
    assert seen(items) == ['"Yes," she said.', '"No.', 'He "left".', "She left."]
    assert [bool(item.warnings) for item in items] == [True, True, False, False]


def test_a_row_that_is_too_large():
    long = b"x" * 400
    data = b"id,text\n1,A.\n2," + long + b"\n3\n4,D.\n5," + b'"' + b"word \n" * 100 + b'"\n6,F.\n'
    items = read_csv(data, max_bytes=300)
    assert seen(items) == ["A.", (3, "too-large"), (4, "empty"), "D.", (6, "too-large"), "F."]
    assert "more than 300 bytes" in items[1].message
    assert seen(read_csv(b"id,text," + long + b"\n1,A.", max_bytes=300)) == [(None, "too-large")]
    assert seen(read_csv(b"id,text\n1," + b"x" * 400, max_bytes=300)) == [(2, "too-large")]
    assert seen(read_csv(b"id,text\n1," + "é".encode() * 200, max_bytes=300)) == [(2, "too-large")]


def test_a_cell_larger_than_the_csv_module_allows():
    assert len(read_csv(b"text\n" + b"word " * 100_000)[0].text) == 500_000
    assert seen(read_csv(b"text;" + b"x" * 500_000 + b"\nA.;1")) == ["A."]


@pytest.mark.parametrize(
    ("data", "codes"),
    [
        (b'a","\n' * 300_000, {"too-large"}),
        (b"text,id\n" + b'a","\n' * 300_000, {"too-large", "invalid-csv"}),
        (b"text,id\n1,2\n" + b'a","\n1,2\n' * 150_000, {"invalid-csv", "too-large", "article"}),
        (b'text,id\n"' + b"\n" * (MOST_LINES + 50), {"too-large"}),
        (b'text,id\n"' + b"a,b\n" * 20_000, {"invalid-csv", "article"}),
        (b"text," * 100_000 + b"id\n", {"no-column"}),
        (b"," * 1_000_000, {"empty"}),
        (b"," * 3_000_000, {"too-large"}),
        (b'"' * 1_000_001, {"invalid-csv"}),
        (b"text" + b",a" * 100_000 + b"\n" + b"A." + b",b" * 100_000, {"article"}),
        (b"text\n" + b"A." + b",b" * 100_000 + b"\nB.\n", {"invalid-csv", "article"}),
        (b"text\ttitle\n" + b'"a\tb\n' * 30_000, {"article", "invalid-csv"}),
    ],
)
def test_hostile_tables_end_within_seconds(data, codes):
    start = time.monotonic()
    assert {getattr(item, "code", "article") for item in read_csv(data, max_bytes=1 << 20)} <= codes
    assert time.monotonic() - start < 15 * AGAIN


def test_a_table_is_read_row_by_row():
    class Endless(io.RawIOBase):
        taken = 0

        def readable(self):
            return True

        def readinto(self, buffer):
            line = b"text,id\n" if not self.taken else b'"Again,\nand again.",\n'
            buffer[: len(line)] = line
            self.taken += 1
            return len(line)

    stream = Endless()
    articles = read("-", stdin=stream, stdin_format="csv")
    assert [next(articles).text for _ in range(5)] == ["Again,\nand again."] * 5
    assert stream.taken < 2000


@pytest.mark.parametrize(
    ("data", "options", "code", "said"),
    [
        (b"", {}, "empty", ""),
        (b"\n\n", {}, "empty", ""),
        (b"text,id\n\n,\n", {}, "empty", "has a header and no rows"),
        (b"body,link\nA.,B.", {}, "no-column", "'text'; it has: 'body', 'link'. Say which is the text: --map text=COL"),
        (b"text,id\nA.,B.", {"mapping": {"outlet": "source"}}, "no-column", "no column 'source' for the outlet"),
        (b"text,text\nA.,B.", {}, "no-column", "2 columns 'text'"),
        (b"A. B.", {}, "no-column", "'text'"),
        (b",".join(b"c%d" % i for i in range(100_000)) + b"\n1", {}, "no-column", "'c19' and 99980 more. Say"),
        (b"x" * 1000, {}, "no-column", "it has: '" + "x" * 40 + "'"),
        (b'"text\nA.', {}, "invalid-csv", "the header of <stdin> is not valid CSV"),
        (b"PK\x03\x04text,id\n", {}, "binary", ""),
        (b"%PDF-1.7\n", {}, "binary", "a PDF file"),
        (b"te\0xt,id\nA.,1", {}, "binary", ""),
        ("text,id\nA.,1".encode("utf-16-le"), {}, "binary", ""),
        ("text,id\nA.,1\n".encode("utf-16")[:-1], {}, "encoding", ""),
        (b"te\xfft\n\xff.", {"encoding": "ascii"}, "no-column", ""),
    ],
)
def test_tables_that_cannot_be_read(data, options, code, said):
    *_, failure = read_csv(data, **options)
    assert (failure.input, failure.code, failure.line) == ("<stdin>", code, None)
    assert said in failure.message
    assert len(failure.message) < 1200


def test_encodings_of_tables():
    rows = 'id,text,título\n1,"Él dijo «no».",Nó\n2,“Ja”,x\n'
    for data, options in [(rows.encode("cp1252"), {}), (rows.encode("cp1252"), {"encoding": "cp1252"})]:
        first, second = read_csv(data, mapping={"title": "título"}, **options) if options else read_csv(data)
        assert (first.text, second.text) == ("Él dijo «no».", "“Ja”")
        assert first.warnings == (() if options else ("<stdin>:2 is not UTF-8; decoded as cp1252",))
        assert first.title == ("Nó" if options else None)
    mixed = b"id,text\n1,\xe2\x80\x9cJa\xe2\x80\x9d\n2,\x93Ja\x94\n"
    assert seen(read_csv(mixed)) == ["“Ja”", "“Ja”"]
    assert seen(read_csv(mixed, encoding="utf-8")) == ["“Ja”", (3, "encoding")]
    assert read_csv(mixed, encoding="utf-8")[1].message == "<stdin>:3 cannot be decoded as utf-8"
    assert seen(read_csv(b"\xef\xbb\xbf" + mixed)) == ["“Ja”", (3, "encoding")]
    assert seen(read_csv(b"\xef\xbb\xbf" + mixed[:15], encoding="utf-8")) == ["“Ja"]


def test_a_table_cut_off_in_its_gzip(tmp_path):
    rows = [["text"], *([f"Text {i} {os.urandom(30).hex()}"] for i in range(500))]
    *articles, failure = read_file(tmp_path / "a.csv.gz", gzip.compress(table(rows))[:-12_000])
    assert len(articles) > 100
    assert all(isinstance(article, Article) for article in articles)
    assert (failure.code, failure.input) == ("bad-gzip", str(tmp_path / "a.csv.gz"))


CELLS = st.text(alphabet="ab '\",;\t\n\r|é“", max_size=12)


@given(st.lists(st.tuples(CELLS, CELLS), max_size=8), st.sampled_from(["minimal", "all"]))
@settings(deadline=None)
def test_what_is_written_is_read(rows, quoting):
    quoting = csv.QUOTE_ALL if quoting == "all" else csv.QUOTE_MINIMAL
    items = read_csv(table([("text", "title"), *rows], quoting=quoting))
    texts = [text for text, title in rows if text.strip()]
    assert [item.text for item in items if isinstance(item, Article)] == texts
    assert {item.code for item in items if isinstance(item, Failure)} <= {"empty"}


# Parquet


def test_parquet_in_several_groups(tmp_path):
    texts = [f"Article {i}." for i in range(50)]
    data = parquet({"text": texts, "id": [*range(50)], "more": [{"a": [1]}] * 50}, row_group_size=20)
    items = read_file(tmp_path / "a.parquet", data)
    assert [(item.id, item.text) for item in items] == [(str(i), text) for i, text in enumerate(texts)]
    assert [item.text for item in read("-", stdin=io.BytesIO(data))] == texts
    assert [item.text for item in read("-", stdin=io.BytesIO(gzip.compress(data)))] == texts


def test_parquet_rows_without_text(tmp_path):
    items = read_file(tmp_path / "a.parquet", parquet({"text": ["A.", None, " ", "D.", "x" * 50]}), max_bytes=40)
    path = tmp_path / "a.parquet"
    assert [item.text if isinstance(item, Article) else (item.input, item.code) for item in items] == [
        "A.",
        (f"{path}#2", "empty"),
        (f"{path}#3", "empty"),
        "D.",
        (f"{path}#5", "too-large"),
    ]
    assert items[1].message == f"{path}#2 has no text in it"


def test_parquet_types(tmp_path):
    import pyarrow as pa

    noon = datetime(2024, 3, 5, 12, tzinfo=UTC)
    cells = [
        (pa.array([date(2024, 3, 5)]), "2024-03-05"),
        (pa.array([noon], pa.timestamp("s", "UTC")), "2024-03-05T12:00:00+00:00"),
        (pa.array([1709640000000000001], pa.timestamp("ns")), "2024-03-05T12:00:00"),
        (pa.array([7]), "7"),
        (pa.array([7.0]), "7"),
        (pa.array([7.5]), "7.5"),
        (pa.array([float("nan")]), None),
        (pa.array(["x "]).dictionary_encode(), "x"),
        (pa.array(["x"], pa.large_string()), "x"),
        (pa.array(["x"], pa.string_view()), "x"),
        (pa.array(["é".encode()]), "é"),
        (pa.array([b""]), None),
        (pa.array([None]), None),
        (pa.array([" "]), None),
        (pa.array([["a"]]), None),
        (pa.array([True]), None),
        (pa.array([Decimal(1)]), None),
        (pa.array([{"a": "b"}]), None),
    ]
    for cell, value in cells:
        (article,) = read_file(tmp_path / "a.parquet", parquet({"text": ["A."], "author": cell}))
        assert (article.author, article.warnings) == (value, ())
    far = pa.array([1 << 60, 0], pa.timestamp("ms"))
    failure, article = read_file(tmp_path / "a.parquet", parquet({"text": ["A.", "B."], "published": far}))
    assert (failure.code, article.published) == ("invalid-article", "1970-01-01T00:00:00")


@pytest.mark.parametrize("kind", ["binary", "string"])
def test_parquet_strings_that_are_no_utf8(tmp_path, kind):
    import pyarrow as pa

    texts = pa.array(["Café.".encode("cp1252"), "Él.".encode(), b"a\0b"], pa.binary())
    texts = texts.view(pa.string()) if kind == "string" else texts
    first, second, third = read_file(tmp_path / "a.parquet", parquet({"text": texts}))
    assert (first.text, len(first.warnings), second.text, second.warnings) == ("Café.", 1, "Él.", ())
    assert third.text == "a\0b" if kind == "string" else third.code == "binary"


def test_parquet_takes_little_memory(tmp_path):
    import pyarrow as pa
    import pyarrow.parquet as pq

    texts = pa.array([os.urandom(15_000).hex() for _ in range(1000)])
    pq.write_table(pa.table({"text": texts, "other": texts}), tmp_path / "a.parquet", write_batch_size=16)
    size = texts.nbytes
    del texts
    before = pa.total_allocated_bytes()
    most = max(pa.total_allocated_bytes() - before for _ in read(tmp_path / "a.parquet"))
    assert size > 25 << 20
    assert most < 8 << 20


GOOD = parquet({"text": [f"Article {i}. {os.urandom(20).hex()}" for i in range(100)]}, row_group_size=25)


@pytest.mark.parametrize(
    ("data", "options", "code", "said"),
    [
        (b"", {}, "empty", "is empty"),
        (b"text,id\nA.,1\n", {}, "invalid-parquet", "is no Parquet file"),
        (b"PAR1", {}, "invalid-parquet", "cut off or damaged"),
        (b"PAR1PAR1PAR1", {}, "invalid-parquet", "cut off or damaged"),
        (GOOD[:-10], {}, "invalid-parquet", "cut off or damaged: the index at its end cannot be read"),
        (GOOD[: len(GOOD) // 2], {}, "invalid-parquet", "cut off or damaged"),
        (GOOD[:-60] + b"\xff" * 40 + GOOD[-20:], {}, "invalid-parquet", "cut off or damaged"),
        (parquet({"body": ["A."], "url": ["B."]}), {}, "no-column", "it has: 'body', 'url'. Say which is the text"),
        (parquet({"text": [1]}), {}, "no-column", "int64 in the column 'text', which cannot be the text"),
        (parquet({"text": ["A."], "a": [[1]]}), {"mapping": {"author": "a"}}, "no-column", "the column 'a', which cannot"),
        (parquet({"text": ["A."]}), {"mapping": {"author": "a"}}, "no-column", "no column 'a' for the author"),
        (parquet({"text": []}), {"mapping": {"text": "text"}}, "no-column", "null in the column"),
        (parquet({"a": ["A."]}, row_group_size=1), {"mapping": {"text": "a.b"}}, "no-column", "'a.b'"),
    ],
)  # fmt: skip
def test_bad_parquet_files(tmp_path, data, options, code, said):
    (failure,) = read_file(tmp_path / "a.parquet", data, **options)
    assert (failure.input, failure.code) == (str(tmp_path / "a.parquet"), code)
    assert said in failure.message


def test_a_parquet_file_without_rows_or_with_a_name_twice(tmp_path):
    import pyarrow as pa

    (failure,) = read_file(tmp_path / "a.parquet", parquet({"text": pa.array([], pa.string())}))
    assert (failure.code, "no rows" in failure.message) == ("empty", True)
    twice = pa.Table.from_arrays([pa.array(["A."]), pa.array(["B."])], names=["text", "text"])
    (failure,) = read_file(tmp_path / "a.parquet", parquet(twice))
    assert (failure.code, "2 columns 'text'" in failure.message) == ("no-column", True)


def test_parquet_from_a_pipe_has_the_limit_of_one_article():
    (failure,) = read("-", stdin=io.BytesIO(GOOD), max_bytes=1000)
    assert failure.code == "too-large"


def test_a_damaged_group_of_rows_costs_no_other(tmp_path):
    import pyarrow.parquet as pq

    data = bytearray(GOOD)
    start = pq.ParquetFile(io.BytesIO(GOOD)).metadata.row_group(1).column(0).dictionary_page_offset
    data[start : start + 200] = b"\xff" * 200
    items = read_file(tmp_path / "a.parquet", bytes(data))
    failures = [item for item in items if isinstance(item, Failure)]
    assert [(failure.input, failure.code) for failure in failures] == [(str(tmp_path / "a.parquet"), "invalid-parquet")]
    assert failures[0].message.startswith(f"{tmp_path / 'a.parquet'}: rows 26 to 50 are damaged (")
    assert [item.id for item in items if isinstance(item, Article)] == [
        f"a-{i}" for i in (*range(1, 26), *range(51, 101))
    ]


def test_a_parquet_bomb_is_not_inflated(tmp_path):
    data = parquet({"text": ["a" * (70 << 20)], "id": ["b"]}, compression="zstd", use_dictionary=False)
    assert len(data) < 1 << 20
    (failure,) = read_file(tmp_path / "a.parquet", data)
    assert failure.code == "too-large"
    assert re.search(r"inflate to \d+ bytes", failure.message)


@given(st.integers(0, len(GOOD) - 1), st.binary(min_size=1, max_size=30))
@example(6077, b"\x80")  # a column's name that is no UTF-8
@settings(deadline=None, max_examples=150)
def test_damaged_parquet_gives_articles_or_failures(place, damage):
    data = GOOD[:place] + damage + GOOD[place + len(damage) :]
    assert all(
        isinstance(item, Article | Failure) for item in read("-", stdin=io.BytesIO(data), stdin_format="parquet")
    )


# JSON


@pytest.mark.parametrize(
    ("given", "mapping", "fields"),
    [
        ({"body": "A."}, {"text": "body"}, {"text": "A."}),
        ({"content": {"body": "A."}}, {"text": "content.body"}, {"text": "A."}),
        ({"content.body": "A.", "content": {"body": "B."}}, {"text": "content.body"}, {"text": "A."}),
        ({"text": "A.", "by": ["N. Vale", "I. Brandt"]}, {"author": "by.1"}, {"text": "A.", "author": "I. Brandt"}),
        ({"text": "A.", "by": ["N. Vale"]}, {"author": "by.1"}, {"text": "A."}),
        ({"text": "A.", "by": None, "title": None}, {"author": "by"}, {"text": "A."}),
        ({"text": 3, "body": "A.", "id": 7, "author": ["x"]}, {"text": "body"}, {"text": "A.", "id": "7"}),
        ({"text": "A.", "date": 20240305}, {"published": "date"}, {"text": "A.", "published": "20240305"}),
    ],
)  # fmt: skip
def test_map_object(given, mapping, fields):
    assert map_object(given, mapping, "a.json") == fields


@pytest.mark.parametrize(
    ("given", "mapping", "said"),
    [
        ({"text": "A."}, {"text": "body"}, "it has no body"),
        ({"content": ["A."]}, {"text": "content.body"}, "it has no content.body"),
        ({"content": {"body": 3}}, {"text": "content.body"}, r"content\.body \(text\) has to be a string"),
        ({"body": {"a": 1}}, {"text": "body"}, r"body \(text\) has to be a string"),
        ({"text": "A.", "by": ["x"]}, {"author": "by"}, r"by \(author\) has to be a string"),
        ({"text": "A.", "by": True}, {"author": "by"}, r"by \(author\) has to be a string"),
        ({"body": "A."}, {"id": "url"}, "it has no text"),
    ],
)
def test_map_object_refuses(given, mapping, said):
    with pytest.raises(InputError, match=f"^a.json is no article: {said}$") as caught:
        map_object(given, mapping, "a.json")
    assert caught.value.code == "invalid-article"


def test_without_a_mapping_json_has_to_be_as_the_schema_says():
    given = {"text": "A.", "id": 7}
    assert map_object(given, {}, "a.json") is given
    assert map_object([given], {"text": "body"}, "a.json") == [given]
    (failure,) = read("-", stdin=io.BytesIO(json.dumps(given).encode()))
    assert failure.code == "invalid-article"


def test_a_mapping_in_json_lines_and_arrays():
    lines = b'{"content": {"body": "A."}, "by": "Nora Vale", "lang": "en", "text": "no"}\n{"text": "B."}\n[1]\n'
    mapping = {"text": "content.body", "author": "by", "language": "lang"}
    article, *failures = read("-", stdin=io.BytesIO(lines), mapping=mapping)
    assert (article.text, article.author, article.language) == ("A.", "Nora Vale", "en")
    assert [(failure.code, failure.line) for failure in failures] == [("invalid-article", 2), ("invalid-article", 3)]
    array = b"[" + lines.strip().replace(b"\n", b",") + b"]"
    assert [type(item) for item in read("-", stdin=io.BytesIO(array), mapping=mapping)] == [Article, Failure, Failure]
