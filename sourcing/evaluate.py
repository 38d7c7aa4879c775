"""Score reports against a gold standard: the figures of docs/annotator.md, for anybody's gold in the same format.

Gold is JSON Lines: `id, text, attributions[]`, an attribution with `source, cue, content` (lists of [start, end] code points)
and, where judged, `type` and `canonical`. Figures are precision, recall and F1, or a share with its count:

  token.ROLE          words inside content, cue, source
  span.ROLE           exact spans of words; span.ROLE.overlap: spans that share a word
  attribution         contents that match one to one (intersection over union of their words at least 0.5)
  attribution+source  ... and whose sources share a word, or are both missing
  speech              double-quoted passages: somebody's speech, or not
  speech.speaker      gold speech: found, with the right class of speaker and, for a named person, the right name
  class, class.CLASS  speaker class over matched attributions; name: the full name, where the gold speaker is a named person
  end_to_end          gold attributions matched with right class and name
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from sourcing.records import CLASS_OF_TYPE
from sourcing.text import word_spans

ROLES = ("content", "cue", "source")
CLASSES = ("named", "anonymous", "institutional")
HALF = 0.5
UNCOUNTED = frozenset(
    "mr mrs ms miss dr prof sen rep gov gen col lt sgt maj capt rev sir dame lord lady president senator governor secretary "
    "congressman congresswoman professor general judge justice jr sr ii iii iv".split()
)  # forms of address do not make two names different
Words = frozenset[int]
Figures = dict[str, Any]


class Item(NamedTuple):
    """An attribution as sets of word numbers, with its speaker's class and name."""

    content: Words
    cue: Words
    source: Words
    speaker: str | None
    name: str | None


class Pairing(NamedTuple):
    """An article's words as offsets, its attributions on both sides, and `pairs[n of golden] = n of found`."""

    words: list[tuple[int, int]]
    golden: list[Item]
    found: list[Item]
    pairs: dict[int, int]


class Passage(NamedTuple):
    """A double-quoted passage; `owner` is None unless gold has it for speech, `quote` unless the report has."""

    start: int
    end: int
    owner: int | None
    quote: Mapping[str, Any] | None


class Tally:
    """Counts that add up over articles: `hits[key] = [right, predicted, gold]`, `shares[key] = [right, of]`."""

    def __init__(self) -> None:
        self.hits: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
        self.shares: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0])

    def hit(self, key: str, right: int, predicted: int, gold: int) -> None:
        """Add to a figure of precision and recall."""
        for n, value in enumerate((right, predicted, gold)):
            self.hits[key][n] += value

    def share(self, key: str, right: bool) -> None:
        """Add one case to a share."""
        self.shares[key][0] += right
        self.shares[key][1] += 1


def evaluate(gold: Iterable[Mapping[str, Any]], reports: Mapping[str, Mapping[str, Any]]) -> Figures:
    """Return all figures. `reports` are plain dicts (Report.to_dict) by article id; a missing one counts as empty."""
    tally = Tally()
    articles = missing = 0
    for article in gold:
        articles += 1
        missing += article["id"] not in reports
        score_article(article, reports.get(article["id"], {}), tally)
    out: Figures = {"articles": articles, "missing": missing}
    for key in (
        *(f"token.{r}" for r in ROLES),
        "span.cue",
        "span.source",
        "attribution",
        "attribution+source",
        "speech",
    ):
        out[key] = _prf(*tally.hits[key])
    for role in ("cue", "source"):
        right, predicted, _ = tally.hits[f"overlap.{role}"]
        found, gold_spans = tally.shares[f"overlap.{role}"]
        out[f"span.{role}.overlap"] = _f1(right / max(1, predicted), found / max(1, gold_spans))
    for key in ("speech.speaker", "class", "name", "end_to_end"):
        right, of = tally.shares[key]
        out[key] = {"share": round(right / of, 4) if of else None, "of": of}
    for name in CLASSES:
        out[f"class.{name}"] = _prf(*tally.hits[f"class.{name}"])
    return out


def pair_up(gold: Mapping[str, Any], report: Mapping[str, Any]) -> Pairing:
    """Match an article's attributions with gold's, one to one."""
    words = list(word_spans(gold["text"]))
    speakers = {s["id"]: s for s in report.get("speakers", [])}
    golden = [_gold_item(a, words) for a in gold["attributions"]]
    found = [_found_item(a, words, speakers) for a in report.get("attributions", [])]
    return Pairing(words, golden, found, dict(_match(golden, found)))


