"""Was anonymity granted or sought, and what reason does the article state?

The formulas are few and fixed, because stylebooks prescribe them (AP and Reuters: say that the source asked not to be named,
and why), so a rule reads them.
"""

import re
from bisect import bisect_right
from collections.abc import Sequence

from sourcing.records import Anonymity, Extent, Span

GRANTED = re.compile(
    r"(?i)\b(?:(?:on|under)\s+(?:the\s+)?(?:strict\s+)?condition\s+(?:of|that)\b[^.;]{0,60}?(?:anonym\w+|not\s+be\s+\w+|remain\w*\s+unnamed)"
    r"|(?:anonymity|anonymously|not\s+for\s+attribution)\b"
    r"|(?:asked|wished|wanted|preferred|requested|chose|insisted)\s+(?:not|never)\s+to\s+be\s+(?:named|identified|quoted\s+by\s+name)"
    r"|(?:did|does|do)\s*(?:not|n['’]t)\s+(?:want|wish)\s+to\s+be\s+(?:named|identified|quoted\s+by\s+name)"
    r"|(?:asked|requested|insisted)\s+that\s+(?:\w+\s+){1,4}not\s+be\s+(?:used|named|published|identified|disclosed)"
    r"|declin\w+\s+to\s+be\s+(?:named|identified)|refus\w+\s+to\s+be\s+(?:named|identified)"
    r"|not\s+(?:being\s+)?(?:authori[sz]ed|permitted|allowed|cleared)\s+to\s+(?:speak|talk|comment|discuss|brief|disclose)[^.;,—”\"]*"
    r"|(?:name|names|identity|identities)\s+(?:has|have|is|are|was|were)\s+(?:being\s+|been\s+)?(?:withheld|changed)"
    r"|speak(?:ing)?\s+(?:\w+\s+)?(?:anonymously|on\s+background))"
)
REASON = re.compile(
    r"(?i)\b(because|since|as\s+(?=(?:he|she|they|the|it|not)\b)|citing|for\s+fear|fearing|out\s+of|due\s+to|owing\s+to|"
    r"in\s+order\s+to|to\s+(?=(?:discuss|speak|describe|talk|protect|avoid|share|be\s+(?:candid|frank)))|lest|after\s+being\s+told)\b"
)
UNAUTHORISED = re.compile(r"(?i)\bnot\s+(?:being\s+)?(?:authori[sz]ed|permitted|allowed|cleared)\s+to\b[^.;—”\"]*")
LONGEST_REASON = 200


def find_anonymity(
    text: str, mentions: Sequence[Span], sentences: Sequence[Extent], cues: Sequence[Span] = ()
) -> Anonymity:
    """Look at the sentences of an anonymous speaker's mentions, and at the next one when it speaks of the same source.

    `cues`, in order, are the article's cues: a reason ends where the next "said" begins.
    """
    granted, reason = False, None
    read: set[int] = set()
    for mention in mentions:
        if re.match(r"(?i)(?:\w+\s+){0,2}anonymous", mention.text):
            granted = True
        k = bisect_right(sentences, mention.start, key=lambda s: s.start) - 1
        if k < 0 or k in read:
            continue
        read.add(k)
        bounds = [sentences[k]]
        if k + 1 < len(sentences) and re.match(
            r"(?i)\s*(?:the\s+(?:\w+\s+)?(?:official|source|person|people|adviser|advisor|officer)\w*|he|she|they|both|all)\b",
            text[sentences[k + 1].start : sentences[k + 1].end],
        ):
            bounds.append(sentences[k + 1])
        for sentence in bounds:
            passage = text[sentence.start : sentence.end]
            match = GRANTED.search(passage)
            if match:
                granted = True
                after = bisect_right(cues, sentence.start + match.start(), key=lambda c: c.start)
                stop = cues[after].start - sentence.start if after < len(cues) else len(passage)
                reason = reason or _reason(passage[:stop], match)
    return Anonymity(granted, reason)


def _reason(passage: str, match: re.Match[str]) -> str | None:
    barred = UNAUTHORISED.search(passage)
    after = REASON.search(passage, match.end())
    if after:
        stated = re.split(r"[.;—”\"]\s|[.;]$", passage[after.start() :])[0]
    elif barred:
        stated = barred.group()
    else:
        return None
    return stated.strip(" ,.")[:LONGEST_REASON] or None
