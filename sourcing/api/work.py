"""What the worker processes do for the server. Plain functions of plain arguments, so that they travel."""

import os
from typing import Any

import msgspec

from sourcing.errors import InputError, UsageError
from sourcing.records import Article, Failure, Report

WARM_UP = "“The ferry is late again,” said Ada Quill, a harbour pilot."


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
    if upload.kind == "json" and (refusal := _look_at_json(upload.data, name)):
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
            return Refusal(code="too-long", message=f"{name} has more than {max_words:,} words")
        return _report(article, options)
    except InputError as error:
        return Refusal(code=error.code, message=str(error))
    except UsageError as error:
        return Refusal(code="bad-option", message=str(error))


def _look_at_json(data: bytes, name: str) -> Refusal | None:
    """Why JSON is no article, with a pointer, if it is JSON at all; the reader says so otherwise."""
    from sourcing.documents import find_fault

    try:
        value = msgspec.json.decode(data)
    except (ValueError, RecursionError):
        return None
    fault = find_fault(value)
    return fault and Refusal(
        code="invalid-article", message=f"{name} is no article: {fault.explain()}", pointer=fault.pointer
    )


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
