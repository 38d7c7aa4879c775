"""The gold articles are consistent, unchanged, and their reader refuses broken markup."""

import importlib.util
import re
from collections import Counter
from pathlib import Path

import pytest

_spec = importlib.util.spec_from_file_location("read_gold", Path(__file__).with_name("read_gold.py"))
gold = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(gold)

# Of the files as proof-read. After a correction: `python tests/gold/read_gold.py digest`, and say in the commit what changed.
DIGEST = "9666167f6f93dba14b21fb4726ec40516218d03348ea64bf246ce95736c798a1"

ARTICLES = gold.read_gold()
ATTRIBUTIONS = [
    pytest.param(article, attribution, id=f"{article['id']}-a{number}")
    for article in ARTICLES
    for number, attribution in enumerate(article["attributions"], 1)
]
HONORIFIC = re.compile(
    r"(?:Mr|Mrs|Ms|Miss|Dr|Sir|Lady|Sheikh|Father|Sister|Judge|Mayor|Sheriff|Gov|Cllr|Prof|Captain)\b\.?"
)

each_article = pytest.mark.parametrize("article", ARTICLES, ids=lambda article: article["id"])
each_attribution = pytest.mark.parametrize(("article", "attribution"), ATTRIBUTIONS)


def test_the_articles_are_the_ones_proof_read():
    assert gold.digest() == DIGEST


def test_a_quarter_of_the_articles_is_for_the_gate_only():
    assert Counter(article["split"] for article in ARTICLES) == {"gate": 18, "open": 54}
    assert len({article["id"] for article in ARTICLES}) == len(ARTICLES)
    assert len({article["style"] for article in ARTICLES}) == len(ARTICLES)
    assert [article["id"] for article in gold.read_gold(split="gate")] == [
        article["id"] for article in ARTICLES if article["split"] == "gate"
    ]


def test_every_type_is_in_both_splits():
    for split in gold.SPLITS:
        types = {a["type"] for article in ARTICLES if article["split"] == split for a in article["attributions"]}
        assert types == set(gold.TYPES)


@each_article
def test_text_is_plain_and_short(article):
    assert 120 <= len(article["text"].split()) <= 450
    assert not re.search(r"[{}|\t\r\u00a0]|  |\n{3}| $", article["text"], re.MULTILINE)


@each_article
def test_no_word_has_two_roles(article):
    owner = {}
    for attribution in article["attributions"]:
        for part in gold.PARTS:
            for start, end in attribution[part]:
                for i in range(start, end):
                    # a span may be shared, but then whole and in the same part
                    assert owner.setdefault(i, (part, start, end)) == (part, start, end), article["text"][start:end]


@each_article
def test_quotations_carry_their_marks(article):
    contents = [tuple(span) for attribution in article["attributions"] for span in attribution["content"]]
    passages = gold.quoted_passages(article["text"])
    for quote in article["quotes"]:
        start, end = quote["start"], quote["end"]
        assert quote["role"] in gold.QUOTE_ROLES
        assert re.fullmatch(r"“.+”|‘.+’|«.+»|``.+''|`.+'|\".+\"|'.+'", article["text"][start:end])
        nested = quote["role"] == "nested"
        # a transcript's turns have no marks of their own, so what they quote is nested in a content, but in no quotation
        assert not nested or any(s <= start and end <= e for s, e in contents)
        assert nested or not any(s <= start and end <= e and (s, e) != (start, end) for s, e in passages)


@each_article
def test_every_quotation_is_content_or_has_a_role(article):
    if article["id"] == "unbalanced":
        return  # where a mark is missing, nobody can tell where a quotation ends
    known = [span for attribution in article["attributions"] for span in attribution["content"]]
    known += [[quote["start"], quote["end"]] for quote in article["quotes"]]
    for start, end in gold.quoted_passages(article["text"]):
        for word in re.finditer(r"\w+", article["text"][start:end]):
            place = start + word.start()
            assert any(s <= place < e for s, e in known), article["text"][start:end]


