"""Every rule on marked-up texts (conftest of tests/measure tells the tags): what it finds, and what it must not."""

import importlib
import pkgutil
from pathlib import Path

import msgspec
import pytest

import sourcing.findings
from sourcing.errors import UsageError
from sourcing.findings import RULES, check
from sourcing.findings.docs import rules_markdown
from sourcing.findings.rule import Rule
from sourcing.measure import build_reference, load_reference, measure
from sourcing.measure.distribution import LONGEST_STRETCH, Distribution
from sourcing.records import CorpusStatus, Elsewhere, OneRoad, QuoteElsewhere

DOCS = Path(__file__).parents[2] / "docs" / "findings.md"
BY_CODE = {rule.code: rule for rule in RULES}
MARSH = {"name": "Olga Marsh", "title": "mayor"}
GROUP = {"type": "unnamed_group"}
PERSON = {"type": "unnamed_person"}
OUTLET = {"type": "outlet", "name": "The Valley Courier"}

# (code, marked-up text, speakers): the first two of a code are the examples of the rule's own documentation.
FOUND = [
    (
        "SRC101",
        "<c1>“The dam will not last,”</c> <s1:eng>a senior engineer</s> <u1>said</u> on condition of anonymity.",
        {"eng": {**PERSON, "granted": True}},
    ),
    ("SRC101", "<s1:a>Two engineers</s> said <c1>it leaks</c>.", {"a": GROUP}),
    ("SRC101", "<c1>“It leaks,”</c> <s1:a>residents</s> shouted.", {"a": GROUP}),
    ("SRC102", "<s1:a>Sources</s> <u1>said</u> <c1>the dam would be closed in spring</c>.", {"a": GROUP}),
    ("SRC102", "<s1:a>One anonymous source</s> said <c1>so</c>. <s2:a>He</s> left.", {"a": PERSON}),
    ("SRC102", "<s1:a>Insiders</s> said <c1>so</c>.", {"a": {**GROUP, "description": "insiders"}}),
    ("SRC103", "<s1:a>Critics</s> <u1>say</u> <c1>the dam was never safe</c>.", {"a": GROUP}),
    ("SRC103", "For <s1:a>many</s>, <c1>the dam was never safe</c>.", {"a": GROUP}),
    ("SRC103", "<s1:a>Some experts</s> said <c1>so</c>. <s2:a>They</s> added <c2>more</c>.", {"a": GROUP}),
    (
        "SRC104",
        "<c1>“The dam leaks,”</c> <s1:eng>a former engineer</s> said. <s2:eng>The engineer</s> said <c2>the "
        "pumps ran day and night</c>. <s3:eng>The engineer</s> said <c3>nobody in the capital wanted to hear "
        "of it</c>.",
        {"eng": PERSON},
    ),
    (
        "SRC104",
        "<c1:eng>It leaks.</c> <c1:eng>It drips.</c> <c1:eng>It cracks, <s1:eng>an engineer</s> said.</c> It rained.",
        {"eng": {**PERSON, "reason": "for fear of dismissal"}},
    ),
    ("SRC201", "The mayor left early. “We were never told about the cracks in the wall.”", {}),
    ("SRC201", "It was <u1>said</u> that the wall was <c1>“past all repair”</c>.", {}),
    ("SRC202", "<bad>“</bad>The wall has held for forty years, <s1:m>the mayor</s> said.", {"m": MARSH}),
    ("SRC203", "The valley is tired of its <scare>‘flood holidays’</scare>.", {}),
    (
        "SRC301",
        "<s1:marsh>Olga Marsh</s> said <c1>the wall had held for forty years</c>.",
        {"marsh": {"name": "Olga Marsh"}},
    ),
    (
        "SRC302",
        "<s1:marsh>Marsh</s>, the valley's ferry pilot, said <c1>the wall had held for forty years</c>.",
        {"marsh": {"name": "Marsh", "description": "the valley's ferry pilot"}},
    ),
    (
        "SRC302",
        "<s1:two>Ana Ruiz and Brandt</s> said <c1>so</c>.",
        {"two": {"name": "Ana Ruiz & Brandt", "title": "Drs."}},
    ),
    ("SRC302", "<s1:b>Officer Brandt Jr.</s> said <c1>so</c>.", {"b": {"name": "Brandt Jr.", "title": "Officer"}}),
    ("SRC401", "<s1:marsh>Olga Marsh</s>, the mayor, said <c1>the wall had held</c>. […]", {"marsh": MARSH}),
    (
        "SRC402",
        "<s1:marsh>Olga Marsh</s>, the mayor, said <c1>the wall had held</c>. […] <s2:marsh>Marsh</s> said "
        "<c2>it would "
        "hold again</c>.",
        {"marsh": MARSH},
    ),
    (
        "SRC403",
        "<s1:a>The Valley Courier</s> reported <c1>that the wall had cracked</c>. <s2:b>Channel Nine</s> said <c2>the "
        "pumps had failed</c>.",
        {"a": OUTLET, "b": {"type": "outlet", "name": "Channel Nine"}},
    ),
    ("SRC404", "The wall above the valley has cracked. […]", {}),
]
PASSED = [
    (
        "SRC101",
        "<c1>“The dam will not last,”</c> <u1>said</u> <s1:eng>a senior engineer</s>, who asked not to be "
        "named for fear of "
        "dismissal.",
        {"eng": {**PERSON, "granted": True, "reason": "for fear of dismissal"}},
    ),
    ("SRC101", "<s1:a>Voters</s> want <c1>a new wall</c>.", {"a": GROUP}),
    ("SRC101", "<c1>“It leaks,”</c> <s1:m>Olga Marsh</s> said.", {"m": MARSH}),
    (
        "SRC101",
        "<s1:a>The ministry</s> said <c1>it leaks</c>.",
        {"a": {"type": "organization", "name": "the ministry"}},
    ),
    (
        "SRC102",
        "<s1:a>Two sources in the dam's control room</s> said <c1>it would be closed in spring</c>.",
        {"a": GROUP},
    ),
    ("SRC102", "<s1:a>A source</s> said <c1>so</c>. <s2:a>The ministry source</s> left <c2>early</c>.", {"a": PERSON}),
    ("SRC102", "<s1:a>A source</s> said <c1>so</c>.", {"a": {**PERSON, "description": "a pump-house worker"}}),
    ("SRC102", "<s1:a>A source</s> said <c1>so</c>.", {"a": {**PERSON, "affiliation": "Dam Board"}}),
    ("SRC102", "<s1:a>Officials</s> said <c1>so</c>.", {"a": GROUP}),
    (
        "SRC103",
        "<s1:a>Critics of the dam in the valley's fishing villages</s> say <c1>it was never safe</c>.",
        {"a": GROUP},
    ),
    ("SRC103", "<s1:a>Residents</s> say <c1>it was never safe</c>.", {"a": GROUP}),
    ("SRC103", "<s1:a>They</s> say <c1>it was never safe</c>.", {"a": GROUP}),
    ("SRC103", "<s1:a>An expert</s> says <c1>it was never safe</c>.", {"a": PERSON}),
    (
        "SRC104",
        "<c1>“The dam leaks,”</c> <s1:eng>a former engineer</s> said. <s2:marsh>Olga Marsh</s>, the "
        "district's mayor, said "
        "<c2>the pumps ran day and night</c>. <s3:eng>The engineer</s> said <c3>nobody in the capital wanted "
        "to hear of it"
        "</c>.",
        {"eng": PERSON, "marsh": MARSH},
    ),
    (
        "SRC104",
        "<s1:eng>A man</s> said <c1>it leaks</c>. It rained. <s2:eng>He</s> said <c2>it drips</c>. "
        "<s3:eng>He</s> <c3>left</c>.",
        {"eng": PERSON},
    ),
    (
        "SRC104",
        "<s1:m>Marsh</s> said <c1>so</c>. <s2:m>She</s> said <c2>more</c>. <s3:m>She</s> said <c3>it all</c>.",
        {"m": MARSH},
    ),
    (
        "SRC201",
        "The mayor left early. <c1>“We were never told about the cracks in the wall,”</c> <s1:marsh>Olga "
        "Marsh</s> said.",
        {"marsh": MARSH},
    ),
    ("SRC201", "The <scare>‘flood holidays’</scare> go on; she reads <title>“The Wall”</title>.", {}),
    ("SRC202", "<c1>“The wall has held for forty years,”</c> <s1:m>the mayor</s> said.", {"m": MARSH}),
    ("SRC203", "The valley is tired of its flood holidays.", {}),
    ("SRC203", "She reads <title>“The Wall”</title> and calls a sluice a <term>“gate”</term>.", {}),
    (
        "SRC301",
        "<s1:marsh>Olga Marsh</s>, who runs the valley's ferry, said <c1>the wall had held for forty years</c>.",
        {"marsh": {"name": "Olga Marsh", "description": "who runs the valley's ferry"}},
    ),
    ("SRC301", "<s1:p>President Ada Brook</s> said <c1>so</c>.", {"p": {"name": "Ada Brook", "title": "President"}}),
    ("SRC301", "<s1:a>The Dam Board</s> said <c1>so</c>.", {"a": {"type": "organization", "name": "Dam Board"}}),
    (
        "SRC302",
        "<s1:marsh>Olga Marsh</s>, the valley's ferry pilot, said <c1>the wall had held</c>. <s2:marsh>Marsh</s> said "
        "<c2>it would hold again</c>.",
        {"marsh": MARSH},
    ),
    ("SRC302", "<s1:q>Queen Ottilie</s> said <c1>so</c>.", {"q": {"name": "Ottilie", "title": "Queen"}}),
    ("SRC302", "<s1:b>Reuters</s> said <c1>so</c>.", {"b": {"type": "outlet", "name": "Reuters"}}),
    (
        "SRC401",
        "<s1:marsh>Olga Marsh</s>, the mayor, said <c1>the wall had held</c>. The ferry runs every hour.",
        {"marsh": MARSH},
    ),
    ("SRC401", "[…]", {}),
    (
        "SRC402",
        "<s1:marsh>Olga Marsh</s>, the mayor, said <c1>the wall had held</c>. […] <s2:brandt>Ivo Brandt</s>, "
        "an engineer, "
        "said <c2>it would not hold again</c>.",
        {"marsh": MARSH, "brandt": {"name": "Ivo Brandt", "description": "an engineer"}},
    ),
    ("SRC402", "<s1:m>Olga Marsh</s> said <c1>the wall had held</c>. The ferry runs.", {"m": MARSH}),
    ("SRC402", "[…]", {}),
    ("SRC402", "[…] <s1:m>Olga Marsh</s> said <c1>so</c>. <s2>Her rival</s> said <c2>no</c>.", {"m": MARSH}),
    (
        "SRC403",
        "<s1:a>The Valley Courier</s> reported <c1>that the wall had cracked</c>. <s2:marsh>Olga Marsh</s>, "
        "the mayor, said "
        "<c2>the pumps had failed</c>.",
        {"a": OUTLET, "marsh": MARSH},
    ),
    ("SRC403", "The ferry runs.", {}),
    ("SRC403", "<s1:a>The Valley Courier</s> reported <c1>it</c>. <s2>Her rival</s> said <c2>no</c>.", {"a": OUTLET}),
    (
        "SRC404",
        "The wall above the valley <c1>has cracked</c>, <s1:marsh>Olga Marsh</s>, the mayor, said. […]",
        {"marsh": MARSH},
    ),
    ("SRC404", "The ferry runs every hour.", {}),
    ("SRC404", "", {}),
]


