"""The annotator as a spaCy component.

    import spacy
    nlp = spacy.blank("en")
    nlp.add_pipe("sourcing")
    doc = nlp("“It is done,” said Ada Quill.")
    doc._.sourcing.speakers, doc.spans["sourcing.source"]

`doc._.sourcing` is the whole Annotation; the span groups are for displaCy (`spans_key="sourcing"` draws all of them). Without
`doc.user_data["sourcing.body"]` (a list of (start, end)) every non-blank line is taken for a paragraph of the article.
"""

import re

import msgspec
from spacy.language import Language
from spacy.tokens import Doc, Span

from sourcing.annotate.annotate import annotate
from sourcing.records import Annotation, Article, Extent

BODY = "sourcing.body"
KEY = "sourcing.annotation"
GROUPS = ("quote", "content", "cue", "source")
PARAGRAPH = re.compile(r"[^\n]*\S[^\n]*")


@Language.factory(
    "sourcing", assigns=["doc._.sourcing", "doc.spans", "token.is_sent_start"], default_config={"sentences": True}
)
def create_sourcing(nlp: Language, name: str, sentences: bool) -> "Sourcing":
    """Make the component; `sentences`: also set the sentence starts that the annotator
    found, unless a parser has."""
    if not Doc.has_extension("sourcing"):
        Doc.set_extension("sourcing", getter=annotation_of)
    return Sourcing(sentences=sentences)


def annotation_of(doc: Doc) -> Annotation | None:
    """What `doc._.sourcing` gives. The Doc keeps it as plain data, so that it can be serialised."""
    plain = doc.user_data.get(KEY)
    return None if plain is None else msgspec.convert(plain, Annotation)


class Sourcing:
    """Annotates a Doc in place."""

    def __init__(self, *, sentences: bool = True) -> None:
        self.sentences = sentences

    def __call__(self, doc: Doc) -> Doc:
        """Set `doc._.sourcing` and the span groups."""
        given = doc.user_data.get(BODY)
        body = given if given is not None else [m.span() for m in PARAGRAPH.finditer(doc.text)]
        article = Article(id="doc", text=doc.text, body=tuple(Extent(a, b) for a, b in body))
        annotation = annotate(article)
        doc.user_data[KEY] = msgspec.to_builtins(annotation)
        for group, spans in _spans(doc, annotation).items():
            doc.spans[f"sourcing.{group}"] = spans
        doc.spans["sourcing"] = [span for group in GROUPS for span in doc.spans[f"sourcing.{group}"]]
        if self.sentences and not doc.has_annotation("DEP"):  # a parser's sentences stay
            starts = {s.start for s in annotation.sentences}
            for token in doc:
                token.is_sent_start = token.i == 0 or token.idx in starts
        return doc


def _spans(doc: Doc, annotation: Annotation) -> dict[str, list[Span]]:
    found: dict[str, list[Span]] = {group: [] for group in GROUPS}

    def add(group: str, start: int, end: int, label: str) -> None:
        span = doc.char_span(start, end, label=label, alignment_mode="expand")
        if span is not None:
            found[group].append(span)

    for quote in annotation.quotes:
        add("quote", quote.start, quote.end, quote.role)
    for attribution in annotation.attributions:
        for content in attribution.content:
            add("content", content.start, content.end, "content")
        if attribution.cue:
            add("cue", attribution.cue.start, attribution.cue.end, "cue")
        if attribution.source:
            add("source", attribution.source.start, attribution.source.end, "source")
    return found
