"""Read the gold articles: attribution markup in, gold dicts in the format of PolNeAR out.

An article is a text file, a head and a body with a line of three dashes between them:

    split: gate
    style: US local news
    a1: person | Ruth Ellery | -
    a2: unnamed_person | - | y
    ---
    Town votes

    {a1.content|“We will rebuild,”} {a1.source|Mayor Ruth Ellery} {a1.cue|told} reporters.

Head: `split` is `gate` (only ever used by the quality gate) or `open` (free for development); `style` is for the reader.
Then one line an attribution: type, canonical name or `-`, and `y` where anonymity was granted or sought, else `-`.

Body: `{a1.content|…}` marks a span of attribution a1, likewise `source` and `cue`; the same mark twice gives two pieces.
`{a1+a2.source|…}` is one span that two attributions share. `{scare|“…”}`, `{title|…}`, `{term|…}` and `{nested|…}` give the
role of a quotation that is not speech in its own right, and may stand inside another mark. Braces have no other use.

    python tests/gold/read_gold.py show [NAME ...]    print every span, for proof-reading
    python tests/gold/read_gold.py jsonl [gate|open]  print gold dicts, one a line, as the scorer reads them
    python tests/gold/read_gold.py digest             print the hash that test_gold.py pins
"""

import hashlib
import json
import re
import sys
from pathlib import Path
from typing import Literal, NamedTuple, NotRequired, TypedDict, cast

ARTICLES = Path(__file__).parent / "articles"

Split = Literal["gate", "open"]
Span = list[int]
"""[start, end), Unicode code points into the article's text."""

PARTS = ("source", "cue", "content")
QUOTE_ROLES = ("scare", "title", "term", "nested")
TYPES = ("person", "organization", "outlet", "document", "unnamed_person", "unnamed_group", "other")
SPLITS = ("gate", "open")

_MARK = re.compile(r"\{([a-z0-9.+]+)\||\}|\{")
_ATTRIBUTION = re.compile(r"(a[1-9]\d*): (\w+) \| (.+?) \| ([y-])")
_LABEL = re.compile(r"(a[1-9]\d*(?:\+a[1-9]\d*)*)\.(source|cue|content)")


class MarkupError(ValueError):
    """The markup of a gold article is broken; the message names the article and the place."""


class Attribution(TypedDict):
    """One gold attribution. `canonical` is None for anonymous sources and for `other`."""

    source: list[Span]
    cue: list[Span]
    content: list[Span]
    type: str
    canonical: str | None
    anonymity: bool


class Quotation(TypedDict):
    """A quotation that is not speech in its own right: its span, marks included, and its role."""

    start: int
    end: int
    role: str


class Article(TypedDict):
    """A gold article. `style` says in words what kind of story it is; the scorer passes over it and over `quotes`."""

    id: str
    text: str
    attributions: list[Attribution]
    quotes: list[Quotation]
    typed: bool
    split: Split
    style: NotRequired[str]


class Mark(NamedTuple):
    """A marked span of the text: the label in front of the bar, and where its inside lies in the bare text."""

    label: str
    start: int
    end: int


def read_gold(folder: Path = ARTICLES, *, split: Split | None = None) -> list[Article]:
    """All articles of a folder in order of their names, or those of one split. Raises MarkupError."""
    articles = [read_article(path) for path in sorted(folder.glob("*.txt"))]
    return [article for article in articles if split in (None, article["split"])]


def read_article(path: Path) -> Article:
    """One article; its id is the file's name without the ending. Raises MarkupError."""
    return parse_article(path.read_text(encoding="utf-8"), id=path.stem)


def parse_article(markup: str, *, id: str) -> Article:
    """A gold dict from an article's markup. Raises MarkupError.

    >>> article = parse_article('split: open\\na1: person | Ann Lee | -\\n---\\n{a1.source|Ann Lee} {a1.cue|left}.\\n', id="x")
    >>> article["text"], article["attributions"][0]["cue"]
    ('Ann Lee left.', [[8, 12]])
    """
    head, bar, body = markup.partition("\n---\n")
    if not bar:
        raise MarkupError(f"{id}: no line of three dashes after the head")
    fields, attributions = _read_head(head, id)
    text, marks = strip_marks(body.strip("\n"), id=id)
    quotes: list[Quotation] = []
    for mark in marks:
        if mark.label in QUOTE_ROLES:
            quotes.append({"start": mark.start, "end": mark.end, "role": mark.label})
            continue
        label = _LABEL.fullmatch(mark.label)
        if label is None:
            raise MarkupError(f"{id}: unknown mark {mark.label!r} on {text[mark.start : mark.end]!r}")
        for key in label[1].split("+"):
            if key not in attributions:
                raise MarkupError(f"{id}: {key} is not listed in the head")
            _spans(attributions[key], label[2]).append([mark.start, mark.end])
    return {
        "id": id,
        "text": text,
        "attributions": list(attributions.values()),
        "quotes": quotes,
        "typed": True,
        "split": cast(Split, fields["split"]),
        "style": fields.get("style", ""),
    }


