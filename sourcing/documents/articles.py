"""Make an Article of a text, of a JSON object, or of what a reader took out of a file.

>>> article_from_text("She left, he said.").body
(Extent(start=0, end=18),)
"""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

import msgspec

from sourcing.documents.body import judge
from sourcing.documents.paragraphs import BLANK, Block
from sourcing.errors import InputError
from sourcing.records import Article, Extent
from sourcing.text import LONGEST_ID, is_id


class About(msgspec.Struct, frozen=True):
    """What a file says about its article besides the text."""

    title: str | None = None
    outlet: str | None = None
    url: str | None = None
    published: str | None = None
    author: str | None = None
    language: str | None = None


class Markup(msgspec.Struct, frozen=True):
    """What a file's markup says about its text. extracted: the text was taken out of another format."""

    blocks: tuple[Block, ...]
    block_quotes: tuple[Extent, ...] = ()
    extracted: bool = False


def article_from_text(
    text: str,
    *,
    id: str = "article",
    title: str | None = None,
    outlet: str | None = None,
    url: str | None = None,
    published: str | None = None,
    author: str | None = None,
    language: str | None = None,
    origin: str = "",
    warnings: Sequence[str] = (),
) -> Article:
    """Return the article whose plain text this is, with its body judged; raises InputError "empty" or "invalid-text".

    title: without one it is the headline found in the text. origin: what messages call the article, else its id.
    """
    about = About(title, outlet, url, published, author, language)
    return build_article(text, id=id, about=about, origin=origin, warnings=warnings)


def article_from_mapping(
    mapping: Mapping[str, Any], *, id: str = "article", origin: str = "", warnings: Sequence[str] = ()
) -> Article:
    """Return the article that a JSON object describes (schemas/article.json).

    id: the article's id if the object gives none. Raises InputError "invalid-article", which says where and what is
    wrong, "empty" or "invalid-text".
    """
    name = origin or id
    fault = find_fault(mapping)
    if fault is not None:
        raise InputError("invalid-article", name, f"{name} is no article: {fault.explain()}")
    return article_from_fields(mapping, id=id, origin=origin, warnings=warnings)


class Fault(NamedTuple):
    """What keeps a JSON value from being an article: a JSON pointer to it ("" for the whole), and what is wrong there."""

    pointer: str
    said: str

    def explain(self) -> str:
        """Both in words."""
        if self.said.startswith("has to be "):
            return f"{self.pointer or 'it'} {self.said}"
        return f"{self.pointer}: {self.said}".removeprefix(": ")


def find_fault(value: Any) -> Fault | None:
    """What keeps a JSON value from being an article by schemas/article.json; None when it is one."""
    error = next(iter(_validator().iter_errors(value)), None)
    if error is None:
        return None
    pointer = "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')}" for part in error.absolute_path)
    if error.validator == "type":
        wanted = error.validator_value
        wanted = wanted if isinstance(wanted, str) else " or ".join(wanted)
        return Fault(pointer, f"has to be {_ARTICLES.get(wanted, wanted)}")
    if error.validator == "required":  # the field that is missing is the one at fault
        missing = next(field for field in error.validator_value if field not in error.instance)
        hint = (
            "; this is a report: a corpus takes reports as JSON Lines" if set(error.instance) >= REPORT_FIELDS else ""
        )
        return Fault(f"{pointer}/{missing}", error.message[:200] + hint)
    return Fault(pointer, error.message[:200])  # the value itself can be long


def article_from_fields(
    fields: Mapping[str, str | None], *, id: str, origin: str = "", warnings: Sequence[str] = ()
) -> Article:
    """Return the article of fields that are known to be strings; raises InputError "empty" or "invalid-text"."""
    about = About(**{field: fields.get(field) or None for field in About.__struct_fields__})
    given = fields.get("id") or id
    return build_article(fields.get("text") or "", id=given, about=about, origin=origin, warnings=warnings)


def build_article(
    text: str,
    *,
    id: str,
    about: About | None = None,
    markup: Markup | None = None,
    origin: str = "",
    warnings: Sequence[str] = (),
) -> Article:
    """Return the article of a reader's text; without markup the text is cut into lines and paragraphs."""
    name = origin or id
    about = about or About()
    if not text.strip(BLANK):
        raise InputError("empty", name, f"{name} has no text in it")
    if not is_id(id):
        raise InputError("invalid-article", name, f"{name}: an id has up to {LONGEST_ID:,} characters on one line")
    for string in (text, id, *msgspec.structs.astuple(about)):
        check_text(string or "", name)
    judgement = judge(text, markup.blocks if markup else None)
    if not judgement.body:
        warnings = (*warnings, "no article text was found: all of it looks like page furniture")
    return Article(
        id=id,
        text=text,
        title=about.title or judgement.title,
        outlet=about.outlet,
        url=about.url,
        published=about.published,
        author=about.author,
        language=about.language,
        body=judgement.body,
        headings=judgement.headings,
        block_quotes=tuple(q for q in markup.block_quotes if _touches(q, judgement.body)) if markup else (),
        extracted=markup.extracted if markup else False,
        origin=origin,
        warnings=tuple(warnings),
    )


def check_text(text: str, name: str) -> None:
    """Raise InputError "invalid-text" for half a surrogate pair: no UTF-8 can carry it."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise InputError(
            "invalid-text", name, f"{name} has half a surrogate pair at character {error.start}: it is no Unicode text"
        ) from None


@cache
def _validator() -> Any:
    """Return the validator of schemas/article.json."""
    from jsonschema import Draft202012Validator

    from sourcing.schema import load_schema

    return Draft202012Validator(load_schema("article"))


_ARTICLES = {"object": "an object", "string": "a string"}
REPORT_FIELDS = frozenset(("article", "speakers", "metrics"))  # which no article has


def _touches(extent: Extent, others: Sequence[Extent]) -> bool:
    return any(extent.start < other.end and other.start < extent.end for other in others)
