"""WARC: pages among other records, damaged and hostile ones among good ones."""

import gzip
import io
import time
import tracemalloc
import zlib

import pytest
from fastwarc.stream_io import BrotliWriter, ZstdWriter
from hypothesis import given, settings
from hypothesis import strategies as st

from sourcing.documents import READERS, read
from sourcing.documents.payload import plain_body
from sourcing.documents.registry import sniff
from sourcing.records import Article, Failure

LEAD = "The harbor council voted on Tuesday to rebuild the old bridge, ending an eleven-year quarrel."
CLOSE = "The work is to begin in May and to last for two years, the council said in a statement."
SITE = "https://harborpost.example"


def page(word="bridge", head=""):
    return (
        f"<!doctype html><html lang='en'><head><title>Council backs {word}</title>{head}"
        '<meta property="og:site_name" content="Harbor Post"><meta name="author" content="Nora Vale">'
        '<meta property="article:published_time" content="2024-03-05T10:00:00Z">'
        f'<link rel="canonical" href="{SITE}/elsewhere"></head><body><article><h1>Council backs {word}</h1>'
        f"<p>{LEAD}</p><p>“We waited for the {word},” said Ida Brandt.</p><p>{CLOSE}</p></article></body></html>"
    )


def record(url, body, status="200 OK", type="text/html; charset=utf-8", kind="response", more=(), warc=()):
    """One record: its address, the body and HTTP headers of the response, headers of its own."""
    block = body.encode() if isinstance(body, str) else body
    if kind == "response":
        block = lines(f"HTTP/1.1 {status}", ("Content-Type", type), *more).encode() + block
    content = "application/http; msgtype=response" if kind == "response" else "application/warc-fields"
    head = lines(
        "WARC/1.1",
        ("WARC-Type", kind),
        ("WARC-Record-ID", "<urn:uuid:12345678-feed-45ec-83dd-ef45d0a0e2c1>"),
        ("WARC-Date", "2024-03-06T00:00:00Z"),
        ("WARC-Target-URI", url),
        ("Content-Type", content),
        *warc,
        ("Content-Length", len(block)),
    )
    return head.encode() + block + b"\r\n\r\n"


def lines(first, *headers):
    return "\r\n".join([first, *(f"{name}: {value}" for name, value in headers), "", ""])


def archive(*records, gz=False):
    records = [record("urn:a", "software: test\r\n", kind="warcinfo"), *records]
    return b"".join(gzip.compress(one) if gz else one for one in records)


def pages(*words, gz=False):
    return archive(*(record(f"{SITE}/{word}", page(word)) for word in words), gz=gz)


def read_warc(data, **options):
    return list(read("-", stdin=io.BytesIO(data), **options))


def seen(items):
    return [item.title.rsplit(" ", 1)[-1] if isinstance(item, Article) else item.code for item in items]


@pytest.mark.parametrize("name", ["a.warc", "a.warc.gz", "A.WARC.GZ"])
def test_pages(tmp_path, name):
    data = archive(
        record(f"{SITE}/bridge", "GET /", kind="request"),
        record(f"{SITE}/bridge", page()),
        record(f"{SITE}/picture", b"\x89PNG", type="image/png"),
        record(f"{SITE}/gone", page("gone"), status="404 Not Found"),
        record(f"{SITE}/moved", "", status="301 Moved"),
        record(f"{SITE}/bridge", "text: 1", kind="metadata"),
        record(f"<{SITE}/lamps>", page("lamps"), type="Application/XHTML+XML"),
        gz=name.lower().endswith("gz"),
    )
    (tmp_path / name).write_bytes(data)
    article, second = read(tmp_path)
    assert (article.id, article.url) == (f"{SITE}/bridge", f"{SITE}/bridge")
    assert (article.title, article.outlet, article.author) == ("Council backs bridge", "Harbor Post", "Nora Vale")
    assert (article.published, article.language, article.extracted) == ("2024-03-05", "en", True)
    assert article.origin == f"{tmp_path / name}#{SITE}/bridge"
    assert LEAD in article.text
    assert (second.id, second.title) == (f"{SITE}/lamps", "Council backs lamps")