QUOTE = "<c1>“The old wall will not hold another winter,”</c> said <s1:marsh>Olga Marsh</s>."
LEDGER = {"type": "outlet", "name": "Northern Ledger"}
TOLD = (
    "<s1:ledger>The Northern Ledger</s> reported <c1>that the old wall is cracked</c>. "
    "<c2>“It will not hold another winter,”</c> <s2:marsh>Olga Marsh</s> told it."
)
CORPUS = [
    (
        "SRC501",
        "<c1>“The wall will not hold,”</c> said <s1:marsh>Olga Marsh</s>, whom no other article of the corpus has.",
    ),
    ("SRC502", f"{QUOTE} Elsewhere it reads “the old wall may not hold another winter”."),
    ("SRC503", f"{QUOTE} Elsewhere Peter Lund says it."),
    ("SRC504", f"{TOLD} The other articles with the quote cite the Northern Ledger, too."),
]
CORPUS_PASSED = [
    (
        "SRC501",
        "<c1>“The wall will not hold,”</c> said <s1:marsh>Olga Marsh</s>, whom two other articles of the corpus quote.",
    ),
    ("SRC502", f"{QUOTE} Elsewhere it reads the same."),
    ("SRC503", f"{QUOTE} Elsewhere Marsh says it, too."),
    ("SRC504", f"{TOLD} Another article with the quote reached Marsh itself."),
]
FOUND += [(code, text, {"marsh": MARSH, "ledger": LEDGER}) for code, text in CORPUS]
PASSED += [(code, text, {"marsh": MARSH, "ledger": LEDGER}) for code, text in CORPUS_PASSED]
PASSED += [("SRC501", QUOTE, {"marsh": MARSH})]


