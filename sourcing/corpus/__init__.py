"""A corpus: a folder of reports, and what it says about who is met elsewhere.

corpus = sourcing.Corpus("news", create=True)
corpus.add(["2026/"])
corpus.unattested()
"""

from sourcing.corpus.library import Corpus

__all__ = ["Corpus"]
