"""How many syllables an English word has: textstat's count, each word counted once.

textstat 0.7.8 looks a word up in the CMU Pronouncing Dictionary and hyphenates what it does not find; both are files of
packages, nothing is downloaded. Loading them costs 0.7 s and 79 MB, so it is left until the first word.

>>> [syllables(word) for word in ("cat", "government", "it’s")]
[1, 3, 1]
"""

from functools import lru_cache

KEPT = 20_000  # words remembered: about 2 MB


def syllables(word: str) -> int:
    """Return the number of syllables of one word, at least 1; upper case and the apostrophe's form do not matter."""
    return _count(word.lower().replace("’", "'"))


@lru_cache(maxsize=KEPT)
def _count(word: str) -> int:
    from textstat import textstat

    return max(1, int(textstat.syllable_count(word)))