def other_quote(kind, text, speaker):
    return QuoteElsewhere(
        quote="q1", kind=kind, text=text, speaker=speaker, article="x", outlet="The Echo", similarity=0.9
    )


def said_elsewhere(code, text):
    """What a corpus says in the examples of SRC5."""
    found = (code, text) in CORPUS
    status = CorpusStatus(status="nowhere_else" if found else "quoted_elsewhere", articles=0 if found else 2, outlets=0)
    quotes = {
        "SRC502": other_quote("wording", "“the old wall may not hold another winter”", "Olga Marsh"),
        "SRC503": other_quote("credit", "“The old wall will not hold another winter,”", "Peter Lund"),
    }
    return Elsewhere(
        speakers={"marsh": status},
        quotes=(quotes[code],) if found and code in quotes else (),
        road=OneRoad(outlet="Northern Ledger", articles=("x", "y")) if found else None,
    )


def run(annotated, code, text, speakers):
    article, annotation = annotated(text, **speakers)
    elsewhere = said_elsewhere(code, text) if (code, text) in CORPUS + CORPUS_PASSED else None
    return article, check(article, annotation, measure(article, annotation), select=[code], elsewhere=elsewhere)


@pytest.mark.parametrize(("code", "text", "speakers"), FOUND)
def test_found_once_with_a_good_message_and_place(annotated, code, text, speakers):
    article, findings = run(annotated, code, text, speakers)
    assert [finding.code for finding in findings] == [code]
    (finding,) = findings
    assert finding.severity == BY_CODE[code].severity
    assert 0 <= finding.start < finding.end <= len(article.text)
    assert "\n" not in finding.message
    assert ": " in finding.message
    assert finding.message.endswith(".")
    assert finding.speaker is None or finding.speaker in speakers


