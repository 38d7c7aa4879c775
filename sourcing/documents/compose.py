r"""Write the text of a marked-up tree (HTML, trafilatura's XML) and remember what each paragraph was.

>>> import lxml.html
>>> composed = compose(lxml.html.fromstring("<div><h2>A plan</h2><p>It is <b>good</b>.</p></div>"))
>>> composed.text, [block.kind for block in composed.blocks]
('A plan\n\nIt is good.', ['heading', 'paragraph'])
"""

from collections.abc import Iterator
from typing import Any

import msgspec

from sourcing.documents.paragraphs import Block, Kind
from sourcing.records import Extent

KINDS: dict[str, Kind] = {
    **dict.fromkeys(("p", "div", "section", "article", "body", "main", "figcaption", "pre", "dd"), "paragraph"),
    **dict.fromkeys(("head", "h1", "h2", "h3", "h4", "h5", "h6", "dt"), "heading"),
    **dict.fromkeys(("quote", "blockquote"), "quote"),
    **dict.fromkeys(("item", "li", "list", "ul", "ol"), "item"),
    **dict.fromkeys(("cell", "td", "th", "row", "tr", "table"), "cell"),
}
BREAKS = frozenset(("lb", "br"))
QUOTES = frozenset(("quote", "blockquote"))
SILENT = frozenset(
    ("script", "style", "noscript", "template", "nav", "footer", "aside", "form", "button", "select", "title", "svg")
)


class Composed(msgspec.Struct, frozen=True):
    """The text of a tree, its paragraphs, and the stretches that are block quotations."""

    text: str
    blocks: tuple[Block, ...]
    block_quotes: tuple[Extent, ...]


def compose(root: Any) -> Composed:
    """Return the text under an lxml element: an empty line between paragraphs, a newline at list items and breaks."""
    text: list[str] = []
    blocks: list[Block] = []
    quotes: list[Extent] = []
    length = 0
    quote_from: int | None = None
    for kind, words, depth in _paragraphs(root):
        if depth == 0 and quote_from is not None:
            quotes.append(Extent(blocks[quote_from].start, blocks[-1].end))
            quote_from = None
        if blocks:
            near = kind == blocks[-1].kind and kind in ("item", "cell")
            gap = "\n" if near or words.startswith("\n") else "\n\n"
            text.append(gap)
            length += len(gap)
        words = words.removeprefix("\n")
        blocks.append(Block(length, length + len(words), kind))
        text.append(words)
        length += len(words)
        if depth and quote_from is None:
            quote_from = len(blocks) - 1
    if quote_from is not None:
        quotes.append(Extent(blocks[quote_from].start, blocks[-1].end))
    return Composed("".join(text), tuple(blocks), tuple(quotes))


def _paragraphs(root: Any) -> Iterator[tuple[Kind, str, int]]:
    """Yield (kind, words, how many block quotations it lies in) of each paragraph that is not blank.

    Words that follow a line break within their paragraph begin with a newline.
    """
    from lxml import etree  # type: ignore[import-untyped]

    kinds: list[Kind] = ["paragraph"]
    buffer: list[str] = []
    depth = silent = 0
    broken = False

    def flush() -> Iterator[tuple[Kind, str, int]]:
        words = " ".join("".join(buffer).split())
        buffer.clear()
        if words:
            kind: Kind = "quote" if depth and kinds[-1] == "paragraph" else kinds[-1]
            yield kind, "\n" * broken + words, depth

    for event, element in etree.iterwalk(root, events=("start", "end")):
        tag = element.tag if isinstance(element.tag, str) else ""
        if event == "start":
            silent += tag in SILENT
            if tag in KINDS or tag in BREAKS:
                yield from flush()
                broken = tag in BREAKS
            if tag in KINDS:
                kinds.append(KINDS[tag])
                depth += tag in QUOTES
            if element.text and tag and not silent:
                buffer.append(element.text)
        else:
            if tag in KINDS:
                yield from flush()
                broken = False
                kinds.pop()
                depth -= tag in QUOTES
            silent -= tag in SILENT
            if element.tail and not silent and element is not root:
                buffer.append(element.tail)
    yield from flush()
