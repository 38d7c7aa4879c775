"""Every kind of mistake on one line each; that kinds add up to the figures; the page and its command."""

import base64
import hashlib
import json
import random
import re
from collections import Counter
from html.parser import HTMLParser

import pytest
from click.testing import CliRunner

from sourcing.cli import main
from sourcing.evaluate import evaluate
from sourcing.mistakes import KINDS, count_totals, find_mistakes
from sourcing.report import mistakes as page
from sourcing.report.mistakes import render_mistakes

SPEAKERS = {
    "ada": ("person", "named", "Ada Quill"),
    "tom": ("person", "named", "Tom Brand"),
    "body": ("organization", "institutional", "Harbour Board"),
    "crowd": ("unnamed_group", "anonymous", None),
    None: (None, None, None),
}
RIGHT = "<source|[source|Ada Quill]> <cue|[cue|said]> <content|[content|the old ferry is late again]>."
OURS = "[source|Ada Quill] [cue|said] [content|the ferry is late]."
QUOTED = "<source|Ada Quill> <cue|said> <content|“We will stay.”>\n"


def article(marked, *, id="x", gold="ada", ours="ada", role="speech", kind="indirect", confidence=0.5):
    """A gold article and its report from one text: `<part|…>` is what gold has, `[part|…]` what we have.

    Parts are source, cue, content and, for us, quote; gold and ours name the speakers.
    """
    text, position = "", 0
    opened, spans = {">": [], "]": []}, {">": {}, "]": {}}
    for sign in re.finditer(r"([<\[])(source|cue|content|quote)\||[>\]]", marked):
        text += marked[position : sign.start()]
        position = sign.end()
        if sign[1]:
            opened[{"<": ">", "[": "]"}[sign[1]]].append((sign[2], len(text)))
        else:
            part, start = opened[sign[0]].pop()
            spans[sign[0]].setdefault(part, []).append([start, len(text)])
    text += marked[position:]
    theirs = {part: spans[">"].get(part, []) for part in ("source", "cue", "content")}
    type_, _, canonical = SPEAKERS[gold]
    attributions = [theirs | {"type": type_, "canonical": canonical}] if spans[">"] else []
    found = {part: [{"start": a, "end": b} for a, b in spans["]"].get(part, [])] for part in (*theirs, "quote")}
    said = {
        "content": found["content"],
        "cue": next(iter(found["cue"]), None),
        "source": next(iter(found["source"]), None),
        "speaker": "s1" if ours else None,
        "kind": kind,
        "confidence": confidence,
    }
    report = {
        "article": {"id": id},
        "attributions": [said] if found["content"] else [],
        "quotes": [{**quote, "role": role, "speaker": None} for quote in found["quote"]],
        "speakers": [{"id": "s1", "class": SPEAKERS[ours][1], "name": SPEAKERS[ours][2]}] if ours else [],
    }
    return {"id": id, "text": text, "attributions": attributions}, report


def mistakes_in(marked, **sides):
    gold, report = article(marked, **sides)
    return find_mistakes([gold], {"x": report})