@pytest.mark.parametrize(("code", "text", "speakers"), PASSED)
def test_not_found(annotated, code, text, speakers):
    assert run(annotated, code, text, speakers)[1] == ()


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_the_examples_of_the_documentation_are_run(plain, rule):
    found = next((text for code, text, _ in FOUND if code == rule.code), None)
    passed = next((text for code, text, _ in PASSED if code == rule.code), None)
    assert found is not None, "no text that triggers the rule"
    assert passed is not None, "no text that passes the rule"
    assert plain(found) == plain(rule.triggers)
    assert plain(passed) == plain(rule.passes)


def test_every_rule_file_is_listed():
    modules = [module.name for module in pkgutil.iter_modules(sourcing.findings.__path__)]
    loaded = [importlib.import_module(f"sourcing.findings.{name}") for name in modules]
    found = [module.RULE for module in loaded if isinstance(getattr(module, "RULE", None), Rule)]
    assert sorted(found, key=lambda rule: rule.code) == list(RULES)


def test_codes_and_names_are_unique_and_documented():
    assert len({rule.code for rule in RULES}) == len({rule.name for rule in RULES}) == len(RULES)
    for rule in RULES:
        assert all((rule.summary, rule.why, rule.fix, rule.triggers, rule.passes))
        assert rule.check.__doc__


def test_the_documentation_is_up_to_date():
    written = DOCS.read_text(encoding="utf-8")
    assert written == rules_markdown(), "run: python -m sourcing.findings.docs > docs/findings.md"


def test_every_word_list_states_its_origin():
    for path in (Path(sourcing.findings.__file__).parent / "lists").glob("*.txt"):
        assert path.read_text(encoding="utf-8").startswith("# "), path.name


# places and messages


