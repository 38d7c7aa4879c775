"""HTML: trafilatura takes the article out of the page; body.py judges what it took, as with any text.

The charset the page declares is believed after a byte order mark. Pages that trafilatura could spend minutes on get
less of its care, so that no page takes longer than seconds.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from sourcing.documents.articles import About, Markup, build_article
from sourcing.documents.compose import Composed, compose
from sourcing.documents.encodings import decode
from sourcing.documents.quiet import quiet, warnings_ignored
from sourcing.documents.reader import Reader
from sourcing.documents.source import Source
from sourcing.errors import InputError
from sourcing.records import Article

# trafilatura's fallbacks (justext) take time quadratic in the elements: 7,000 tables, 30,000 tags, took 9 s, 50,000
# links 2.7 s. Above FEW_TAGS the fallbacks are left out, above MOST_TAGS trafilatura is: the slowest of 22 hostile
# pages then took 4 s (50,000 open paragraphs).
FEW_TAGS = 12_000
MOST_TAGS = 60_000
# libxml2 compares each attribute of an element with those before it: 40,000 took 1.8 s to parse,
# 100,000 took trafilatura 80 s. At 4,900 a page takes 0.4 s.
MOST_ATTRIBUTES = 5_000

_TAG = re.compile(r"<[A-Za-z]")
_LONG_TAG = re.compile(r"<[A-Za-z][^<>]{20000,}")
_CHARSET = re.compile(rb"""<meta\b[^>]{0,200}?\bcharset\s*=\s*["']?\s*([\w.:-]{1,40})""", re.IGNORECASE)
_XML_ENCODING = re.compile(rb"""^\s*<\?xml\b[^>]{0,100}?\bencoding\s*=\s*["']([\w.:-]{1,40})""", re.IGNORECASE)
_PAGE = re.compile(
    rb"\s*(?:<\?xml\b[^>]{0,200}>\s*)?(?:<!--(?:(?!-->).){0,500}-->\s*)*<(?:!doctype\s+html|html)\b", re.I | re.S
)
_MARKUP = re.compile(rb"\s*<(?:head|body|article|main|section|div|p|h1|meta|title)\b[^>]{0,300}>", re.IGNORECASE)
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?![A-Za-z])")


def read_html(source: Source) -> Iterator[Article]:
    """Yield the one article of a page."""
    data = source.read_all()
    text, warnings = decode(data, name=source.name, encoding=source.encoding, declared=declared_charset(data))
    yield article_from_html(text, id=source.id, origin=source.name, warnings=warnings)


def article_from_html(
    page: str, *, id: str = "article", url: str | None = None, origin: str = "", warnings: Sequence[str] = ()
) -> Article:
    """Return the article of a page; raises InputError "empty", "invalid-html" or "no-text".

    url: where the page was found, if that is known; without it the address is the one the page gives.
    """
    name = origin or id
    if not page.strip():
        raise InputError("empty", name, f"{name} is empty")
    for tag in _LONG_TAG.finditer(page):
        if tag.group().count("=") > MOST_ATTRIBUTES or len(tag.group().split()) > MOST_ATTRIBUTES:
            raise InputError("invalid-html", name, f"{name} has an element with more than {MOST_ATTRIBUTES} attributes")
    try:
        root, too_deep = _parse(page)
        composed, about = _extract(root, page) if root is not None else (None, About())
    except Exception as error:  # whatever a page does to lxml or trafilatura, it is one bad input
        raise InputError("invalid-html", name, f"{name} cannot be read as HTML: {type(error).__name__}") from error
    if composed is None or not composed.text:
        raise InputError("no-text", name, f"{name} has no article text that could be found")
    if too_deep:
        warnings = (*warnings, "elements nested deeper than HTML parsers go were left out")
    if url is not None:
        about = msgspec.structs.replace(about, url=url)
    markup = Markup(composed.blocks, composed.block_quotes, extracted=True)
    return build_article(composed.text, id=id, about=about, markup=markup, origin=origin, warnings=warnings)


def declared_charset(data: bytes) -> str | None:
    """Return the charset that the first 4 KiB of a page declare; UTF-16 cannot be what an ASCII declaration says."""
    found = _XML_ENCODING.search(data[:4096]) or _CHARSET.search(data[:4096])
    label = found.group(1).decode("ascii") if found else None
    return None if label is None or label.lower().startswith("utf-16") else label


def begins_as_page(data: bytes) -> bool:
    """Say whether the bytes clearly begin as an HTML page."""
    return _PAGE.match(data[:4096]) is not None


def _parse(page: str) -> tuple[Any, bool]:
    """Return the page's tree, None when there is none, and whether the parser cut it off for its depth."""
    from lxml import etree  # type: ignore[import-untyped]
    from lxml import html as lxml_html

    parser = lxml_html.HTMLParser(remove_comments=True, remove_pis=True, encoding="utf-8")
    try:
        root = lxml_html.document_fromstring(page.encode("utf-8", "replace"), parser=parser)
    except etree.ParserError:  # an empty document
        return None, False
    return root, any("depth" in entry.message.lower() for entry in parser.error_log)


def _extract(root: Any, page: str) -> tuple[Composed | None, About]:
    """Return the article's text and what the page says about it."""
    tags = sum(1 for _ in _TAG.finditer(page))
    lang = root.get("lang") or root.get("{http://www.w3.org/XML/1998/namespace}lang") or ""
    language = found.group().lower() if (found := _LANGUAGE.match(lang)) else None
    if tags > MOST_TAGS:
        return compose(root), About(title=_clean(root.findtext(".//title")), language=language)
    with warnings_ignored():  # urllib3 misses a package for proxies, which nobody here needs
        import trafilatura

    with quiet("trafilatura", "htmldate", "courlan", "justext", "charset_normalizer"):
        document: Any = trafilatura.bare_extraction(
            root,
            fast=tags > FEW_TAGS,
            include_comments=False,
            with_metadata=True,
            date_extraction_params={"extensive_search": False, "original_date": True},
        )
    if document is None or document.body is None:
        return None, About()
    title, outlet, url, published, author = map(
        _clean, (document.title, document.sitename, document.url, document.date, document.author)
    )
    return compose(document.body), About(title, outlet, url, published, author, language)


def _clean(value: str | None) -> str | None:
    """Return a metadata value that UTF-8 can carry, None for an empty one."""
    return " ".join(value.encode("utf-8", "replace").decode("utf-8").split()) or None if value else None


def _claims(head: bytes) -> bool:
    return begins_as_page(head) or _MARKUP.match(head[:4096]) is not None


READER = Reader("html", (".html", ".htm", ".xhtml"), read_html, _claims)
