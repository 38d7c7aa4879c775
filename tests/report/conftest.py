import os
from pathlib import Path

import msgspec
import pytest

from sourcing.records import Report, Span

GOLDEN = Path(__file__).parent / "golden"
HOSTILE = (
    '<script>alert(1)</script><img src=x onerror="alert(2)">\x1b[31m\x9b1m\u202eevil\u2066[red]x[/red] @bob #1 [a](b)'
)


@pytest.fixture(scope="session")
def harbour() -> Report:
    return Report.from_json((GOLDEN / "harbour.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def without_text(harbour):
    return msgspec.structs.replace(harbour, article=msgspec.structs.replace(harbour.article, text=msgspec.UNSET))


@pytest.fixture(scope="session")
def hostile(harbour) -> Report:
    """The sample with an attack in every string that comes from an article, offsets still right."""
    replace = msgspec.structs.replace
    cut = harbour.attributions[0].content[0]
    start = cut.start + 4
    text = harbour.article.text[:start] + HOSTILE + harbour.article.text[start + len(HOSTILE) :]
    assert start + len(HOSTILE) <= cut.end + 30

    def spoil(span: Span) -> Span:
        return Span(span.start, span.end, text[span.start : span.end])

    article = replace(
        harbour.article,
        id=HOSTILE,
        title=HOSTILE,
        outlet=HOSTILE,
        published=HOSTILE,
        language=HOSTILE,
        url="javascript:alert(3)",
        text=text,
    )
    speakers = tuple(
        replace(
            speaker,
            name=HOSTILE if speaker.name else None,
            title=f"={HOSTILE}",
            description=f"+{HOSTILE}",
            affiliation=f"@{HOSTILE}",
            anonymity=replace(speaker.anonymity, reason=HOSTILE) if speaker.anonymity else None,
        )
        for speaker in harbour.speakers
    )
    score = replace(
        harbour.score,
        profile=HOSTILE,
        components=tuple(replace(part, name=HOSTILE, explanation=HOSTILE) for part in harbour.score.components),
    )
    return replace(
        harbour,
        article=article,
        speakers=speakers,
        score=score,
        attributions=tuple(replace(item, content=tuple(map(spoil, item.content))) for item in harbour.attributions),
        findings=tuple(replace(finding, message=HOSTILE) for finding in harbour.findings),
        model=replace(harbour.model, name=HOSTILE),
        warnings=(HOSTILE,),
    )


@pytest.fixture(scope="session")
def golden():
    """Compare with a file of golden/; UPDATE_GOLDEN=1 writes it instead."""

    def check(name: str, text: str) -> None:
        path = GOLDEN / name
        if os.environ.get("UPDATE_GOLDEN"):
            path.write_bytes(text.encode())
        assert path.read_bytes().decode() == text

    return check
