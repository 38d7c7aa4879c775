"""The wording of what stands around an article on a web page: buttons, pleas, credits, notices.

A rule alone decides nothing; body.py adds up the weights. Only short lines are looked at, so that an article *about*
cookies or newsletters is safe. The wording is English; what body.py reads off form and position is not.

>>> [rule for rule, weight in wording("Sign up for our newsletter")]
['plea', 'plea object', 'addresses the reader']
>>> wording("The council voted on Tuesday.")
()
"""

import re

from sourcing.text import count_words

# The longest of the 80 lines put out of the 840 PolNeAR train articles has 19 words; cookie notices are longer.
MOST_WORDS = 60
MOST_CHARACTERS = 600

QUOTE_MARKS = frozenset('"“”„«»‹›‘「」『』')

# fmt: off
_BUTTONS = frozenset((
    "share", "tweet", "pin", "email", "e-mail", "print", "save", "copy", "link", "reply", "like", "facebook",
    "twitter", "whatsapp", "telegram", "linkedin", "reddit", "pinterest", "flipboard", "messenger", "instagram",
    "youtube", "tiktok", "threads", "bluesky", "x", "vk", "menu", "search", "login", "register", "home", "next",
    "previous", "comment", "comments", "follow", "subscribe", "on", "via", "to", "with", "this", "article", "page",
    "story", "post", "by", "more",
))
# fmt: on
_VERB = (
    r"(?:support|subscribe|donate|contribute|join|follow|like|help|buy|register|get|receive|download|try|enter|give)"
)
_PUBLISHERS = r"(?:getty(?: images)?|ap|ap photo|afp|reuters|epa|shutterstock|istock|alamy|bloomberg|wikimedia|flickr)"

