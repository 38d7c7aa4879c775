"""Is the article in English? The model reads nothing else well, so another language earns a warning, and a report.

py3langid judges the text; a declared language is not trusted over it, since pages copy their templates' tags.
"""

import re

from sourcing.records import Article

SAMPLE = 2000  # characters of the body that are looked at
ENOUGH = 60  # characters under which nothing is said: the detector errs on short texts


def language_of(article: Article) -> tuple[str, tuple[str, ...]]:
    """Return the ISO 639-1 code and, where it is not "en", a warning. A text too short to tell counts as English."""
    sample = " ".join(article.text[e.start : min(e.end, e.start + SAMPLE)] for e in article.body[:12])[:SAMPLE]
    if len(sample) < ENOUGH:
        declared = re.split(r"[-_]", article.language or "")[0].lower()
        return (declared if re.fullmatch("[a-z]{2}", declared) else "en"), ()
    from py3langid import classify

    code = str(classify(sample)[0])
    if code == "en":
        return code, ()
    return code, (
        f"the text looks like {code!r}, not English: the annotator was trained on English and will miss much",
    )
