"""The fast ways of adding give what the plain ones do: words, phrases of quotes, keys of names."""

import os
import signal
import subprocess
import sys
import tempfile
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import sourcing
from sourcing.corpus import person_names, phrases
from sourcing.corpus.copies import WORD, words_of
from sourcing.corpus.person_names import stored_key
from sourcing.corpus.phrases import SHORTEST_QUOTE, phrases_of, phrases_of_all
from sourcing.errors import UsageError

TEXTS = st.text(st.one_of(st.sampled_from("abAZ09_ .,'“”’—–…\nßéÉΣİ一😀\ud800\u0345"), st.characters()), max_size=80)
LONG = "w" * 64  # longer than the tables are
KEPT = [-968064773, -822798054, -138910064, 495145763, 602791212, 856464258, 1711341999, 1994650673]
ADD = """
import sys
from sourcing import Corpus

if __name__ == "__main__":
    Corpus(sys.argv[1], create=True).add(sys.argv[2:], workers=2, derive=False)
"""


@given(TEXTS)
def test_words(text):
    assert words_of(text) == WORD.findall(text.lower())


@pytest.mark.parametrize("character", [chr(n) for n in range(256)])
def test_words_beside_each_character(character):
    for text in (character, f"ab{character}Cd", f"“{character}’x"):
        assert words_of(text) == WORD.findall(text.lower())


@settings(deadline=None)
@given(st.lists(st.lists(st.sampled_from(["a", "bb", "été", "一二", "w" * 63, LONG, "y" * 300, "the"]), min_size=6)))
def test_phrases_of_many_quotes_are_those_of_each(quotes):
    keys, there = phrases_of_all(quotes)
    found = [row[have].tolist() for row, have in zip(keys, there, strict=True)]
    assert found == [phrases_of(" ".join(words)) for words in quotes]


def test_phrases_stay_what_they_were():
    """Corpora hold them."""
    said = "“We have crossed here for forty winters without a day lost,”"
    assert phrases_of(said) == KEPT
    assert phrases_of("one two three four five") == []
    assert len(words_of(said)) > SHORTEST_QUOTE


def test_the_words_that_are_kept_are_bounded(monkeypatch):
    monkeypatch.setattr(phrases, "MOST_WORDS", 10)
    phrases._WORDS.clear()
    quotes = [[f"w{n + k}" for n in range(12)] for k in range(50)]
    keys, there = phrases_of_all(quotes)
    assert [row[have].tolist() for row, have in zip(keys, there, strict=True)] == [
        phrases_of(" ".join(q)) for q in quotes
    ]
    assert len(phrases._WORDS) <= 10


@pytest.mark.parametrize(
    "name",
    "Ada Quill|ADA QUILL|Ada  Quill|A. Quill|Dr. Quill|Xi Jinping|Jinping Xi|Kim Lee|Abdul Rahman|Van Halen|Ada van|Müller Ada|"
    "Jr Quill|Ada Jr|Sheikh Hasina|Mc Donald|O Brien|Quill|Ada Bea Quill|Muhammad Farouq|Gen Quill|President Quill".split(
        "|"
    ),
)
def test_keys_of_simple_names_are_those_of_any(name):
    assert stored_key(name) == person_names._stored_key(name)


@given(
    st.lists(
        st.sampled_from("Ada Bernie Quill Xi Kim Sheikh Abdul Van Jr Lord Said Min Park A. Q".split()),
        min_size=1,
        max_size=3,
    )
)
def test_keys_of_drawn_names(words):
    assert stored_key(" ".join(words)) == person_names._stored_key(" ".join(words))


def test_workers_leave_no_files(tmp_path, many, monkeypatch):
    """Neither a run that ends well nor one that is killed."""
    place = tmp_path / "tmp"
    place.mkdir()
    run = [sys.executable, "-c", ADD, str(tmp_path / "c"), *[str(many)] * 4]
    child = subprocess.Popen(run, env={**os.environ, "TMPDIR": str(place)})
    until = time.monotonic() + 60
    while not any(place.glob("*/*")) and time.monotonic() < until:
        time.sleep(0.01)
    assert any(place.glob("*/*"))
    os.kill(child.pid, signal.SIGKILL)
    child.wait()
    while any(place.iterdir()) and time.monotonic() < until:
        time.sleep(0.1)
    assert not any(place.iterdir())
    monkeypatch.setattr(tempfile, "tempdir", str(place))
    corpus = sourcing.Corpus(tmp_path / "c", create=True)
    corpus.add([many], workers=2)
    assert corpus.info().articles == 3000
    assert corpus.verify() == []
    assert not any(place.iterdir())


def test_no_room_for_the_rows_is_one_clear_error(tmp_path, many, monkeypatch):
    monkeypatch.setattr("sourcing.corpus.ingest.mkdtemp", lambda prefix: str(tmp_path / "nowhere"))
    with pytest.raises(UsageError, match="TMPDIR"):
        sourcing.Corpus(tmp_path / "c", create=True).add([many], workers=2)
