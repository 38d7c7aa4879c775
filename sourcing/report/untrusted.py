"""Article text, titles and file names are never trusted: what may leave the program, and in what dress.

A headline can carry an escape sequence that repaints the reader's terminal, an override that turns text round, or a
formula that a spreadsheet would run. Every output passes such text through here first.

>>> visible("a\\x1b[31mb")
'a␛[31mb'
>>> one_line(" two\\n lines ")
'two lines'
"""

import re
from urllib.parse import urlsplit

_C0 = {code: 0x2400 + code for code in range(0x20) if code not in (0x09, 0x0A)}
_C1 = dict.fromkeys(range(0x80, 0xA0), 0xFFFD)
# Embeddings, overrides and isolates reorder what is read ("Trojan Source", CVE-2021-42574); plain marks do not.
_BIDI = dict.fromkeys((*range(0x202A, 0x202F), *range(0x2066, 0x206A)), 0xFFFD)
_LINES = dict.fromkeys((0x2028, 0x2029), 0x0A)
_SURROGATES = dict.fromkeys(range(0xD800, 0xE000), 0xFFFD)
_VISIBLE = {**_C0, 0x7F: 0x2421, **_C1, **_BIDI, **_LINES, **_SURROGATES}

# Every run that could hold such a character; most texts hold none, and a search is faster than a translation.
_SUSPECT = re.compile("[\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f\\u2028-\\u202e\\u2066-\\u2069\\ud800-\\udfff]")


def visible(text: str) -> str:
    """Return `text`, code point for code point, with control, reordering and broken characters made visible signs.

    Tabs and line feeds stay. A carriage return before a line feed becomes a space, so that offsets hold.
    """
    return text.replace("\r\n", " \n").translate(_VISIBLE) if _SUSPECT.search(text) else text


def one_line(text: str) -> str:
    """Return `text` made visible, with every run of white space one space."""
    return " ".join(visible(text).split())


def shorten(text: str, limit: int) -> str:
    """Return `text` on one line and, if longer than `limit` code points, cut at a word and ended with an ellipsis."""
    line = one_line(text)
    if len(line) <= limit:
        return line
    cut = line[: limit - 1]
    return (cut.rsplit(" ", 1)[0] if " " in cut[limit // 2 :] else cut).rstrip(" ,;:") + "…"


def web_address(url: str | None) -> str | None:
    """Return `url` if it is a plain http or https address, else None: no `javascript:`, `data:` or `file:` link.

    >>> web_address("javascript:alert(1)"), web_address("https://example.org/a")
    (None, 'https://example.org/a')
    """
    if url is None or _SUSPECT.search(url) or any(sign.isspace() for sign in url):
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme in ("http", "https") and parts.netloc else None