@pytest.mark.parametrize("gz", [False, True])
def test_standard_input_is_looked_at(gz):
    assert seen(read_warc(pages("one", "two", gz=gz))) == ["one", "two"]
    assert sniff(b"WARC/1.1\r\n").name == "warc"
    assert READERS[-1] == sniff(b"WARC is a format.")


def test_a_bad_page_costs_no_other():
    good = page("lamps")
    items = read_warc(
        archive(
            record(f"{SITE}/1", "<html><body><script>x</script></body></html>"),
            record(f"{SITE}/2", ""),
            record(f"{SITE}/3", b"<html>\0\1\2"),
            record(f"{SITE}/4", good + " " * 5000),
            record(f"{SITE}/6", good, more=[("X", "x" * 40_000)]),
            record(f"{SITE}/7", good),
        ),
        max_bytes=len(good) + 4000,
    )
    assert seen(items) == ["no-text", "empty", "binary", "too-large", "invalid-warc", "lamps"]
    assert [item.input for item in items[:5]] == [f"<stdin>#{SITE}/{i}" for i in (1, 2, 3, 4, 6)]
    assert all(item.message.startswith(f"{item.input} ") for item in items[:5])


def test_a_page_made_to_choke_parsers_is_a_failure():
    hostile = "<html><body><div " + " ".join(f"a{i}=1" for i in range(50_000)) + f"><p>{LEAD}</p></div>"
    items = read_warc(archive(record(f"{SITE}/1", hostile), record(f"{SITE}/2", page("lamps"))))
    assert seen(items) == ["invalid-html", "lamps"]


@pytest.mark.parametrize(
    ("body", "type", "options", "found"),
    [
        ("“Ja” – é".encode("cp1252"), "text/html; charset=windows-1252", {}, "“Ja” – é"),
        ("“Ja” – é".encode("cp1252"), 'text/html; charset="iso-8859-1"', {}, "“Ja” – é"),
        ("Мост".encode("koi8-r"), "text/html; charset=KOI8-R", {}, "Мост"),
        (b"<meta charset=windows-1251>" + "Мост".encode("koi8-r"), "text/html; charset=KOI8-R", {}, "Мост"),
        (b"<meta charset=windows-1251>" + "Мост".encode("cp1251"), "text/html", {}, "Мост"),
        (b"<meta charset=windows-1251>" + "Мост".encode("cp1251"), "text/html; charset=utf-8", {}, "Мост"),
        (b"<meta charset=windows-1251>" + "Мост".encode("cp1251"), "text/html; charset=nonsense", {}, "Мост"),
        ("Мост".encode("koi8-r"), "text/html; charset=windows-1251", {"encoding": "koi8-r"}, "Мост"),
        ("“Ja” – é".encode(), "text/html; charset=utf-8", {}, "“Ja” – é"),
        ("“Ja” – é".encode("cp1252"), "text/html; charset=utf-8", {}, "“Ja” – é"),
        ("“Ja” – é".encode("utf-8-sig"), "text/html; charset=iso-8859-1", {}, "“Ja” – é"),
    ],
)
def test_charsets(body, type, options, found):
    paragraph = f"<p>{LEAD}</p><p>".encode()
    head, _, rest = body.rpartition(b">") if body.startswith(b"<meta") else (b"", b"", body)
    mark = rest[:3] if rest.startswith(b"\xef\xbb\xbf") else b""
    html = mark + b"<html><head>" + head + (b">" if head else b"") + b"</head><body>" + paragraph
    (article,) = read_warc(archive(record(SITE, html + rest.removeprefix(mark) + b".</p>", type=type)), **options)
    assert f"{found}." in article.text


