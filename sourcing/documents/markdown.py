r"""Markdown: the text stays as given, marks and all; markdown-it says which lines are paragraphs, headings, quotations.

Front matter, code, raw HTML and tables are no body. Of the front matter the simple lines are read ("title: ...").

>>> text = "# A plan\n\nThe council has one.\n"
>>> [(block.kind, text[block.start:block.end]) for block in outline(text)[0].blocks]
[('heading', 'A plan'), ('paragraph', 'The council has one.')]
"""

import re
from collections.abc import Iterator

from sourcing.documents.articles import About, Markup, build_article
from sourcing.documents.encodings import decode
from sourcing.documents.paragraphs import BLANK, Block, Kind
from sourcing.documents.reader import Reader
from sourcing.documents.source import Source
from sourcing.errors import InputError
from sourcing.records import Article, Extent

FIELDS = {
    "title": "title",
    "author": "author",
    "date": "published",
    "published": "published",
    "outlet": "outlet",
    "site": "outlet",
    "url": "url",
    "link": "url",
    "language": "language",
    "lang": "language",
}

_NEWLINE = re.compile(r"\r\n|\r|\n")
_FRONT = re.compile(r"(---|\+\+\+)[ \t]*(?:\r\n|\r|\n)")
_FIELD = re.compile(r"(\w+)\s*[:=]\s*(.+)")
_MARKS = re.compile(r"(?:[ \t]*(?:>|#{1,6}(?=[ \t])|[-*+](?=[ \t])|\d{1,9}[.)](?=[ \t])))*[ \t]*")
_UNDERLINE = re.compile(r"(?:\r\n|\r|\n)[ \t>]*(?:=+|-+)[ \t]*$")


def read_markdown(source: Source) -> Iterator[Article]:
    """Yield the one article of a Markdown file."""
    text, warnings = decode(source.read_all(), name=source.name, encoding=source.encoding)
    if not text.strip(BLANK):
        raise InputError("empty", source.name, f"{source.name} has no text in it")
    markup, about = outline(text)
    if not markup.blocks:
        raise InputError("no-text", source.name, f"{source.name} has no paragraph in it")
    yield build_article(text, id=source.id, about=about, markup=markup, origin=source.name, warnings=warnings)


def outline(text: str) -> tuple[Markup, About]:
    """Return the paragraphs, headings and block quotations of a Markdown text, and what its front matter says."""
    from markdown_it import MarkdownIt

    front, about = _front_matter(text)
    # The lines are all that is wanted: the inline rules, which some texts make slow, stay off.
    parser = MarkdownIt("commonmark").disable(["inline", "text_join"]).enable("table")
    starts = [front, *(match.end() for match in _NEWLINE.finditer(text, front)), len(text)]
    blocks: list[Block] = []
    quotes: list[Extent] = []
    open_tags: list[str] = []
    outermost: tuple[int, int] | None = None
    for token in parser.parse(text[front:]):
        lines = (
            (starts[min(token.map[0], len(starts) - 1)], starts[min(token.map[1], len(starts) - 1)])
            if token.map
            else None
        )
        if token.nesting > 0:
            open_tags.append(token.type)
            if token.type == "blockquote_open" and outermost is None:
                outermost = (len(blocks), len(open_tags))
        elif token.nesting < 0:
            if outermost is not None and len(open_tags) == outermost[1] and token.type == "blockquote_close":
                if len(blocks) > outermost[0]:
                    quotes.append(Extent(blocks[outermost[0]].start, blocks[-1].end))
                outermost = None
            if open_tags:
                open_tags.pop()
        elif token.type == "inline" and lines is not None and "table_open" not in open_tags:
            kind = _kind(open_tags)
            block = _block(text, *lines, kind)
            if block is not None and (not blocks or block.start >= blocks[-1].end):
                blocks.append(block)
    return Markup(tuple(blocks), tuple(quotes)), about


def _kind(open_tags: list[str]) -> Kind:
    """Return what an inline token inside these open blocks is."""
    if open_tags and open_tags[-1] == "heading_open":
        return "heading"
    if "blockquote_open" in open_tags:
        return "quote"
    return "item" if "list_item_open" in open_tags else "paragraph"


def _block(text: str, start: int, end: int, kind: Kind) -> Block | None:
    """Return the block of these whole lines without the marks around it; None when nothing is left."""
    match = _MARKS.match(text, start, end)
    start = match.end() if match else start
    passage = text[start:end].rstrip(BLANK)
    if kind == "heading":
        underline = _UNDERLINE.search(passage)
        passage = passage[: underline.start()] if underline else _without_closing(passage)
        passage = passage.rstrip(BLANK)
    stripped = passage.lstrip(BLANK)
    start += len(passage) - len(stripped)
    return Block(start, start + len(stripped), kind) if stripped else None


def _without_closing(heading: str) -> str:
    """Return an ATX heading without the number signs that may close it."""
    shorter = heading.rstrip("#")
    return shorter if shorter.endswith((" ", "\t")) else heading


def _front_matter(text: str) -> tuple[int, About]:
    """Return where the text begins after its front matter, and the fields that are simple lines in it."""
    start = 1 if text.startswith("\ufeff") else 0
    fence = _FRONT.match(text, start)
    if fence is None:
        return 0, About()
    about: dict[str, str] = {}
    position = fence.end()
    while position < len(text):
        newline = _NEWLINE.search(text, position)
        end = newline.start() if newline else len(text)
        line = text[position:end]
        position = newline.end() if newline else len(text)
        if line.rstrip() in (fence.group(1), "..."):
            return position, About(**about)
        field = _FIELD.fullmatch(line.rstrip())
        if field and field.group(1).lower() in FIELDS and (value := field.group(2).strip().strip("\"'")):
            about.setdefault(FIELDS[field.group(1).lower()], value)
    return 0, About()


READER = Reader("markdown", (".md", ".markdown"), read_markdown)
