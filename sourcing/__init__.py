"""Attribution and sourcing quality of news articles: who speaks, in whose words, and how good that sourcing is.

>>> import sourcing
>>> report = sourcing.analyze("“The ferry is late again,” said Ada Quill, a harbour pilot.")
>>> report.speakers[0].name
'Ada Quill'
"""

from sourcing.analysis import analyze, analyze_all
from sourcing.corpus import Corpus
from sourcing.errors import InputError, ModelError, SourcingError, UsageError
from sourcing.records import Article, Failure, Report

__version__ = "0.1.0"
__all__ = [
    "Article",
    "Corpus",
    "Failure",
    "InputError",
    "ModelError",
    "Report",
    "SourcingError",
    "UsageError",
    "__version__",
    "analyze",
    "analyze_all",
]
