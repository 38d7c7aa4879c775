r"""Find where a reader thread begins: everything from there on is other people's text.

A marker ("6 Comments", "Leave a reply") counts only when a thread follows it: names on lines of their own with prose
after them, Reply buttons, votes, "3 hours ago". Without a marker the buttons themselves have to give the thread away.

>>> lines = ["The work begins in May.", "2 Comments", "gullwing", "About time it did, if you ask me.", "Reply"]
>>> find_thread(lines, [True, False, False, True, False])
1
"""

import re
from collections.abc import Sequence

# A thread shows itself at once: two of its signs came within 1 to 4 lines after the marker in the real thread at hand
# and in those of tests/documents/test_body.py; a first comment of several paragraphs needs more.
WINDOW = 12
SIGNS = 2

_MARKER = re.compile(
    r"\W*(?:(?:\d[\d,.]*|no|view(?: all)?|show(?: all)?|read(?: all)?|load(?: more)?|add|reader|all|post|write|sort) )*"
    r"(?:comments?|responses?|replies|thoughts)(?: \(?\d[\d,.]*\)?| section| closed| are closed| below)?\W*"
    r"|(?:\d+|one) (?:thoughts?|responses?|comments?|replies) (?:on|to) .*"
    r"|(?:leave|post|add|write|submit) (?:a|your) (?:comment|reply|response|thoughts?)\W*(?:cancel reply)?"
    r"|(?:join|start) the (?:conversation|discussion|debate)\W*|have your say\W*|what do you think\?"
    r"|(?:log in|sign in|register|login) to (?:comment|reply|post|join).*|inline feedbacks?"
    r"|(?:oldest|newest|most voted|top rated|best)(?: (?:first|most voted|comments))*|notify of"
    r"|would love your thoughts.*|your e-?mail address will not be published.*|disqus.*|comments powered by.*",
    re.IGNORECASE,
)
# fmt: off
_BUTTON_WORDS = frozenset((
    "reply", "replies", "like", "likes", "dislike", "upvote", "downvote", "vote", "votes", "point", "points", "report",
    "flag", "permalink", "share", "edit", "edited", "quote", "guest", "view", "hide", "log", "in", "to", "last",
))
# fmt: on
_VOTES = re.compile(r"\(?[+-]?\d{1,4}\)?")
_LETTERS = re.compile(r"[^\W\d_]+")
_AGO = re.compile(
    r".{0,60}\b(?:\d+|an?|one) ?(?:s|sec|second|m|min|minute|h|hour|d|day|w|week|month|mo|y|year)s? ago\W*", re.I
)
_SAYS = re.compile(r"[\w .'’-]{1,40} (?:says|said|wrote)(?: on)?:?(?: .{0,20}\d{4}.{0,20})?", re.IGNORECASE)
_STAMP = re.compile(r".{0,12}\b\d{1,4}\b.{1,20}\bat \d{1,2}[:.]\d\d ?(?:[ap]\.?m\.?)?\W*", re.IGNORECASE)


def find_thread(lines: Sequence[str], prose: Sequence[bool]) -> int | None:
    """Return the index of the line with which a reader thread begins, None when there is none.

    lines: the text's paragraphs. prose: which of them are full sentences; the first of these is the article's, so
    nothing above it begins a thread.
    """
    first = next((i for i, is_prose in enumerate(prose) if is_prose), None)
    if first is None:
        return None
    for i in range(first + 1, len(lines)):
        if is_marker(lines[i]) and _thread_follows(lines, prose, i):
            return i
    return _unmarked(lines, prose, first)


def is_marker(line: str) -> bool:
    """Say whether the line is one that opens or heads a comment section."""
    return len(line) <= 90 and _MARKER.fullmatch(line) is not None


def _thread_follows(lines: Sequence[str], prose: Sequence[bool], marker: int) -> bool:
    """Say whether a thread follows the marker: two signs soon after it, or no more prose at all."""
    signs = 0
    for i in range(marker + 1, min(len(lines), marker + 1 + WINDOW)):
        signs += is_marker(lines[i]) or _is_sign(lines[i]) or _is_name(lines, prose, i)
        if signs >= SIGNS:
            return True
    return not any(prose[marker + 1 :]) if len(lines) - marker <= WINDOW else False


def _unmarked(lines: Sequence[str], prose: Sequence[bool], first: int) -> int | None:
    """Return where a thread without a marker begins: comments that each have a name or a date, and Reply below."""
    heads = [i for i in range(first + 1, len(lines)) if _is_head(lines, prose, i)]
    replies = [i for i in range(first + 1, len(lines)) if _is_reply(lines[i])]
    above = [head for head in heads if replies and head < replies[0]]
    if not above or len(heads) < SIGNS or len(replies) < SIGNS:
        return None
    start = above.pop()  # the comment that has the first Reply begins here, or a line above: a name, then a date
    while above and above[-1] == start - 1:
        start = above.pop()
    return start


def _is_button(line: str) -> bool:
    """Say whether the line is nothing but buttons ("Like · Reply · 2")."""
    words = _LETTERS.findall(line.lower()) if len(line) <= 60 else []
    return bool(words) and line[-1] not in ".!?" and _BUTTON_WORDS.issuperset(words)


def _is_reply(line: str) -> bool:
    """Say whether the line is a Reply button, alone or with others."""
    return _is_button(line) and "reply" in line.lower()


def _is_sign(line: str) -> bool:
    """Say whether the line is thread furniture: a button, a vote, "3 hours ago", "Ann says:"."""
    if len(line) > 90:
        return False
    return _is_button(line) or any(pattern.fullmatch(line) for pattern in (_VOTES, _AGO, _SAYS, _STAMP))


def _is_name(lines: Sequence[str], prose: Sequence[bool], i: int) -> bool:
    """Say whether line i can be a commenter's name: one to three words, no full stop, prose below."""
    line = lines[i]
    below = any(prose[i + 1 : i + 3])
    return below and len(line) <= 40 and not prose[i] and len(line.split()) <= 3 and line[-1] not in '.!?:…,;"”’'


def _is_head(lines: Sequence[str], prose: Sequence[bool], i: int) -> bool:
    """Say whether line i heads a comment: a name, or a name with a date."""
    line = lines[i]
    if len(line) > 90 or _is_button(line):
        return False
    dated = any(pattern.fullmatch(line) for pattern in (_AGO, _SAYS, _STAMP))
    return _is_name(lines, prose, i) or (dated and any(prose[i + 1 : i + 3]))
