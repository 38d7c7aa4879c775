"""measure: an annotated article in, its metrics and its score out.

    metrics = measure(article, annotation)
    result = score(metrics, profile=load_profile(), reference=load_reference())

Formulas and sources of every figure: docs/metrics.md.
"""

from sourcing.measure.anonymity import anonymity
from sourcing.measure.attribution import attribution
from sourcing.measure.components import COMPONENT_NAMES
from sourcing.measure.concentration import concentration
from sourcing.measure.corroboration import corroboration
from sourcing.measure.distribution import Distribution, Reference, build_reference, load_reference
from sourcing.measure.passages import Passages
from sourcing.measure.profile import Profile, load_profile, profile_names
from sourcing.measure.readability import readability
from sourcing.measure.score import score
from sourcing.measure.sources import sources
from sourcing.records import Annotation, Article, Elsewhere, Metrics

__all__ = [
    "COMPONENT_NAMES",
    "Distribution",
    "Profile",
    "Reference",
    "build_reference",
    "corroboration",
    "load_profile",
    "load_reference",
    "measure",
    "profile_names",
    "score",
]


def measure(article: Article, annotation: Annotation, elsewhere: Elsewhere | None = None) -> Metrics:
    """Return every figure of one article, counted on its body alone; time grows linearly with its length.

    elsewhere: what a corpus says of it, if one was asked.
    """
    passages = Passages(article, annotation)
    return Metrics(
        attribution=attribution(passages),
        sources=sources(passages),
        anonymity=anonymity(passages),
        concentration=concentration(passages),
        corroboration=corroboration(elsewhere),
        readability=readability(passages),
    )
