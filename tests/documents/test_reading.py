"""Reading inputs: formats, folders, standard input, and every bad input as one clear Failure."""

import gzip
import io
import json
import os
import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import sourcing.documents
from sourcing.documents import READERS, article_from_mapping, article_from_text, count_inputs, read
from sourcing.documents.paragraphs import BLANK
from sourcing.documents.registry import reader_for
from sourcing.documents.source import Source
from sourcing.errors import InputError, UsageError
from sourcing.records import Article, Extent, Failure

ROOT = Path(__file__).parents[2]
TEXT = "The harbor council voted on Tuesday to rebuild the old bridge."
PAGE = f"<!DOCTYPE html>\n<html lang='en-GB'><body><p>{TEXT}</p></body></html>"


def read_bytes(data, **options):
    return list(read("-", stdin=io.BytesIO(data), **options))


@pytest.mark.parametrize(
    ("data", "options"),
    [
        ('{"text": "A."}\n{"text'.encode("utf-16") + b"\0", {}),
        ('{"text": "A."}\n'.encode("utf-16-le") + b"\0\xd8\0\0", {"encoding": "utf-16-le"}),
        (b'{"text": "A."}\n+2AA-', {"encoding": "utf-7"}),
    ],
)
def test_json_lines_that_end_in_half_a_character(data, options):
    items = read_bytes(data, stdin_format="jsonl", **options)
    assert [item.code for item in items if isinstance(item, Failure)] == ["encoding"]


@pytest.mark.parametrize(
    ("head", "said"),
    [
        (b"%PDF-1.7\n", "stdin> is a PDF file: save its text, or the draft as .docx"),
        (b"\xd0\xcf\x11\xe0\xa1", "stdin> is an old Office file: save it as .docx"),
        (b"{\\rtf1\\ansi Hello.}", "stdin> is a Rich Text file: save it as .docx"),
        (b"\x89PNG\r\n", "stdin> is not text (binary data)"),
    ],
)
def test_a_draft_of_another_format_says_what_to_do(head, said):
    failure = one(read_bytes(head))
    assert (failure.code, failure.message) == ("binary", f"<{said}")


def test_a_closed_standard_input_is_one_failure(monkeypatch):
    monkeypatch.setattr("sys.stdin", None)
    failure = one(read("-"))
    assert (failure.input, failure.code, failure.message) == ("<stdin>", "unreadable", "<stdin> is closed")


def one(items):
    (item,) = items
    return item


def test_plain_text_keeps_its_newlines(tmp_path):
    path = tmp_path / "draft.v2.txt"
    path.write_bytes(b"One line.\r\nAnother.\r\n")
    article = one(read(path))
    assert article.text == "One line.\r\nAnother.\r\n"
    assert (article.id, article.origin, article.extracted, article.warnings) == ("draft.v2", str(path), False, ())
    assert article.body == (Extent(0, 9), Extent(11, 19))


@pytest.mark.parametrize(
    ("name", "data", "id"),
    [
        ("a.txt", TEXT.encode(), "a"),
        ("notes", TEXT.encode(), "notes"),
        ("a.story", TEXT.encode(), "a"),
        ("a.txt", PAGE.encode(), "a"),
        ("a.HTML", PAGE.encode(), "a"),
        ("a.md", TEXT.encode(), "a"),
        ("a.json", json.dumps({"text": TEXT}).encode(), "a"),
        ("a.json", json.dumps({"text": TEXT, "id": "given"}).encode(), "given"),
        ("a.json", b'{"id": "x", "id": "y", "text": "no", "text": "' + TEXT.encode() + b'"}', "y"),
        ("a.json.gz", gzip.compress(json.dumps([{"text": TEXT}]).encode()), "a-1"),
        ("a.jsonl", b"\n" + json.dumps({"text": TEXT, "id": None, "more": [1]}).encode(), "a-2"),
        ("a.ndjson.gz", gzip.compress(json.dumps({"text": TEXT}).encode()), "a-1"),
        ("a.txt.gz", gzip.compress(TEXT.encode()), "a"),
    ],
)
def test_every_format_gives_its_text_and_id(tmp_path, name, data, id):
    (tmp_path / name).write_bytes(data)
    article = one(read([tmp_path / name]))
    assert (article.text, article.id) == (TEXT, id)


