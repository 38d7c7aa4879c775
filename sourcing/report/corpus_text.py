"""What a corpus answers, as lines for people. Names, ids and outlets come from articles and are never trusted."""

from collections.abc import Iterator
from typing import Any

from sourcing.records.corpus import CorpusInfo, Form, Unattested, WhoIs
from sourcing.report.figures import count, number, percent
from sourcing.report.untrusted import one_line

SHOWN = 5  # outlets and articles named one by one
WIDEST = 32  # code points to which a column of names is filled up


def info_lines(info: CorpusInfo) -> Iterator[str]:
    """What is in a corpus."""
    unplaced = f"; {count(info.unplaced, 'article')} without one" if info.unplaced else ""
    rows = {
        "articles": f"{info.articles:,}",
        "stories": f"{info.stories:,} (near-duplicate copies counted once)",
        "outlets": f"{info.outlets:,}{unplaced}",
        "months": _months(info),
        "named speakers": f"{info.speakers:,} (one per article); {count(info.names, 'name')} of people",
        "quotes": f"{info.quotes:,} long enough to be looked up",
        "listed people": f"{info.listed:,}",
        "models": ", ".join(info.models) or "none",
        "on disk": f"{info.bytes / 1e6:,.1f} MB",
    }
    if info.ungrouped:
        rows["not yet grouped"] = (
            f"{count(info.ungrouped, 'article')}: `sourcing corpus compact` or the next add does it"
        )
    for name, value in rows.items():
        yield one_line(f"{name:<16} ").ljust(17) + one_line(value)


def who_lines(found: WhoIs, *, explain: bool) -> Iterator[str]:
    """Everything under one name."""
    name = one_line(found.name)
    if found.forms:
        where = f", of {_some(found.outlets)}" if found.outlets else ""
        yield f"{name}: in {count(found.articles, 'article')} ({count(found.stories, 'story', 'stories')}){where}"
        yield f"  e.g. {_some(found.examples)}"
    elif found.kind == "person" and " " not in name:
        yield f"{name}: one name fits too many people; give a full name"
    else:
        yield f"{name}: nowhere in this corpus"
    for form in found.forms:
        why = f"  ({one_line(form.rule)}: {one_line(form.why)})" if explain else ""
        yield f"  = {_form(form)}{why}"
    for listed in found.listed:
        yield f"  listed as {one_line(listed)}"
    for form in found.apart if explain else ():
        yield f"  ≠ {_form(form)}  ({one_line(form.rule)}: {one_line(form.why)})"


def unattested_lines(found: list[Unattested]) -> Iterator[str]:
    """A line a speaker who is met nowhere else."""
    for one in found:
        who = one.description or one.affiliation or one.title
        said = f"{count(one.quotes, 'quote')}, {count(one.words, 'word')}"
        yield one_line(f"{one.name}{f' ({who})' if who else ''}: {said}, in {_some(one.articles)}")


def shares_lines(found: Any) -> Iterator[str]:
    """A heading, then a line an article: its share of named speakers met nowhere else, and what is to be expected.

    found: the Arrow table of `Corpus.shares`.
    """
    wide = [_width(name, found[name].to_pylist()) for name in ("id", "outlet")]
    line = f"{{:<16}}{{:<16}}{{:>10}}  {{:<{wide[0]}}}  {{:<{wide[1]}}}  {{}}"
    if found.num_rows:
        yield line.format("nowhere else", "expected", "percentile", "id", "outlet", "title")
    for batch in found.to_batches():
        for row in batch.to_pylist():
            share = f"{percent(row['share']):>4}, {row['nowhere_else']} of {row['named']}"
            between = "" if row["expected"] is None else f" ({percent(row['low'])} to {percent(row['high'])})"
            names = [one_line(row[name] or "–") for name in ("id", "outlet", "title")]
            yield line.format(share, percent(row["expected"]) + between, number(row["percentile"]), *names).rstrip()


def _width(name: str, values: list[str | None]) -> int:
    return min(WIDEST, max([len(name), *(len(one_line(value)) for value in values if value)]))


def _form(form: Form) -> str:
    return f"{one_line(form.name)}: {count(form.articles, 'article')}, {count(form.attributions, 'attribution')}"


def _some(names: tuple[str, ...]) -> str:
    shown = ", ".join(map(one_line, names[:SHOWN]))
    return f"{shown} and {len(names) - SHOWN:,} more" if len(names) > SHOWN else shown


def _months(info: CorpusInfo) -> str:
    if info.first_month is None:
        return "no dates"
    undated = f"; {count(info.undated, 'article')} without a date" if info.undated else ""
    return f"{info.first_month} to {info.last_month}{undated}"