@pytest.mark.parametrize(
    ("marked", "sides", "expected"),
    [
        (RIGHT, {}, []),
        ("<source|Ada Quill> <cue|said> <content|the ferry is late>.", {}, ["missed indirect"]),
        (QUOTED, {}, ["missed quoted", "speech missed"]),
        (QUOTED.replace("“", "[quote|‘").replace("”", "’]"), {"role": "scare"}, ["missed quoted"]),
        (
            "<source|Ada Quill> <cue|said> <content|the old ferry is “late again”>.",
            {},
            ["missed partly", "speech missed"],
        ),
        ("<content|The ferry is late>, it was <cue|said>.", {}, ["missed sourceless"]),
        (OURS, {}, ["extra indirect"]),
        (OURS, {"kind": "direct"}, ["extra quoted"]),
        (OURS, {"kind": "mixed"}, ["extra partly"]),
        ("[source|Ada Quill] [cue|said] [content|the “ferry is” late].", {"kind": None}, ["extra partly"]),
        ("[content|The ferry is late].", {"kind": "direct"}, ["extra sourceless"]),
        (RIGHT.replace("[source|Ada Quill]", "Ada Quill"), {}, ["source"]),
        (RIGHT.replace("<source|[source|Ada Quill]>", "[source|Ada Quill]"), {}, ["source"]),
        ("<source|He> or [source|she] <cue|[cue|said]> <content|[content|the ferry is late]>", {}, ["source"]),
        (RIGHT, {"ours": "body"}, ["class named-institutional"]),
        (RIGHT, {"ours": None}, ["class named-none"]),
        (RIGHT, {"gold": "crowd"}, ["class anonymous-named"]),
        (RIGHT, {"gold": None, "ours": "tom"}, []),
        (RIGHT, {"gold": "body", "ours": "body"}, []),
        (RIGHT, {"ours": "tom"}, ["name name"]),
        (RIGHT.replace("Ada Quill", "She"), {"ours": "tom"}, ["name pronoun"]),
        (RIGHT.replace("Ada Quill", "The pilot"), {"ours": "tom"}, ["name description"]),
        (RIGHT.replace("<source|[source|Ada Quill]>", "It was"), {"ours": "tom"}, ["name sourceless"]),
        (RIGHT.replace("again]>", "]again>").replace("late ", ""), {}, []),
        (RIGHT.replace("is late again]>", "]is late again>"), {}, ["borders"]),
        (RIGHT.replace("said]>", "said] so>"), {}, ["cue"]),
        (RIGHT.replace("<cue|[cue|said]>", "<cue|said>"), {}, ["cue"]),
        ("It is a [quote|“ferry of the skies”] now\n", {}, ["speech extra"]),
        ("It is a [quote|“ferry of the skies”] now\n", {"role": "scare"}, []),
    ],
)
def test_each_kind(marked, sides, expected):
    assert [f"{mistake.kind} {mistake.part}".strip() for mistake in mistakes_in(marked, **sides)] == expected


def test_a_record_has_both_sides():
    (mistake,) = mistakes_in(RIGHT, ours="tom", confidence=0.25)
    assert (mistake.article, mistake.costs) == ("x", True)
    assert (mistake.gold.source, mistake.gold.cue, mistake.gold.content) == (((0, 9),), ((10, 14),), ((15, 42),))
    assert (mistake.gold.speaker, mistake.gold.name, mistake.gold.confidence) == ("named", "Ada Quill", None)
    assert mistake.ours.content == mistake.gold.content
    assert (mistake.ours.name, mistake.ours.kind, mistake.ours.confidence) == ("Tom Brand", "indirect", 0.25)


def test_what_is_not_matched_comes_with_its_nearest():
    missed, extra = mistakes_in("<source|Ada Quill> <cue|said> <content|the old [content|ferry> was late and dear].")
    assert (missed.kind, extra.kind) == ("missed", "extra")
    assert missed.ours == extra.ours
    assert missed.gold == extra.gold
    (alone,) = mistakes_in(OURS)
    assert alone.gold is None


def test_the_nearest_shares_the_most_words():
    gold, report = article("[source|Ada] [cue|said] so. <source|She> <cue|added> <content|it is [content|late]>.")
    (near,) = report["attributions"]
    far = near | {"content": [{"start": 0, "end": 3}]}
    for attributions in ([near, far], [far, near]):
        missed, *_ = find_mistakes([gold], {"x": report | {"attributions": attributions}})
        assert missed.ours.content == ((29, 33),)


def test_a_missed_quotation_says_what_we_took_it_for():
    _, speech = mistakes_in(QUOTED.replace("“We will stay.”", "[quote|“We will stay.”]"), role="scare")
    assert (speech.kind, speech.part, speech.ours.kind) == ("speech", "missed", "scare")
    assert speech.gold.content == ((15, 30),)