@pytest.mark.parametrize("gz", [False, True])
@pytest.mark.parametrize("share", [0.99, 0.9, 0.7, 0.55, 0.4, 0.35])
def test_what_comes_before_the_cut_is_read(tmp_path, gz, share):
    data = pages(*map(str, range(20)), gz=gz)
    path = tmp_path / ("a.warc.gz" if gz else "a.warc")
    path.write_bytes(data[: int(len(data) * share)])
    *articles, failure = read(path)
    assert seen(articles) == [str(i) for i in range(len(articles))]
    assert abs(len(articles) - 20 * share) < 2
    assert (failure.input, failure.code) == (str(path), "bad-gzip" if gz else "invalid-warc")


def test_cuts_anywhere():
    first = len(pages("one"))
    data = pages("one", "two")
    for end in range(first - 4, len(data) - 4, 7):
        items = read_warc(data[:end], stdin_format="warc")
        assert seen(items) in (["one"], ["one", "invalid-warc"])
        assert len(items) == 2 or end - first < 12


@pytest.mark.parametrize(
    ("data", "codes"),
    [
        (b"", ["empty"]),
        (b"no archive at all\n" * 20, ["invalid-warc"]),
        (b"WARC/1.0\r\n", ["invalid-warc"]),
        (b"WARC/1.0\r\n\r\n", ["invalid-warc"]),
        (b"WARC/1.0\r\nX: " + b"x" * 1_000_000 + b"\r\n\r\n", ["invalid-warc"]),
        (archive(), ["empty"]),
        (archive(record(SITE, page(), type="text/plain")), ["empty"]),
        (pages("one") + b"garbage\r\n\r\n" + pages("two"), ["one", "invalid-warc"]),
        (pages("one").replace(b"Content-Length: ", b"Content-Length: 99999"), ["invalid-warc"]),
        (pages("one").replace(b"Content-Length: ", b"Content-Length: -"), ["invalid-warc"]),
        (pages("one") + b"\0" * 100, ["one", "invalid-warc"]),
    ],
)
def test_bad_archives(data, codes):
    items = read_warc(data, stdin_format="warc")
    assert seen(items) == codes
    if isinstance(items[-1], Failure):
        assert items[-1].input == "<stdin>"


def test_a_page_without_an_address():
    data = pages("one").replace(b"WARC-Target-URI", b"X-Was-Target-URI")
    (article,) = read_warc(data)
    assert (article.id, article.url, article.origin) == ("stdin-1", f"{SITE}/elsewhere", "<stdin>#1")


def test_a_page_that_was_cut_when_it_was_fetched():
    (article,) = read_warc(archive(record(SITE, page(), warc=[("WARC-Truncated", "length")])))
    assert article.warnings == (f"<stdin>#{SITE} was cut off when it was fetched",)


def chunked(data, size=100):
    chunks = [data[i : i + size] for i in range(0, len(data), size)]
    return b"".join(b"%x\r\n%s\r\n" % (len(chunk), chunk) for chunk in chunks) + b"0\r\n\r\n"


def packed(data, writer):
    out = io.BytesIO()
    with writer(out) as stream:
        stream.write(data)
    return out.getvalue()


PLAIN = page().encode()
CODED = {
    "none": (PLAIN, []),
    "gzip": (gzip.compress(PLAIN), [("Content-Encoding", "gzip")]),
    "deflate": (zlib.compress(PLAIN), [("Content-Encoding", "deflate")]),
    "raw deflate": (zlib.compress(PLAIN)[2:-4], [("Content-Encoding", "deflate")]),
    "br": (packed(PLAIN, BrotliWriter), [("Content-Encoding", "br")]),
    "zstd": (packed(PLAIN, ZstdWriter), [("Content-Encoding", "zstd")]),
    "two": (gzip.compress(zlib.compress(PLAIN)), [("Content-Encoding", "deflate, gzip")]),
    "chunks": (chunked(PLAIN), [("Transfer-Encoding", "chunked")]),
    "chunks, gzip": (chunked(gzip.compress(PLAIN)), [("Transfer-Encoding", "chunked"), ("Content-Encoding", "GZIP")]),
    "gzip, chunks": (chunked(gzip.compress(PLAIN)), [("Transfer-Encoding", "gzip, chunked")]),
    "undone gzip": (PLAIN, [("Content-Encoding", "gzip")]),
    "undone br": (PLAIN, [("Content-Encoding", "br")]),
    "undone zstd": (PLAIN, [("Content-Encoding", "zstd")]),
    "undone chunks": (PLAIN, [("Transfer-Encoding", "chunked")]),
    "undone both": (PLAIN, [("Transfer-Encoding", "chunked"), ("Content-Encoding", "gzip")]),
    "an unknown one that was undone": (PLAIN, [("Content-Encoding", "new")]),
}


