"""What goes in: an article as a reader hands it to the annotator.

>>> Article(id="a", text="She left.", body=(Extent(0, 9),)).text
'She left.'
"""

import msgspec


class Extent(msgspec.Struct, frozen=True, order=True):
    """A half-open stretch of the article's text, in Unicode code points."""

    start: int
    end: int


class Article(msgspec.Struct, frozen=True, kw_only=True):
    """One article. `text` is the text as given; nothing is ever cut out of it, so offsets stay valid.

    body: the stretches judged to be article text, in order and without overlap; empty when none was found.
    headings: stretches of `body` that are headlines or section headings, so that a sentence never runs across them.
    block_quotes: stretches set as block quotations in HTML or Markdown: quotations without marks.
    extracted: the text was taken out of a file of another format (HTML, Word), so a report has to carry it.
    origin: how messages name the input, e.g. a path, "feed.jsonl:12" or "<stdin>".
    warnings: what the reader wants the user to know ("decoded as cp1252").
    """

    id: str
    text: str
    title: str | None = None
    outlet: str | None = None
    url: str | None = None
    published: str | None = None
    author: str | None = None
    language: str | None = None
    body: tuple[Extent, ...] = ()
    headings: tuple[Extent, ...] = ()
    block_quotes: tuple[Extent, ...] = ()
    extracted: bool = False
    origin: str = ""
    warnings: tuple[str, ...] = ()


class Failure(msgspec.Struct, frozen=True, kw_only=True):
    """An input that could not be read or analyzed: the error record that stands in for its report.

    code: a short stable word ("not-found", "binary", "too-large", "invalid-json", ...), see docs/inputs.md.
    message: one sentence for a person, naming the input. line: of a JSON Lines or CSV file, from 1.
    """

    input: str
    code: str
    message: str
    line: int | None = None