def drawn(number):
    """Articles of random words with random attributions on both sides."""
    draw = random.Random(number)
    golds, reports = [], {}
    for n in range(60):
        text = " ".join(draw.choices(["“", "”", "said", "Ada", "Quill", "he", "plan", ",", ".\n", "late"], k=100))

        def span(text=text, draw=draw):
            start = draw.randrange(len(text))
            return [start, min(len(text), start + draw.randint(1, 60))]

        def mark(span=span):
            return dict(zip(("start", "end"), span(), strict=True))

        golds.append({"id": str(n), "text": text, "attributions": [
            {"source": [span()] * draw.randint(0, 1), "cue": [span()], "content": [span(), span()],
             "type": draw.choice(["person", "outlet", "unnamed_group", "other", None]),
             "canonical": draw.choice(["Ada Quill", "Tom Brand", "-"])} for _ in range(draw.randint(0, 5))]})  # fmt: skip
        if n:
            reports[str(n)] = {
                "attributions": [{"content": [mark()], "cue": mark(), "source": draw.choice([None, mark()]),
                                  "speaker": draw.choice(["s1", "s2", "s3", None])} for _ in range(draw.randint(0, 6))],
                "quotes": [{**mark(), "role": draw.choice(["speech", "scare"]), "speaker": "s1"} for _ in range(4)],
                "speakers": [{"id": "s1", "name": "Ada Quill", "class": "named"},
                             {"id": "s2", "name": None, "class": "anonymous"},
                             {"id": "s3", "name": "Ada", "class": "of its own"}],
            }  # fmt: skip
    return golds, reports


@pytest.mark.parametrize("number", range(5))
def test_the_kinds_add_up_to_the_figures(number):
    golds, reports = drawn(number)
    figures, totals, found = evaluate(golds, reports), count_totals(golds, reports), find_mistakes(golds, reports)
    counts = Counter(mistake.kind for mistake in found)
    parts = Counter((mistake.kind, mistake.part) for mistake in found)
    assert set(parts) <= {(kind, part) for kind, group in KINDS.items() for part in group.parts}
    matched = totals.gold - counts["missed"]
    assert matched == totals.ours - counts["extra"]
    assert round(matched / totals.gold, 4) == figures["attribution"]["r"]
    assert round((matched - counts["source"]) / totals.gold, 4) == figures["attribution+source"]["r"]
    right = totals.judged - sum(mistake.costs for mistake in found)
    assert {"share": round(right / totals.judged, 4), "of": totals.judged} == figures["end_to_end"]
    in_class = figures["class"]["of"]
    assert round((in_class - counts["class"]) / in_class, 4) == figures["class"]["share"]
    speech = totals.gold_speech - parts["speech", "missed"]
    assert round(speech / totals.gold_speech, 4) == figures["speech"]["r"]
    assert round(speech / totals.our_speech, 4) == figures["speech"]["p"]