@pytest.mark.parametrize(("body", "headers"), CODED.values(), ids=CODED)
def test_codings(body, headers):
    items = read_warc(archive(record(SITE, body, more=headers), record(f"{SITE}/2", page("lamps"))))
    assert seen(items) == ["bridge", "lamps"]


@pytest.mark.parametrize(
    ("data", "transfer", "body"),
    [
        (b"3\r\nabc\r\n0\r\n\r\n", "chunked", b"abc"),
        (b"3;x=y\nabc\n2\nde\n0\n", "Chunked", b"abcde"),
        (b"3\r\nabc\r\n9\r\nde", "chunked", b"abcde"),
        (b"3\r\nabc\r\nxyz\r\nde", "chunked", b"abc"),
        (b"ffffffffffff\r\nabc", "chunked", b"ffffffffffff\r\nabc"),
        (b"3\r\nabc\r\n0\r\n\r\n", "", b"3\r\nabc\r\n0\r\n\r\n"),
        (b"", "chunked", b""),
    ],
)
def test_chunks(data, transfer, body):
    assert plain_body(data, transfer=transfer, content="", most=100) == body


BOMBS = {
    "gzip": gzip.compress(b" " * (200 << 20), 1),
    "br": packed(b" " * (200 << 20), BrotliWriter),
    "zstd": packed(b" " * (200 << 20), ZstdWriter),
}


@pytest.mark.parametrize("coding", BOMBS)
def test_a_coded_bomb_is_not_inflated(coding):
    data = archive(record(SITE, BOMBS[coding], more=[("Content-Encoding", coding)]), record(f"{SITE}/2", page("lamps")))
    tracemalloc.start()
    try:
        assert seen(read_warc(data, max_bytes=1 << 20)) == ["too-large", "lamps"]
        assert tracemalloc.get_traced_memory()[1] < 20 << 20
    finally:
        tracemalloc.stop()


def test_a_record_that_is_a_bomb_is_not_kept(tmp_path):
    data = archive(record(SITE, b" " * (100 << 20)), record(f"{SITE}/2", page("lamps")), gz=True)
    (tmp_path / "a.warc.gz").write_bytes(data)
    tracemalloc.start()
    start = time.monotonic()
    try:
        assert seen(read(tmp_path / "a.warc.gz", max_bytes=1 << 20)) == ["too-large", "lamps"]
        assert tracemalloc.get_traced_memory()[1] < 20 << 20
    finally:
        tracemalloc.stop()
    assert time.monotonic() - start < 30


@given(
    st.binary(max_size=200),
    st.text(alphabet="chunkedgzip, brzstdflate"),
    st.sampled_from(["gzip", "br", "zstd", "deflate, br"]),
)
@settings(deadline=None)
def test_any_body_gives_bytes(data, transfer, content):
    assert isinstance(plain_body(data, transfer=transfer, content=content, most=1000), bytes)
    assert isinstance(plain_body(data, transfer="chunked", content=content, most=1000), bytes)


DATA = pages("one", "two")


@given(st.integers(0, len(DATA) - 1), st.binary(max_size=30), st.integers(0, 30))
@settings(deadline=None, max_examples=60)
def test_damaged_archives_give_articles_or_failures(place, put, gone):
    data = DATA[:place] + put + DATA[place + gone :]
    assert all(isinstance(item, Article | Failure) for item in read_warc(data, stdin_format="warc"))
