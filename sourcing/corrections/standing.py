"""Which corrections stand: of all to the same thing the latest that was not taken back."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from sourcing.corrections.records import Correction, NotAQuote, Retract, WrongSpeaker, WrongType


@dataclass(frozen=True)
class Standing:
    """statements: by attribution or quote. speakers: by speaker."""

    statements: dict[str, WrongSpeaker | NotAQuote] = field(default_factory=dict)
    speakers: dict[str, WrongType] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.statements) + len(self.speakers)

    def strikes(self, target: str) -> bool:
        """Whether nobody says what stands at an attribution or quote."""
        return isinstance(self.statements.get(target), NotAQuote)


def standing(corrections: Iterable[Correction]) -> Standing:
    """Return the corrections in force, of all in the order in which they were made."""
    made = list(corrections)
    taken_back = {c.correction for c in made if isinstance(c, Retract)}
    found = Standing()
    for correction in made:
        if isinstance(correction, Retract) or correction.id in taken_back:
            continue
        if isinstance(correction, WrongType):
            found.speakers[correction.speaker] = correction
        else:
            found.statements[correction.target] = correction
    return found