@each_attribution
def test_spans(article, attribution):
    assert attribution["content"]
    assert attribution["cue"] or not attribution["source"]
    assert len(attribution["cue"]) <= 1
    assert attribution["source"] or attribution["type"] == "other"
    for part in gold.PARTS:
        assert attribution[part] == sorted(attribution[part])
        for start, end in attribution[part]:
            span = article["text"][start:end]
            assert span
            assert span == span.strip()
            assert "\n" not in span
            before, after = article["text"][:start][-1:], article["text"][end:][:1]
            assert not (span[0].isalnum() and before.isalnum()), "begins within a word"
            assert not (span[-1].isalnum() and after.isalnum()), "ends within a word"


@each_attribution
def test_speaker(article, attribution):
    kind, name = attribution["type"], attribution["canonical"]
    assert kind in gold.TYPES
    assert (name is None) == (kind in ("unnamed_person", "unnamed_group", "other"))
    assert not attribution["anonymity"] or kind in ("unnamed_person", "unnamed_group")
    if name is not None:
        for single in name.split(" & "):
            assert single in article["text"] or kind == "person"
            assert all(re.search(rf"(?<!\w){re.escape(word)}(?!\w)", article["text"]) for word in single.split())
            assert kind != "person" or not HONORIFIC.match(single)


BROKEN = {
    "no dashes": "split: open\ntext",
    "no split": "style: x\n---\ntext",
    "unknown split": "split: train\n---\ntext",
    "unknown head line": "split: open\nauthor: x\n---\ntext",
    "unknown type": "split: open\na1: robot | R2 | -\n---\ntext",
    "out of turn": "split: open\na2: other | - | -\n---\ntext",
    "not listed": "split: open\n---\n{a1.cue|said}",
    "unknown mark": "split: open\na1: other | - | -\n---\n{a1.verb|said}",
    "never closed": "split: open\na1: other | - | -\n---\n{a1.cue|said",
    "closed twice": "split: open\na1: other | - | -\n---\n{a1.cue|said}}",
    "stray brace": "split: open\n---\nsaid { she",
}


@pytest.mark.parametrize("markup", BROKEN.values(), ids=BROKEN)
def test_broken_markup_is_refused(markup):
    with pytest.raises(gold.MarkupError, match=r"^x: "):
        gold.parse_article(markup, id="x")


def test_marks_may_be_shared_and_nested():
    head = "split: gate\na1: person | Ann Lee | -\na2: person | Ann Lee | y\n---\n"
    article = gold.parse_article(
        head + "{a1+a2.source|Ann Lee} {a1.cue|left}, {a2.cue|saying} {a2.content|“I {nested|‘quit’}.”}\n", id="x"
    )
    text = article["text"]
    first, second = article["attributions"]
    assert text == "Ann Lee left, saying “I ‘quit’.”"
    assert first["source"] == second["source"] == [[0, 7]]
    assert [text[q["start"] : q["end"]] for q in article["quotes"]] == ["‘quit’"]
    assert gold.kind_of(article, second) == "direct"


@pytest.mark.parametrize(
    ("text", "passages"),
    [
        ("‘We’re the dogs’ owners,’ he said.", ["‘We’re the dogs’ owners,’"]),
        ("“One.\n\n“Two,” she said.", ["“One.", "“Two,”"]),
        ('"Broken\n\nhere," she said.', ['"Broken\n\nhere,"']),
        ("‘One.\n\n‘It’s two,’ she said.", ["‘One.", "‘It’s two,’"]),
        ("‘Ten cards’ and ‘a pen’ were left.", ["‘Ten cards’", "‘a pen’"]),
        ("'It's the dogs' den,' he said, and 'ten cards' were left.", ["'It's the dogs' den,'", "'ten cards'"]),
        ("'I said, \"Dad, it's done,\"' he said.", ["'I said, \"Dad, it's done,\"'"]),
        ("The boys’ coats weren’t dry, nor the girls' hats.", []),
    ],
)
def test_quoted_passages(text, passages):
    assert [text[start:end] for start, end in gold.quoted_passages(text)] == passages


def test_the_commands_print(capsys):
    gold.main(["show", "court"])
    assert capsys.readouterr().out.startswith("== court (gate; court report;")
    gold.main(["jsonl", "open"])
    assert len(capsys.readouterr().out.splitlines()) == 54
    gold.main(["digest"])
    assert capsys.readouterr().out.strip() == DIGEST
