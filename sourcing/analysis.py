"""The one place where the stages meet: documents -> annotate -> measure -> report.

The command line, Python and a distributed run all call `analyze_all`; `analyze` is the same for one article.
"""

import traceback
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

import msgspec

from sourcing.errors import InputError, SourcingError, UsageError
from sourcing.records import Annotation, Article, ArticleInfo, Attribution, Elsewhere, Failure, Report
from sourcing.text import count_words, sha256_of


class Corroborator(Protocol):
    """What looks an annotated article up elsewhere: a sourcing.Corpus."""

    def find_elsewhere(self, article: Article, annotation: Annotation) -> Elsewhere:
        """All that it says of the article."""


def analyze(
    article: "Article | str | Mapping[str, Any]",
    *,
    profile: str | Path | None = None,
    select: Sequence[str] = (),
    ignore: Sequence[str] = (),
    min_confidence: float = 0.0,
    with_text: bool = True,
    corpus: "Corroborator | str | Path | None" = None,
) -> Report:
    """Return the sourcing report of one article: its text, a mapping like schemas/article.json, or an Article.

    profile: a profile's name or the path of a TOML file with weights. select, ignore: codes of findings, or their beginnings.
    min_confidence: attributions less probable than this are left out. corpus: a sourcing.Corpus, or the path of
    one, to look the speakers and quotes up in. Raises InputError when there is nothing to read and
    UsageError for an option that makes no sense.

    >>> report = analyze("“We will rebuild the pier,” said Mayor Ruth Ellery.")
    >>> [(s.name, s.class_) for s in report.speakers]
    [('Ruth Ellery', 'named')]
    """
    from sourcing.documents import article_from_mapping, article_from_text

    if isinstance(article, str):
        read: Article | Failure = article_from_text(article, id="text")
    else:
        read = article if isinstance(article, Article) else article_from_mapping(article)
    result = next(
        analyze_all(
            [read],
            profile=profile,
            select=select,
            ignore=ignore,
            min_confidence=min_confidence,
            with_text=with_text,
            corpus=corpus,
        )
    )
    if isinstance(result, Failure):
        raise InputError(result.code, result.input, result.message, result.line)
    return result


def analyze_all(
    items: Iterable[Article | Failure],
    *,
    profile: str | Path | None = None,
    select: Sequence[str] = (),
    ignore: Sequence[str] = (),
    min_confidence: float = 0.0,
    with_text: bool = False,
    corpus: "Corroborator | str | Path | None" = None,
) -> Iterator[Report | Failure]:
    """Yield a report, or the error record that stands in for it, for every item, lazily and in order."""
    from sourcing.annotate import annotate
    from sourcing.findings import check, select_rules
    from sourcing.measure import load_profile, load_reference, measure, score

    if not 0 <= min_confidence <= 1:
        raise UsageError(f"min_confidence must be between 0 and 1, not {min_confidence}")
    weights, reference = load_profile("default" if profile is None else profile), load_reference()
    select_rules(select=select, ignore=ignore)  # a wrong code is a usage error before any work is done
    known = _open(corpus) if isinstance(corpus, str | Path) else corpus
    for item in items:
        if isinstance(item, Failure):
            yield item
            continue
        try:
            annotation = at_least(annotate(item), min_confidence)
            elsewhere = known.find_elsewhere(item, annotation) if known else None
            annotation = with_status(annotation, elsewhere) if elsewhere else annotation
            said = elsewhere.warning if elsewhere else None
            metrics = measure(item, annotation, elsewhere)
            yield Report(
                article=_info(item, annotation, with_text=with_text),
                quotes=annotation.quotes,
                attributions=annotation.attributions,
                speakers=annotation.speakers,
                people=annotation.people,
                metrics=metrics,
                score=score(metrics, profile=weights, reference=reference),
                findings=check(
                    item, annotation, metrics, select=select, ignore=ignore, reference=reference, elsewhere=elsewhere
                ),
                model=annotation.model,
                warnings=(*item.warnings, *annotation.warnings, *((said,) if said else ())),
            )
        except SourcingError:
            raise
        except Exception as error:  # one article must never take the others down
            where = traceback.extract_tb(error.__traceback__)[-1]
            place = f"{Path(where.filename).name}:{where.lineno}"
            message = (
                f"{item.origin or item.id}: could not be analyzed ({type(error).__name__} at {place}); please report it"
            )
            yield Failure(input=item.origin or item.id, code="internal", message=message)


def _open(path: str | Path) -> Corroborator:
    # the package's own name for it: the corpus calls this module, which knows of it only that it is a Corroborator
    from sourcing import Corpus

    return Corpus(path)


def _info(article: Article, annotation: Annotation, *, with_text: bool) -> ArticleInfo:
    return ArticleInfo(
        id=article.id,
        title=article.title,
        outlet=article.outlet,
        author=article.author,
        url=article.url,
        published=article.published,
        language=annotation.language,
        sha256=sha256_of(article.text),
        words=sum(count_words(article.text, e.start, e.end) for e in article.body),
        sentences=len(annotation.sentences),
        body=article.body,
        text=article.text if with_text or article.extracted else msgspec.UNSET,
    )


def with_status(annotation: Annotation, elsewhere: Elsewhere) -> Annotation:
    """The annotation with what a corpus says of each speaker."""
    speakers = tuple(msgspec.structs.replace(s, corpus=elsewhere.speakers.get(s.id)) for s in annotation.speakers)
    return msgspec.structs.replace(annotation, speakers=speakers)


def at_least(annotation: Annotation, confidence: float) -> Annotation:
    """The annotation without attributions that are less probable, and without speakers and credits that hung on them.

    A warning says how many were left out, so that a thin report is not taken for a thin article.
    """
    attributions = tuple(a for a in annotation.attributions if a.confidence >= confidence)
    dropped = len(annotation.attributions) - len(attributions)
    if not dropped:
        return annotation
    ids = {a.id for a in attributions}
    quotes = tuple(
        q if q.attribution is None or q.attribution in ids
        else msgspec.structs.replace(q, role="unattributed", attribution=None, speaker=None)
        for q in annotation.quotes
    )  # fmt: skip
    own: dict[str | None, list[Attribution]] = {}
    for attribution in attributions:
        own.setdefault(attribution.speaker, []).append(attribution)
    spoken = Counter(q.speaker for q in quotes if q.role == "speech")
    speakers = []
    for speaker in annotation.speakers:
        if said := own.get(speaker.id):
            words = sum(count_words(c.text) for a in said for c in a.content)
            places = {a.source.start for a in said if a.source}
            speakers.append(
                msgspec.structs.replace(
                    speaker,
                    mentions=tuple(m for m in speaker.mentions if m.start in places),
                    attributions=len(said),
                    quotes=spoken[speaker.id],
                    words=words,
                )
            )
    warning = f"{dropped} of {len(annotation.attributions)} attributions left out: confidence under {confidence}"
    return msgspec.structs.replace(
        annotation,
        attributions=attributions,
        quotes=quotes,
        speakers=tuple(speakers),
        warnings=(*annotation.warnings, warning),
    )