# name, weight, longest line in words, pattern. A weight of 3 is enough to put the line out, wherever it stands.
_RULES: tuple[tuple[str, int, int, re.Pattern[str]], ...] = tuple(
    (name, weight, words, re.compile(pattern, re.IGNORECASE))
    for name, weight, words, pattern in (
        ("figures only", 0, 6, r"(?=\D*\d)[\W\d_]+(?<![.!?])$"),
        (
            "advertisement",
            3,
            4,
            r"\W*(?:advertisements?|advertising|sponsored(?: content)?|promoted|story continues below.*)\W*$",
        ),
        (
            "link to more",
            3,
            25,
            r"\W*(?:read|see|watch|learn|show|load|view|find out|more|also)\s*(?:more|also|all|next|now|related)?"
            r"(?: (?:on this|stories|articles|comments|news|posts|videos|here|below))?\s*(?::|»|›|→|>|\.\.\.|…|$)",
        ),
        (
            "link to more",
            3,
            8,
            r"\W*(?:continue reading|keep reading|read (?:full|the (?:full|whole)) (?:story|article)|related"
            r"(?: (?:stories|articles|news|posts|topics|content|reading|coverage))?|most (?:read|popular|viewed)"
            r"|trending(?: now)?|recommended(?: for you)?|you (?:may|might) (?:also )?(?:like|be interested in)|up next"
            r"|more (?:from|in|on) \w.*|editors?['’]? picks?|don['’]t miss|latest (?:news|stories|headlines)"
            r"|back to top|in this article|tags?|topics?|filed under|skip to (?:main )?content)\W*(?::.*)?$",
        ),
        ("click here", 3, 25, r"\W*(?:click|tap|press) (?:here|to|on|the|below|above|this)\b"),
        ("click here", 2, 25, r".*\b(?:click|tap) here\b"),
        (
            "photo credit",
            3,
            40,
            r"\W*(?:click|tap) to (?:see|enlarge|view|expand)\b|enlarge (?:this )?image\b"
            r"|image (?:source|caption|credit)\b"
            r"|\(?(?:photo|image|picture|graphic|illustration|file photo|photograph|(?:photo |picture )?credit)s?"
            r"(?: (?:credit|by|courtesy(?: of)?|from|via))?\s*[:|/]",
        ),
        ("photo credit", 3, 40, rf".*(?:/|\bvia |\(|©\s?){_PUBLISHERS}(?:/[\w .]+)?[).]*$"),
        ("photo credit", 3, 4, rf"\W*{_PUBLISHERS}\W*$"),
        (
            "rights notice",
            3,
            40,
            r"\W*(?:©|\(c\) ?\d{4}|copyright (?:©|\(c\)|\d{4}))|.*\ball rights reserved\b"
            r"|.*\bmay not be (?:published|reproduced)\b.*\b(?:broadcast|redistributed|permission)\b",
        ),
        ("rights notice", 2, 12, r".*\b(?:terms of (?:use|service)|privacy policy|cookie (?:policy|settings))\b"),
        (
            "cookie notice",
            2,
            60,
            r".*\bcookies?\b.*\b(?:consent|accept|agree|browser|experience|preferences|website|site)\b"
            r"|.*\b(?:accept|manage|reject) (?:all )?cookies\b",
        ),
        (
            "account",
            2,
            15,
            r"\W*(?:sign in|log in|log out|sign out|create (?:an|your) account|already (?:a subscriber|have an account)"
            r"|forgot(?:ten)? (?:your )?password|enter your e-?mail|notify of|skip to)\b",
        ),
        (
            "date line",
            2,
            14,
            r"\W*(?:(?:first )?(?:published|updated|posted|last (?:modified|updated))\b.{0,40}\d|(?:\w{3,9},? )?"
            r"(?:\d{1,2} )?(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.? (?:\d{1,2},? )?\d{4}\b.{0,30}$"
            r"|\d{4}-\d\d-\d\d\b.{0,30}$|\d{1,2}[./]\d{1,2}[./]\d{2,4}\b.{0,30}$|\d+ min(?:ute)?s? read)",
        ),
        ("plea", 1, 30, rf"\W*(?:please )?{_VERB}\b|.*\b(?:sign up|subscribe|unsubscribe|donate)\b"),
    )
)
_PLEA_OBJECT = re.compile(
    r"\b(?:newsletters?|inbox|e-?mails?|podcasts?|channel|app|journalism|donations?|subscriptions?|alerts|free trial"
    r"|account|twitter|facebook|instagram|telegram|youtube|patreon|paypal|fundrais\w+|membership)\b|@\w",
    re.IGNORECASE,
)
_READER = re.compile(r"\b(?:you|your|us|our|here)\b", re.IGNORECASE)
_BYLINE = re.compile(
    r"(?:by|BY|By)[ :]+(?!the\b|The\b)[A-Z][\w.'’-]*(?: (?:[a-z]{1,3} )?[A-Z][\w.'’-]*){1,4}"
    r"(?:(?:,| and| AND| \||\s[–—-]) .{1,60})?"
)
_WORD = re.compile(r"[\w-]+")


def wording(line: str) -> tuple[tuple[str, int], ...]:
    """Return (rule, weight) for each rule whose wording the stripped line has; nothing for long lines."""
    if len(line) > MOST_CHARACTERS:
        return ()
    words = count_words(line)
    if words > MOST_WORDS:
        return ()
    line = " ".join(line.split())
    found: dict[str, int] = {}
    for name, weight, most, pattern in _RULES:
        if words <= most and pattern.match(line):
            found[name] = max(weight, found.get(name, 0))
    if words <= 6 and words and line[-1] not in ".!?" and all(word.lower() in _BUTTONS for word in _WORD.findall(line)):
        found["button"] = 3
    if "plea" in found:
        if _PLEA_OBJECT.search(line):
            found["plea object"] = 1
        if _READER.search(line):
            found["addresses the reader"] = 1
    return tuple(found.items())


def is_byline(line: str) -> bool:
    """Say whether the line is a lone byline ("By Nora Vale, City Desk")."""
    return len(line) <= 120 and line[-1] not in ".!?" and _BYLINE.fullmatch(line) is not None
