"""From any input to articles with their body found: the first stage of the way through the program.

>>> from sourcing.documents import article_from_text
>>> article_from_text("Ida Brandt welcomed the plan.", id="a1").id
'a1'
"""

from sourcing.documents.articles import article_from_mapping, article_from_text, find_fault
from sourcing.documents.folders import count_inputs
from sourcing.documents.html import article_from_html
from sourcing.documents.reading import read, read_bytes
from sourcing.documents.registry import READERS
from sourcing.documents.source import MAX_BYTES

__all__ = [
    "MAX_BYTES",
    "READERS",
    "article_from_html",
    "article_from_mapping",
    "article_from_text",
    "count_inputs",
    "find_fault",
    "read",
    "read_bytes",
]