def test_a_json_article_has_its_fields(tmp_path):
    given = {
        "id": "n1",
        "text": TEXT,
        "title": "Bridge",
        "outlet": "Harbor Post",
        "url": "https://harborpost.example/1",
        "published": "2024-03-05",
        "author": "Nora Vale",
        "language": "en",
    }
    article = article_from_mapping(given)
    assert all(getattr(article, key) == value for key, value in given.items())


def test_json_lines_are_read_lazily_and_bad_lines_do_not_stop_them():
    lines = [
        b'{"text": "First."}',
        b'{"text": "bad',
        b"",
        b'{"id": "x"}',
        b'{"text": 3}',
        b'{"text": "\xff"}',
        b'{"text": "\\ud800"}',
        b'{"text": "' + b"x" * 300 + b'"}',
        b'["text"]',
        b'{"text": " "}',
        b"[" * 250,
        b'{"text": "Last."}',
    ]
    items = read_bytes(b"\n".join(lines), max_bytes=256)
    failures = [(item.code, item.line) for item in items if isinstance(item, Failure)]
    assert failures == [
        ("invalid-json", 2),
        ("invalid-article", 4),
        ("invalid-article", 5),
        ("encoding", 6),
        ("invalid-text", 7),
        ("too-large", 8),
        ("invalid-article", 9),
        ("empty", 10),
        ("invalid-json", 11),
    ]
    assert [item.id for item in items if isinstance(item, Article)] == ["stdin-1", "stdin-12"]
    assert "/text has to be a string" in items[3].message


def test_json_lines_do_not_read_ahead():
    class Endless(io.RawIOBase):
        taken = 0

        def readable(self):
            return True

        def readinto(self, buffer):
            line = b'{"text": "Again."}\n'
            buffer[: len(line)] = line
            self.taken += 1
            return len(line)

    stream = Endless()
    articles = read("-", stdin=stream, stdin_format="jsonl")
    assert [next(articles).text for _ in range(5)] == ["Again."] * 5
    assert stream.taken < 2000


def test_an_array_names_the_element_that_is_none():
    items = read_bytes(b'[{"text": "A."}, {"text": "B.", "id": 7}, 4]')
    assert [item.id if isinstance(item, Article) else item.code for item in items] == [
        "stdin-1",
        "invalid-article",
        "invalid-article",
    ]
    assert "/id" in items[1].message
    assert items[1].input == "<stdin>#2"


@pytest.mark.parametrize(
    ("data", "ids"),
    [
        (b'{"text": "A."}', ["stdin"]),
        (b'{"text": "A."}\n', ["stdin"]),
        (b'{\n"text": "A."}', ["stdin"]),
        (b'{"text": "A."}\n{"text": "B."}', ["stdin-1", "stdin-2"]),
        (b'\xef\xbb\xbf{"text": "A."}\n{"text": "B."}', ["stdin-1", "stdin-2"]),
        ('{"text": "A."}\n{"text": "B."}'.encode("utf-16"), ["stdin-1", "stdin-2"]),
        (gzip.compress(b'{"text": "A."}\n{"text": "B."}'), ["stdin-1", "stdin-2"]),
        (b'{"text": "' + b"word " * 40_000 + b'"}\n{"text": "B."}', ["stdin-1", "stdin-2"]),
        (b'[{"text": "A."}]', ["stdin-1"]),
        (PAGE.encode(), ["stdin"]),
        (f"<p>{TEXT}</p>".encode(), ["stdin"]),
        (TEXT.encode(), ["stdin"]),
        (b"# A heading", ["stdin"]),
    ],
)
def test_standard_input_is_looked_at(data, ids):
    assert [item.id for item in read_bytes(data)] == ids


