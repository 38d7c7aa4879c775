"""What an editor can say against a report: four kinds of correction, field for field schemas/correction.json.

A correction names what it corrects by the ids of the model's report ("a3", "q4", "s2"), never by those of a corrected one; so what
it means does not depend on the corrections before it.

>>> import msgspec
>>> msgspec.json.decode('{"kind": "speaker", "target": "a3", "speaker": "s2"}', type=Correction).target
'a3'
"""

import msgspec

from sourcing.errors import UsageError
from sourcing.records import SpeakerType


class CorrectionError(UsageError):
    """A correction, or the report it is made to, makes no sense.

    code: a stable word for scripts. pointer: a JSON pointer (RFC 6901) into the correction, or into the report.
    """

    def __init__(self, code: str, pointer: str, message: str) -> None:
        super().__init__(message)
        self.code, self.pointer = code, pointer


class NewSpeaker(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A speaker whom the report does not have. name: the fullest form without honorifics; None for an anonymous type.

    Two with the same name and type are one speaker, and so is one whom the report has under that name and type after all. Two
    without a name are two.
    """

    name: str | None = None
    type: SpeakerType


class _Kept(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", forbid_unknown_fields=True):
    """What all corrections have. id ("c1", "c2" ... within an article) and time (ISO 8601, UTC) are given when it is kept.

    editor: who says so. note: why.
    """

    id: str = ""
    time: str = ""
    editor: str | None = None
    note: str | None = None


class WrongSpeaker(_Kept, tag="speaker", frozen=True):
    """Somebody else says this. target: an attribution, or a quote without one. speaker: of the report, a new one, or nobody."""

    target: str
    speaker: str | NewSpeaker | None


class WrongType(_Kept, tag="type", frozen=True):
    """A speaker is of another type, from which the class follows. name: the right one, where the report's does not do."""

    speaker: str
    type: SpeakerType
    name: str | None = None


class NotAQuote(_Kept, tag="not_a_quote", frozen=True):
    """Nobody says this. target: an attribution (which is none), or a quote (whose words are nobody's speech)."""

    target: str


class Retract(_Kept, tag="retract", frozen=True):
    """An earlier correction is taken back; whatever stood before it stands again."""

    correction: str


Correction = WrongSpeaker | WrongType | NotAQuote | Retract