@pytest.mark.parametrize(
    ("code", "text", "speakers", "passage", "message"),
    [
        (
            "SRC101",
            "<s1:a>He</s> left <c1>early</c>. <s2:a>A guard</s> said <c2>no</c>.",
            {"a": PERSON},
            "A guard",
            "“A guard” is not named and no reason is stated: name the source, or say why not.",
        ),
        (
            "SRC101",
            "<s1:a>A guard</s> said <c1>no</c>.",
            {"a": {**PERSON, "granted": True}},
            "A guard",
            "“A guard” is granted anonymity without a reason: say why the name is withheld.",
        ),
        (
            "SRC104",
            "It rained. <s1:a>A guard</s> <c1>left</c>. <s2:a>He</s> <c2>ran</c>. <s3:a>He</s> <c3>hid</c>. It rained.",
            {"a": PERSON},
            "A guard left. He ran. He hid.",
            "3 sentences in a row rest on “A guard” alone: add a second source, or one that can be named.",
        ),
        (
            "SRC201",
            "“The wall above the valley has cracked in more places than anybody cares to count.”",
            {},
            "“The wall above the valley has cracked in more places than anybody cares to count.”",
            "Nobody is credited with “The wall above the valley has cracked in more places than…”: say who said it.",
        ),
        (
            "SRC202",
            "It held<bad>”</bad> for years.",
            {},
            "”",
            "Quotation mark without a partner at ” for years. : close or remove it.",
        ),
        (
            "SRC301",
            "<c1>No</c>, <s1:a>Ana Ruiz</s> said. <s2:a>Ruiz</s> <c2>left</c>.",
            {"a": {"name": "Ana Ruiz"}},
            "Ana Ruiz",
            "No introduction of Ana Ruiz: add the post, the body or what ties them to the story.",
        ),
        (
            "SRC301",
            "<c1:a>“No.”</c>",
            {"a": {"name": "Ana Ruiz"}},
            "“No.”",
            "No introduction of Ana Ruiz: add the post, the body or what ties them to the story.",
        ),
    ],
)
def test_place_and_message(annotated, code, text, speakers, passage, message):
    article, (finding,) = run(annotated, code, text, speakers)
    assert article.text[finding.start : finding.end] == passage
    assert finding.message == message


def test_a_wording_in_scare_quotes_is_remarked_on_once(annotated):
    text = "The <scare>‘Flood’</scare> came. The <scare>‘flood’</scare> went. The <scare>‘calm’</scare> stayed."
    _, findings = run(annotated, "SRC203", text, {})
    assert [finding.start for finding in findings] == [4, 40]


def test_the_long_stretch_is_measured_by_the_reference(annotated):
    article, annotation = annotated("<s1:m>Marsh</s> said <c1>so</c>. […]", m=MARSH)
    metrics = measure(article, annotation)

    def codes(reference):
        found = check(article, annotation, metrics, reference=reference)
        return "SRC401" in {finding.code for finding in found}

    longer = msgspec.structs.replace(
        load_reference(), distributions={LONGEST_STRETCH: Distribution.of([100] * 90 + [250] * 10)}
    )
    assert codes(load_reference())
    assert not codes(longer)
    assert not codes(build_reference([], note="empty"))


# choosing rules

MIXED = "<s1:a>Sources</s> said <c1>no</c>. The <scare>‘flood’</scare> came. <s2:b>Ruiz</s> said <c2>yes</c>."


@pytest.mark.parametrize(
    ("select", "ignore", "codes"),
    [
        ([], [], ["SRC101", "SRC102", "SRC203", "SRC301", "SRC302"]),
        (["SRC1"], [], ["SRC101", "SRC102"]),
        (["SRC1", "SRC203"], ["SRC101"], ["SRC102", "SRC203"]),
        ([], ["SRC1", "SRC3"], ["SRC203"]),
        (["SRC302"], ["SRC302"], []),
        (["SRC4"], [], []),
    ],
)
def test_select_and_ignore(annotated, select, ignore, codes):
    article, annotation = annotated(MIXED, a=GROUP, b={"name": "Ruiz"})
    found = check(article, annotation, measure(article, annotation), select=select, ignore=ignore)
    assert [finding.code for finding in found] == codes
    assert list(found) == sorted(found, key=lambda finding: (finding.start, finding.code))


@pytest.mark.parametrize("prefix", ["SRC999", "XYZ", "src1", "", "SRC1011"])
@pytest.mark.parametrize("option", ["select", "ignore"])
def test_an_unknown_code_is_named(annotated, option, prefix):
    article, annotation = annotated("It rained.")
    with pytest.raises(UsageError, match=f"'{prefix}'"):
        check(article, annotation, measure(article, annotation), **{option: [prefix]})