def test_a_named_format_wins():
    article = one(read_bytes(b"# Plan\n\nThe council has one.", stdin_format="markdown"))
    assert article.headings == (Extent(2, 6),)
    assert one(read_bytes(b'{"text": "A."}', stdin_format="text")).text == '{"text": "A."}'


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("a.txt", b"", "empty"),
        ("a.txt", b" \n\t\r\n", "empty"),
        ("a.txt", b"\xef\xbb\xbf", "empty"),
        ("a.md", b"\n", "empty"),
        ("a.md", b"```\ncode\n```\n", "no-text"),
        ("a.html", b"  ", "empty"),
        ("a.html", b"<html><body><script>x</script></body></html>", "no-text"),
        ("a.html", b"<!-- nothing -->", "no-text"),
        ("a.json", b" ", "empty"),
        ("a.json", b"[]", "empty"),
        ("a.json", b"{", "invalid-json"),
        ("a.json", b'{"text": NaN}', "invalid-json"),
        ("a.json", b"[" * 100_000, "invalid-json"),
        ("a.json", b"3", "invalid-article"),
        ("a.json", b'{"text": null}', "invalid-article"),
        ("a.json", b'{"text": ""}', "empty"),
        ("a.json", b'{"text": "a \\udfff b"}', "invalid-text"),
        ("a.json", b'{"text": "a", "title": "\\ud800x"}', "invalid-text"),
        ("a.json", b'{"text": "caf\xe9"}', "encoding"),
        ("a.json", b"\0\0", "binary"),
        ("a.jsonl", b"\n \n", "empty"),
        ("a.jsonl.gz", b"no gzip", "bad-gzip"),
        ("a.txt", b"abc\0def", "binary"),
        ("a.txt", b"%PDF-1.4 text", "binary"),
        ("a.bin", bytes(range(1, 32)) * 20, "binary"),
        ("a.txt", b"\xff\xfea", "encoding"),
        ("a.txt", "a\0b".encode("utf-16"), "binary"),
        ("a.txt", b"x" * 2001, "too-large"),
        ("a.txt.gz", gzip.compress(b"x" * 100_000), "too-large"),
    ],
)
def test_bad_files_give_one_failure_that_names_them(tmp_path, name, data, code):
    path = tmp_path / name
    path.write_bytes(data)
    (tmp_path / "good.txt").write_text(TEXT)
    failure, article = read([path, tmp_path / "good.txt"], max_bytes=200_000 if data[:1] == b"[" else 2000)
    assert isinstance(failure, Failure)
    assert failure.code == code
    assert failure.input.startswith(str(path))
    assert name in failure.message
    assert article.text == TEXT


def test_missing_and_unreadable(tmp_path, monkeypatch):
    assert one(read(tmp_path / "none.txt")).code == "not-found"
    assert one(read(tmp_path / "a\0b")).code == "unreadable"
    (tmp_path / "locked.txt").write_text(TEXT)

    def refuse(self, mode):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    failure = one(read(tmp_path / "locked.txt"))
    assert (failure.code, "Permission denied" in failure.message) == ("unreadable", True)


def test_a_truncated_gzip_fails_after_its_good_lines(tmp_path):
    lines = b"".join(json.dumps({"text": f"Text {i} {os.urandom(30).hex()}"}).encode() + b"\n" for i in range(500))
    (tmp_path / "a.jsonl.gz").write_bytes(gzip.compress(lines)[:-12_000])
    *articles, failure = read(tmp_path / "a.jsonl.gz")
    assert len(articles) > 100
    assert all(isinstance(article, Article) for article in articles)
    assert failure.code == "bad-gzip"