class Page(HTMLParser):
    """The page's tags, attributes and words; fails on one that is not closed."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.attributes, self.words, self.open = [], [], "", []
        self.feed(text)
        self.close()
        assert not self.open

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        self.attributes += attributes
        if tag not in ("meta", "rect"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert tag == "rect" or self.open.pop() == tag

    def handle_data(self, data):
        if self.open[-1:] != ["style"]:
            self.words += data

    def all(self, name):
        return [value for key, value in self.attributes if key == name]


def rendered(marked, **sides):
    gold, report = article(marked, **sides)
    return render_mistakes([gold], {gold["id"]: report})


def test_the_page_shows_every_kind():
    golds, reports = drawn(3)
    text = render_mistakes(golds, reports)
    shown = Page(text)
    assert re.findall("<h2>(.*?)</h2>", text) == [group.title for group in KINDS.values()]
    assert len(shown.all("id")) == len(set(shown.all("id")))
    assert {link[1:] for link in shown.all("href")} <= set(shown.all("id"))
    found = Counter((mistake.kind, mistake.part) for mistake in find_mistakes(golds, reports))
    for (kind, part), amount in found.items():
        name = f"{kind}-{part}" if part else kind
        line = re.search(rf'href="#{name}">[^\n]*?</th><td>(\d+)</td>', text)
        assert int(line[1]) == amount
    assert shown.tags.count("li") == found.total()
    assert "1 article without a report" in shown.words


def test_the_costs_are_on_the_page():
    pairs = [article(RIGHT, id=str(n), ours=ours) for n, ours in enumerate(["ada", "ada", "tom", "body"])]
    shown = Page(render_mistakes([gold for gold, _ in pairs], {gold["id"]: report for gold, report in pairs})).words
    assert "50.0% of 4 judged attributions are right" in shown
    assert "1 case, 25.0% of gold, 25.0 points of end to end" in shown


def test_a_perfect_report_has_an_empty_page():
    shown = Page(rendered(RIGHT))
    assert not {"details", "a"} & set(shown.tags)


def test_both_sides_are_told_apart_by_words_and_by_look():
    text = rendered("<source|[source|Ada]> <cue|said> <content|[content|the old ferry is late> and dear today].")
    assert '<span class="from gold ours source to"><span class="tag">both: source</span>Ada</span>' in text
    assert '<span class="cue gold"><span class="tag">gold: cue</span>said</span>' in text
    first, rest = re.findall('<span class="([^"]*content[^"]*)">', text)[:2]
    assert first.split() == ["content", "from", "gold", "ours"]
    assert rest.split() == ["content", "ours", "to"]
    case = text.split('<li class="case">')[1]
    tags = re.findall('<span class="tag">(.*?)</span>', case)
    assert sorted(tags) == ["both: source", "gold: content", "gold: cue", "ours: content"]
    assert "Ada Quill, named, indirect, confidence 0.50" in text


def test_context_is_cut_at_words_and_long_spans_in_the_middle():
    words = " ".join(f"wordy{n}x" for n in range(300))
    text = rendered(f"{words}\n\n[source|Ada] [cue|said] [content|{words}], {words}")
    shown = re.search(r'(?s)<p class="words"[^>]*>(.*?)</p>', text)[1]
    plain = re.sub("<[^>]*>", " ", shown)
    assert 450 < len(plain) < 800
    others = [word for word in plain.split() if not re.fullmatch(r"wordy\d+x,?", word)]
    assert " ".join(others) == "… ¶ ours: source Ada ours: cue said ours: content […] , …"


@pytest.mark.parametrize("filler", ["漢", " ", "\n", "\r\n", "“"])
def test_texts_without_words(filler):
    text = rendered(f"{filler * 999}[source|Ada] [cue|said] [content|late{filler * 999}late]{filler * 999}")
    shown = re.findall("漢+", Page(text).words)
    assert [len(run) for run in shown] == ([150, 146, 146, 150] if filler == "漢" else [])


@pytest.mark.parametrize(
    ("span", "shown"), [([-5, 3], False), ([9, 4], False), ([10**8, 10**9], False), ([9, 10**9], True)]
)
def test_gold_spans_outside_of_the_text(span, shown):
    gold, report = article("<source|Ada> <cue|said> <content|late>")
    gold["attributions"][0]["content"] = [span]
    words = Page(render_mistakes([gold], {"x": report})).words
    assert ("gold: contentlate" in words) is shown
    assert "gold: sourceAda" in words


HOSTILE = "</style><script>alert(1)</script><img src=x onerror=alert(2)>\x1b[31m\u202eevil\u2066\ud800 {{ 7 * 7 }}"


def test_hostile_text_stays_text(monkeypatch):
    monkeypatch.setitem(SPEAKERS, "ada", ("person", "named", HOSTILE))
    gold, report = article("Ada said late.", id=HOSTILE)
    gold["text"] = f"Ada said {HOSTILE} late."
    end = len(gold["text"])
    gold["attributions"] = [
        {"source": [[0, 3]], "cue": [[4, 8]], "content": [[9, end]], "type": "person", "canonical": HOSTILE}
    ]
    report["speakers"] = [{"id": "s1", "class": HOSTILE, "name": HOSTILE}]
    said = {"source": {"start": 0, "end": 3}, "cue": None, "content": [{"start": 14, "end": end}], "kind": HOSTILE}
    report["attributions"] = [{**said, "speaker": "s1", "confidence": 0.5}]
    text = render_mistakes([gold], {HOSTILE: report})
    shown = Page(text)
    assert not {"script", "img"} & set(shown.tags)
    assert not [name for name, _ in shown.attributes if name.startswith("on") or name == "style"]
    assert "<script>alert(1)</script>" in shown.words
    assert "{{ 7 * 7 }}" in shown.words
    assert not set(text) & set("\x1b\u202e\u2066\ud800")


def test_the_policy_lets_its_own_style_in_and_nothing_else():
    text = rendered(RIGHT, ours="tom")
    style = re.search("(?s)<style>(.*?)</style>", text)[1]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = re.search('Content-Security-Policy" content="([^"]*)"', text)[1].replace("&#39;", "'")
    assert policy == f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    assert not re.search(r"url\(|@import|https?:", text)
    assert all(link.startswith("#") for link in Page(text).all("href"))


def test_what_is_not_shown_is_counted_and_false_alarms_are_surest_first(monkeypatch):
    monkeypatch.setattr(page, "SHOWN", 2)
    pairs = [article(OURS, id=f"a{n}", confidence=sure) for n, sure in enumerate([0.25, 0.75, 0.5])]
    text = render_mistakes([gold for gold, _ in pairs], {gold["id"]: report for gold, report in pairs})
    assert re.findall(r"<bdi>(a\d)</bdi>", text) == ["a1", "a2"]
    assert "and 1 more" in text
    assert "3 cases, 100.0% of ours" in text


@pytest.fixture
def command(tmp_path):
    gold, report = article(RIGHT, ours="tom")
    (tmp_path / "gold.jsonl").write_text(json.dumps(gold) + "\n", encoding="utf-8")
    (tmp_path / "reports.jsonl").write_text(json.dumps(report) + "\n", encoding="utf-8")

    def call(errors):
        files = ["--gold", str(tmp_path / "gold.jsonl"), "--reports", str(tmp_path / "reports.jsonl")]
        return CliRunner().invoke(main, ["evaluate", *files, "--errors", str(errors)], prog_name="sourcing")

    return call


def test_the_command_writes_the_page_and_prints_the_figures(command, tmp_path):
    run = command(tmp_path / "errors.html")
    assert run.exit_code == 0
    assert re.search(r"^end_to_end +share=0.0 of=1$", run.stdout, re.M)
    assert "Name wrong" in Page((tmp_path / "errors.html").read_text(encoding="utf-8")).words


@pytest.mark.parametrize("path", ["nowhere/errors.html", ".", "gold.jsonl", "-", "gold.jsonl/errors.html"])
def test_a_page_that_cannot_be_written(command, tmp_path, monkeypatch, path):
    monkeypatch.chdir(tmp_path)
    before = (tmp_path / "gold.jsonl").read_bytes()
    run = command(path)
    assert run.exit_code == 2
    assert re.fullmatch(r"sourcing: .*\n", run.stderr)
    assert not run.stdout
    assert (tmp_path / "gold.jsonl").read_bytes() == before
    assert len(list(tmp_path.iterdir())) == 2


def test_a_failed_run_leaves_no_page(command, tmp_path):
    (tmp_path / "reports.jsonl").write_text("{", encoding="utf-8")
    assert command(tmp_path / "errors.html").exit_code == 2
    assert not (tmp_path / "errors.html").exists()