def judge_attributions(gold: Mapping[str, Any], report: Mapping[str, Any]) -> list[tuple[float, bool]]:
    """Each predicted attribution's confidence, and whether the gold standard has it."""
    right = set(pair_up(gold, report).pairs.values())
    return [(a["confidence"], n in right) for n, a in enumerate(report["attributions"])]


def judge_passages(text: str, pairing: Pairing, report: Mapping[str, Any]) -> Iterator[Passage]:
    """The double-quoted passages that hold words: whose speech each is in gold (a number of `golden`) and in the report."""
    words, golden = pairing.words, pairing.golden
    spoken = [(covered(words, [(q["start"], q["end"])]), q) for q in report.get("quotes", []) if q["role"] == "speech"]
    for start, end in double_quoted(text):
        inside = covered(words, [(start, end)])
        if not inside:
            continue
        # Of equals, the last owner.
        owner = max(reversed(range(len(golden))), key=lambda n: len(inside & golden[n].content), default=None)
        is_speech = owner is not None and len(inside & golden[owner].content) >= HALF * len(inside)
        shares = [(len(inside & s) / len(inside), q) for s, q in reversed(spoken)]
        cover, quote = max(shares, key=lambda x: x[0], default=(0.0, None))
        yield Passage(start, end, owner if is_speech else None, quote if cover >= HALF else None)


def score_article(gold: Mapping[str, Any], report: Mapping[str, Any], tally: Tally) -> None:
    """Add one article's counts."""
    pairing = pair_up(gold, report)
    _, golden, found, pairs = pairing
    for role in ROLES:
        ours, theirs = _union(getattr(f, role) for f in found), _union(getattr(g, role) for g in golden)
        tally.hit(f"token.{role}", len(ours & theirs), len(ours), len(theirs))
    for role in ("cue", "source"):
        _score_spans(
            role, {s for g in golden if (s := getattr(g, role))}, {s for f in found if (s := getattr(f, role))}, tally
        )
    sourced = sum(same_source(golden[g], found[f]) for g, f in pairs.items())
    tally.hit("attribution", len(pairs), len(found), len(golden))
    tally.hit("attribution+source", sourced, len(found), len(golden))
    for number, item in enumerate(golden):
        if item.speaker:
            _score_speaker(item, found[pairs[number]] if number in pairs else None, tally)
    _score_speech(gold["text"], pairing, report, tally)


def _gold_item(plain: Mapping[str, Any], words: list[tuple[int, int]]) -> Item:
    content, cue, source = (covered(words, [(a, b) for a, b in plain[role]]) for role in ROLES)
    classes = {str(kind): str(name) for kind, name in CLASS_OF_TYPE.items()}
    return Item(content, cue, source, classes.get(str(plain.get("type"))), plain.get("canonical"))


def _found_item(plain: Mapping[str, Any], words: list[tuple[int, int]], speakers: Mapping[str, Any]) -> Item:
    speaker = speakers.get(plain.get("speaker") or "") or {}
    content, cue, source = (covered(words, found_spans(plain, role)) for role in ROLES)
    return Item(content, cue, source, speaker.get("class"), speaker.get("name"))


def found_spans(plain: Mapping[str, Any], role: str) -> list[tuple[int, int]]:
    """A role's spans in an attribution of a report: content is a list, cue and source one span or None."""
    value = plain.get(role) or []
    return [(p["start"], p["end"]) for p in (value if isinstance(value, list) else [value])]


def covered(words: list[tuple[int, int]], spans: Iterable[tuple[int, int]]) -> Words:
    """Numbers of the words that the spans touch. Words are in order, so each span is a range found by bisection."""
    from bisect import bisect_left, bisect_right

    out: set[int] = set()
    for start, end in spans:
        out.update(range(bisect_right(words, start, key=lambda w: w[1]), bisect_left(words, end, key=lambda w: w[0])))
    return frozenset(out)


def _union(sets: Iterable[Words]) -> Words:
    return frozenset().union(*sets)


def overlap(one: Words, other: Words) -> float:
    """Intersection over union."""
    shared = len(one & other)
    return shared / len(one | other) if shared else 0.0


def same_source(gold: Item, found: Item) -> bool:
    """The sources share a word, or both are missing."""
    return bool(gold.source & found.source) or not (gold.source or found.source)