def strip_marks(body: str, *, id: str = "") -> tuple[str, list[Mark]]:
    """The bare text and its marks in the order of their starts, outer before inner. Raises MarkupError.

    >>> strip_marks("{a1.cue|said} {term|“dook”}")
    ('said “dook”', [Mark(label='a1.cue', start=0, end=4), Mark(label='term', start=5, end=11)])
    """
    pieces: list[str] = []
    marks: list[Mark] = []
    opened: list[tuple[str, int]] = []
    read = length = 0
    for found in _MARK.finditer(body):
        pieces.append(body[read : found.start()])
        length += found.start() - read
        read = found.end()
        if found[1]:
            opened.append((found[1], length))
        elif found[0] == "}" and opened:
            label, start = opened.pop()
            marks.append(Mark(label, start, length))
        else:
            raise MarkupError(f"{id}: stray brace at {body[found.start() : found.start() + 30]!r}")
    if opened:
        raise MarkupError(f"{id}: {opened[-1][0]} is never closed")
    pieces.append(body[read:])
    return "".join(pieces), sorted(marks, key=lambda mark: (mark.start, -mark.end))


def digest(folder: Path = ARTICLES) -> str:
    """SHA-256 over names and bytes of all article files in order of their names."""
    total = hashlib.sha256()
    for path in sorted(folder.glob("*.txt")):
        total.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return total.hexdigest()


def kind_of(article: Article, attribution: Attribution) -> Literal["direct", "mixed", "indirect"]:
    """Direct: the words of the content stand in quotation marks. Mixed: some of them do. Indirect: none.

    Quotation marks alone decide, so the turns of a transcript are indirect.
    """
    text = article["text"]
    quoted = {i for start, end in quoted_passages(text) for i in range(start, end)}
    words = [
        start + found.start() for start, end in attribution["content"] for found in re.finditer(r"\w+", text[start:end])
    ]
    inside = sum(word in quoted for word in words)
    return "indirect" if not inside else "direct" if inside == len(words) else "mixed"


def quoted_passages(text: str) -> list[tuple[int, int]]:
    """Outermost passages in any of the quotation marks the gold articles use.

    Straight double marks pair up even across a blank line; the others end with their paragraph, and of those “ and ‘ need no
    second mark. A single mark after an s and before a word closes only where no later one can.

    >>> text = "‘It’s late,’ she said. ``No,'' he said. „Oh“ 'The boys' dog isn't in,' she said."
    >>> [text[s:e] for s, e in quoted_passages(text)]
    ['‘It’s late,’', "``No,''", '„Oh“', "'The boys' dog isn't in,'"]
    """
    passage = re.compile(
        r"“[^”\n]*(?:”|$)|„[^“\n]*“|«[^»\n]*»|``.*?''|\"[^\"]*\""
        r"|(?<!\w)‘(?:[^‘’\n]|’(?=\w)|(?<=s)’(?= \w))*’(?!\w)|(?<!\w)‘[^’\n]*(?:’(?=\w)[^’\n]*)*$"
        r"|(?<!\w)'(?=\w)(?:[^'\n]|(?<=\w)'(?=\w)|(?<=s)'(?= \w))*'(?!\w)",
        re.MULTILINE,
    )
    return [found.span() for found in passage.finditer(text)]


def show(article: Article) -> str:
    """Every attribution and marked quotation of an article in words, one a line."""
    text = article["text"]
    lines = [f"== {article['id']} ({article['split']}; {article.get('style')}; {len(text.split())} words)"]
    for number, attribution in enumerate(article["attributions"], 1):
        parts = [
            f"{part}[{' || '.join(text[start:end] for start, end in _spans(attribution, part))}]" for part in PARTS
        ]
        who = f"{attribution['type']} | {attribution['canonical']} | {'y' if attribution['anonymity'] else '-'}"
        lines.append(f"a{number} {kind_of(article, attribution)}: {' '.join(parts)}  {who}")
    lines += [f"{quote['role']}: {text[quote['start'] : quote['end']]}" for quote in article["quotes"]]
    return "\n".join(lines)


def _read_head(head: str, id: str) -> tuple[dict[str, str], dict[str, Attribution]]:
    """The head's fields, and its attributions with no spans yet, keyed a1, a2 and so on."""
    fields: dict[str, str] = {}
    attributions: dict[str, Attribution] = {}
    for line in head.splitlines():
        listed = _ATTRIBUTION.fullmatch(line)
        if listed:
            key, type, name, anonymity = listed.groups()
            if type not in TYPES or key != f"a{len(attributions) + 1}":
                raise MarkupError(f"{id}: unknown type, or {key} out of turn: {line!r}")
            attributions[key] = {
                "source": [],
                "cue": [],
                "content": [],
                "type": type,
                "canonical": None if name == "-" else name,
                "anonymity": anonymity == "y",
            }
        else:
            name, colon, value = line.partition(": ")
            if not colon or name not in ("split", "style"):
                raise MarkupError(f"{id}: unreadable line in the head: {line!r}")
            fields[name] = value
    if fields.get("split") not in SPLITS:
        raise MarkupError(f"{id}: the split must be one of {SPLITS}")
    return fields, attributions


def _spans(attribution: Attribution, part: str) -> list[Span]:
    return {"source": attribution["source"], "cue": attribution["cue"], "content": attribution["content"]}[part]


def main(arguments: list[str]) -> None:
    """Print spans for proof-reading, JSON Lines for the scorer, or the digest."""
    command, *rest = arguments or ["show"]
    if command == "digest":
        print(digest())
    for article in read_gold():
        if command == "jsonl" and (not rest or article["split"] in rest):
            print(json.dumps(article, ensure_ascii=False))
        elif command == "show" and (not rest or article["id"] in rest):
            print(show(article), end="\n\n")


if __name__ == "__main__":
    main(sys.argv[1:])