def test_a_folder_is_walked_in_order(tmp_path):
    for name in ("b.txt", "a/z.txt", "a/.hidden.txt", ".git/x.txt", "c/deep/er.txt", "a/picture.jpg"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(b"\xff\xd8\xff\0" if name.endswith("jpg") else TEXT.encode())
    items = list(read(tmp_path))
    assert [item.id if isinstance(item, Article) else item.code for item in items] == ["binary", "z", "b", "er"]
    assert count_inputs([tmp_path]) == 4
    assert count_inputs([tmp_path / "b.txt", tmp_path / "none"]) == 2
    assert count_inputs(["-", tmp_path]) is None


def test_a_loop_is_reported_once_and_each_folder_entered_once(tmp_path):
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.txt").write_text(TEXT)
    (tmp_path / "one/top").symlink_to(tmp_path)
    (tmp_path / "two/top").symlink_to(tmp_path)
    (tmp_path / "also").symlink_to(tmp_path / "two")
    codes = [item.code if isinstance(item, Failure) else item.id for item in read(tmp_path)]
    assert sorted(codes) == ["a", "a", "directory-loop"]


def test_what_is_no_file_in_a_folder_is_a_failure(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "dead").symlink_to(tmp_path / "nowhere")
    (tmp_path / "self").symlink_to(tmp_path / "self")
    with socket.socket(socket.AF_UNIX) as listener:
        os.chdir(tmp_path) if len(str(tmp_path)) > 80 else None
        listener.bind(str(tmp_path / "s") if len(str(tmp_path)) <= 80 else "s")
        assert [item.code for item in read(tmp_path)] == ["not-found", "not-a-file", "not-a-file", "unreadable"]


def test_a_file_name_that_is_no_utf8(tmp_path):
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff.txt"))
    path.write_text(TEXT)
    article = one(read(tmp_path))
    article.id.encode()
    article.origin.encode()


@pytest.mark.parametrize("options", [{"encoding": "klingon"}, {"encoding": "hex"}, {"stdin_format": "pdf"}])
def test_options_that_make_no_sense_are_refused_at_once(options):
    with pytest.raises(UsageError):
        read([], **options)


@pytest.mark.parametrize("text", ["", " \n", "\ufeff", "\u200b"])
def test_a_text_without_text_is_refused(text):
    with pytest.raises(InputError) as caught:
        article_from_text(text, id="a")
    assert caught.value.code == "empty"


def test_half_a_surrogate_is_refused():
    for call in (lambda: article_from_text("a\ud800"), lambda: article_from_mapping({"text": "a", "title": "\udc00"})):
        with pytest.raises(InputError) as caught:
            call()
        assert caught.value.code == "invalid-text"


@given(st.text())
def test_any_text_is_an_article_or_an_input_error(text):
    if not text.strip(BLANK):
        with pytest.raises(InputError):
            article_from_text(text)
        return
    article = article_from_text(text)
    assert article.text == text
    assert all(0 <= extent.start < extent.end <= len(text) for extent in article.body)


BYTES = st.one_of(
    st.binary(),
    st.text().map(str.encode),
    st.text(alphabet="<>/p div\"'=!-[]{}:,text\n#*_`>.1\\u0").map(str.encode),
    st.text().map(lambda text: text.encode("utf-16", "surrogatepass")),
)


@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.name)
@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None, max_examples=60)
@given(data=BYTES)
def test_any_bytes_give_articles_or_failures(reader, data):
    for item in read_bytes(data, stdin_format=reader.name):
        assert isinstance(item, Article | Failure)
        if isinstance(item, Article):
            item.text.encode()
            assert list(item.body) == sorted(item.body)
            assert all(0 <= e.start < e.end <= len(item.text) for e in (*item.body, *item.headings, *item.block_quotes))
            assert all(a.end <= b.start for a, b in zip(item.body, item.body[1:], strict=False))
            assert set(item.headings) <= set(item.body)


@given(data=BYTES)
@settings(deadline=None)
def test_any_bytes_on_standard_input(data):
    assert all(isinstance(item, Article | Failure) for item in read_bytes(data))


def test_every_reader_is_listed_and_documented():
    folder = Path(sourcing.documents.__file__).parent
    with_reader = {path.stem for path in folder.glob("*.py") if "\nREADER = " in path.read_text()}
    assert with_reader == {reader.read.__module__.rsplit(".", 1)[-1] for reader in READERS}
    documented = (ROOT / "docs/inputs.md").read_text()
    for reader in READERS:
        assert f"| `{reader.name}` |" in documented
        assert all(f"`{ending}`" in documented for ending in reader.endings)
        assert all(reader_for("a" + ending) == reader for ending in reader.endings)


def test_every_error_code_is_documented():
    folder = Path(sourcing.documents.__file__).parent
    code = re.compile(r"(?:InputError\(\s*|code=)\"([a-z-]+)\"")
    used = {found for path in folder.glob("*.py") for found in code.findall(path.read_text())} | {"not-found"}
    documented = set(
        re.findall(r"^\| `([a-z-]+)` \|", (ROOT / "docs/inputs.md").read_text().split("## Error codes")[1], re.M)
    )
    assert used == documented


def test_importing_the_stage_is_light():
    code = (
        "import sys, sourcing.documents, sourcing.schema\n"
        "heavy = {'trafilatura', 'mammoth', 'markdown_it', 'charset_normalizer', 'jsonschema', 'lxml', 'spacy'}\n"
        "heavy |= {'pyarrow', 'fastwarc'}\n"
        "sys.exit(', '.join(heavy & set(sys.modules)) or 0)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_source_without_end_is_cut_at_the_limit():
    class Zeros(io.RawIOBase):
        def readable(self):
            return True

        def readinto(self, buffer):
            buffer[:] = b"a" * len(buffer)
            return len(buffer)

    source = Source(name="endless", id="e", stream=io.BufferedReader(Zeros()), max_bytes=1000)
    with pytest.raises(InputError) as caught:
        source.read_all()
    assert caught.value.code == "too-large"