def _match(golden: list[Item], found: list[Item]) -> Iterator[tuple[int, int]]:
    """Pair contents one to one, best overlap first."""
    candidates = []
    for g, gold in enumerate(golden):
        for f, ours in enumerate(found):
            if share := overlap(gold.content, ours.content):
                candidates.append((share, g, f))
    used_gold: set[int] = set()
    used_found: set[int] = set()
    for share, g, f in sorted(candidates, reverse=True):
        if share >= HALF and g not in used_gold and f not in used_found:
            used_gold.add(g)
            used_found.add(f)
            yield g, f


def _score_spans(role: str, golden: set[Words], found: set[Words], tally: Tally) -> None:
    tally.hit(f"span.{role}", len(golden & found), len(found), len(golden))
    all_gold, all_found = _union(golden), _union(found)
    tally.hit(f"overlap.{role}", sum(bool(s & all_gold) for s in found), len(found), 0)
    for span in golden:
        tally.share(f"overlap.{role}", bool(span & all_found))


def _score_speaker(gold: Item, found: Item | None, tally: Tally) -> None:
    key = f"class.{gold.speaker}"
    tally.hit(key, 0, 0, found is not None)
    if found is None:
        tally.share("end_to_end", False)
        return
    right = found.speaker == gold.speaker
    tally.share("class", right)
    tally.hit(key, right, 0, 0)
    if found.speaker:
        tally.hit(f"class.{found.speaker}", 0, 1, 0)
    named = gold.speaker != "named" or same_name(gold.name, found.name)
    if gold.speaker == "named":
        tally.share("name", named)
    tally.share("end_to_end", right and named)


def _score_speech(text: str, pairing: Pairing, report: Mapping[str, Any], tally: Tally) -> None:
    speakers = {s["id"]: s for s in report.get("speakers", [])}
    for passage in judge_passages(text, pairing, report):
        owner = None if passage.owner is None else pairing.golden[passage.owner]
        said = passage.quote is not None
        tally.hit("speech", said and owner is not None, said, owner is not None)
        if owner and owner.speaker:
            speaker = (speakers.get(passage.quote["speaker"]) or {}) if passage.quote else {}
            named = owner.speaker != "named" or same_name(owner.name, speaker.get("name"))
            tally.share("speech.speaker", said and speaker.get("class") == owner.speaker and named)


def double_quoted(text: str) -> Iterator[tuple[int, int]]:
    """Passages in double quotes of over 3 characters, paragraph by paragraph; an unclosed one runs to its paragraph's end,
    and is left out in a last line without a line break."""
    for paragraph in re.finditer(r"[^\n]+", text):
        start: int | None = None
        for mark in re.finditer(r"[“”\"]", paragraph.group()):
            opens = mark.group() != "”" if start is None else False
            if opens:
                start = mark.start()
            elif start is not None and mark.group() != "“":
                if mark.end() - start > 3:
                    yield paragraph.start() + start, paragraph.start() + mark.end()
                start = None
        if start is not None and paragraph.end() - paragraph.start() - start > 3 and paragraph.end() < len(text):
            yield paragraph.start() + start, paragraph.end()


def same_name(gold: str | None, found: str | None) -> bool:
    """First and last name agree; a gold name of one word must be the last. Of several people (" & ") one will do."""
    for theirs in map(name_parts, (gold or "").split(" & ")):
        for ours in map(name_parts, (found or "").split(" & ")):
            if theirs and ours and theirs[-1] == ours[-1] and (len(theirs) == 1 or theirs[0] == ours[0]):
                return True
    return False


def name_parts(name: str) -> list[str]:
    """The words of a name that count, plain and in small letters."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower().replace("'s", "")
    return [p for p in re.findall(r"[a-z][a-z\-]*", plain) if p not in UNCOUNTED and len(p) > 1]


def _prf(right: int, predicted: int, gold: int) -> dict[str, float | int]:
    out: dict[str, float | int] = dict(_f1(right / predicted if predicted else 0.0, right / gold if gold else 0.0))
    return out | {"gold": gold}


def _f1(precision: float, recall: float) -> dict[str, float]:
    f1 = 2 * precision * recall / (precision + recall) if precision and recall else 0.0
    return {"p": round(precision, 4), "r": round(recall, 4), "f1": round(f1, 4)}
