"""What the worker processes do for the server. Plain functions of plain arguments, so that they travel."""

import json
import os
import re
from typing import Any

import msgspec

from sourcing.errors import InputError, UsageError
from sourcing.records import Article, Failure, Report

WARM_UP = "“The ferry is late again,” said Ada Quill, a harbour pilot."
HALF = re.compile("[\ud800-\udfff]")  # of a surrogate pair


class Options(msgspec.Struct, frozen=True, kw_only=True):
    """What a caller may choose; as in `sourcing.analyze`. corpus: the folder of one."""

    with_text: bool = True
    min_confidence: float = 0.0
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    corpus: str | None = None


class Upload(msgspec.Struct, frozen=True, kw_only=True):
    """An article as it was sent. kind: a reader's name ("json", "text", "html", "docx", ...), or "" to be found out from the
    bytes; encoding: of a text, if the caller says; name: what messages call it; id: the article's, if it gives none."""

    data: bytes
    kind: str = ""
    encoding: str | None = None
    name: str = "article"
    id: str = "article"


class Refusal(msgspec.Struct, frozen=True, kw_only=True):
    """Why there is no report. code: as in an error record. pointer: a JSON pointer to the field at fault."""

    code: str
    message: str
    pointer: str | None = None


def start(threads: int) -> None:
    """Begin an annotating process: its share of the cores, and everything loaded before the first article."""
    os.environ["SOURCING_THREADS"] = str(threads)
    from sourcing.analysis import analyze

    analyze(WARM_UP)


def rest() -> None:
    """Nothing: what is asked of a process to see whether it is there."""


def analyze_upload(upload: Upload, options: Options, max_words: int) -> bytes | Refusal:
    """The report of an article as it was sent, as JSON; or why there is none."""
    from sourcing.documents import read_bytes
    from sourcing.text import count_words

    name = upload.name
    if upload.kind == "json":
        value = read_json(upload.data, name)
        refusal = value if isinstance(value, Refusal) else find_refusal(value, name)
        if refusal is not None:
            return refusal
    articles = read_bytes(upload.data, kind=upload.kind, name=name, id=upload.id, encoding=upload.encoding)
    try:
        article = next(articles, None)
        if article is None:
            return Refusal(code="empty", message=f"{name} has no article in it")
        if isinstance(article, Failure):
            return Refusal(code=article.code, message=article.message)
        if next(articles, None) is not None:
            return Refusal(code="several", message=f"{name} has more than one article; send them as a batch")
        if count_words(article.text) > max_words:
            pointer = "/text" if upload.kind == "json" else None
            return Refusal(code="too-long", message=f"{name} has more than {max_words:,} words", pointer=pointer)
        return _report(article, options)
    except InputError as error:
        return Refusal(code=error.code, message=str(error))
    except UsageError as error:
        return Refusal(code="bad-option", message=str(error))


def read_json(data: bytes, name: str) -> Any:
    """The JSON value that was sent; a Refusal when there is none. name: what messages call it."""
    from sourcing.documents.json_article import as_utf8, parse

    try:
        data = as_utf8(data, name, None)
        return parse(data, name)
    except InputError as error:
        pointer = _half_of(data) if error.code == "invalid-text" else None
        return Refusal(code=error.code, message=str(error), pointer=pointer)


def _half_of(data: bytes) -> str | None:
    """A pointer to the field of an article that has half a surrogate pair; None when it stands elsewhere.

    >>> _half_of(rb'{"text": "The ferry", "title": "Late \\ud83d"}')
    '/title'
    """
    from sourcing.documents.mapping import FIELDS

    try:
        value = json.loads(data)  # more lenient than msgspec
    except (ValueError, RecursionError):
        return None
    given = value if isinstance(value, dict) else {}
    return next((f"/{field}" for field in FIELDS if HALF.search(str(given.get(field, "")))), None)


def find_refusal(value: Any, name: str) -> Refusal | None:
    """Why a JSON value is no article, with a pointer to the field at fault; None when it is one.

    >>> find_refusal({"text": "The ferry is late.", "id": "a\\nb"}, "draft").pointer
    '/id'
    """
    from sourcing.documents import find_fault
    from sourcing.documents.paragraphs import BLANK
    from sourcing.text import LONGEST_ID, is_id

    fault = find_fault(value)
    if fault is not None:
        said = f"{name} is no article: {fault.explain()}"
        return Refusal(code="invalid-article", message=said, pointer=fault.pointer)
    if not value["text"].strip(BLANK):
        return Refusal(code="empty", message=f"{name} has no text in it", pointer="/text")
    if (id := value.get("id")) and not is_id(id):
        said = f"{name}: an id has up to {LONGEST_ID:,} characters on one line"
        return Refusal(code="invalid-article", message=said, pointer="/id")
    return None


def _report(article: Article, options: Options) -> bytes | Refusal:
    from sourcing.analysis import analyze_all

    known = None
    if options.corpus is not None:
        from sourcing.corpus import Corpus

        known = Corpus(options.corpus)
    done = next(
        analyze_all(
            [article],
            select=options.select,
            ignore=options.ignore,
            min_confidence=options.min_confidence,
            with_text=options.with_text,
            corpus=known,
        )
    )
    if isinstance(done, Report):
        return msgspec.json.encode(done)
    return Refusal(code=done.code, message=done.message)


def ask_corpus(question: Any, path: str, args: tuple[Any, ...]) -> tuple[str, Any]:
    """Put a question to the corpus in a folder: ("answered", the answer), or why there is none ("unreadable", "senseless")."""
    from pathlib import Path

    from sourcing.corpus import Corpus

    try:
        Corpus(path)
    except UsageError as error:
        return "unreadable", str(error)
    try:
        return "answered", question(Path(path), *args)
    except UsageError as error:
        return "senseless", str(error)
