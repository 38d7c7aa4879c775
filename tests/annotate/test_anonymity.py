import re

import pytest

from sourcing.annotate.anonymity import find_anonymity
from sourcing.records import Extent, Span


@pytest.mark.parametrize(
    ("text", "granted", "reason"),
    [
        ("An official, who spoke on condition of anonymity because talks go on, said no.", True, "because talks go on"),
        ("An official who asked not to be named said no.", True, None),
        ("An official not authorised to speak publicly said no.", True, "not authorised to speak publicly"),
        ("An official declined to be identified, citing company rules.", True, "citing company rules"),
        ("An official said no. The official spoke on condition of anonymity to discuss private talks.", True,
         "to discuss private talks"),
        ("An official, who did not want to be named because she works there, said no.", True, "because she works there"),
        ("An anonymous official said no.", True, None),
        ("An official said no.", False, None),
        ("An official said the film was named after a dog.", False, None),
    ],
)  # fmt: skip
def test_granted_and_reason(text, granted, reason):
    cut = text.find(". The") + 1 or len(text)
    sentences = [Extent(0, cut)] + ([Extent(cut + 1, len(text))] if cut < len(text) else [])
    mention = Span(0, text.index("official") + 8, text[: text.index("official") + 8])
    cues = [Span(m.start(), m.end(), m.group()) for m in re.finditer("said", text)]
    found = find_anonymity(text, [mention], sentences, cues)
    assert found.granted is granted
    assert found.reason == reason
