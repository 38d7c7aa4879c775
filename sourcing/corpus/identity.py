"""What a comparison of two names says: same or not, by which rule, and in one sentence why.

>>> Decision(same=False, rule="last-names-differ", why="Hansen and Hanson are two last names.").rule
'last-names-differ'
"""

import msgspec


class Decision(msgspec.Struct, frozen=True):
    """Whether two names stand for one person or body.

    same: may they be taken for one; rule: the short name of the rule that decided ("nickname", "suffixes-differ");
    why: one sentence for a reader.
    """

    same: bool
    rule: str
    why: str
