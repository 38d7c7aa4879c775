"""Reading and changing training texts: on a small marked-up article of our own."""

import gzip
import json
import zlib
from random import Random

import numpy as np
import pytest

from sourcing.annotate.encode import load_tokenizer
from sourcing.training.augment import apply, augment
from sourcing.training.corpus import (
    Mention,
    Relation,
    Text,
    make_example,
    mend,
    paragraphs_of,
    read_gum,
    read_judged,
    read_polnear,
)

TEXT = "“We will stay,” said Ada Quill of Tidewell.\n\nShe added that the “old” plan was late."


def at(part, start=0):
    found = TEXT.index(part, start)
    return (found, found + len(part))


def article():
    relations = (
        Relation((at("Ada Quill of Tidewell"),), (at("said"),), (at("“We will stay,”"),), "person", "Ada Quill"),
        Relation((at("She"),), (at("added"),), (at("that the “old” plan was late"),), "person", "Ada Quill"),
    )
    return Text(
        "a", TEXT, paragraphs_of(TEXT), relations, ((*at("Ada Quill"), 1), (*at("Tidewell"), 5)), (0, at("She")[0]),
        (Mention(at("She"), (at("Ada Quill"),), 1.0),),
    )  # fmt: skip


def words(example, span, text=TEXT):
    return text[example.encoded.start[span[0]] : example.encoded.end[span[1] - 1]]


def test_example():
    example = make_example(article(), load_tokenizer())
    linked = [(r, words(example, q), t and words(example, t)) for r, q, t, _ in example.links]
    assert linked == [
        (0, "“We will stay,”", "said"),
        (1, "said", "Ada Quill of Tidewell"),
        (0, "that the “old” plan was late", "added"),
        (1, "added", "She"),
    ]
    assert [(words(example, s), t) for s, t, _ in example.types] == [("Ada Quill of Tidewell", 0), ("She", 0)]
    ((query, names, weight),) = example.mentions
    assert words(example, query) == "She"
    assert [words(example, (n, n + 1)) for n in names] == ["Ada", "Quill"]
    assert weight == 1.0
    assert example.sentence.sum() == 2
    assert set(example.speech.tolist()) == {-100, 1}


@pytest.mark.parametrize("seed", range(40))
def test_changes_carry_the_annotation_along(seed):
    changed = augment(article(), Random(seed))
    first, second = changed.relations

    def part(span):
        return changed.text[span[0] : span[1]]

    assert part(first.cue[0]).lower() == "said"
    assert part(second.source[0]).lower() == "she"
    assert "we will stay," in part(first.content[0]).lower()
    assert part(second.content[0]).lower().startswith("that the")
    for a, b, _ in changed.names:
        assert part((a, b)) == part((a, b)).strip()
    assert make_example(changed, load_tokenizer()).links


def test_apply_moves_every_span():
    moved = apply(article(), [(0, 1, "<<"), (*at("Ada Quill"), "Bo"), (at("\n\n")[0], at("\n\n")[1], " ")])
    assert moved.text.startswith("<<We will stay,” said Bo of Tidewell. She")
    assert moved.text[slice(*moved.relations[0].source[0])] == "Bo of Tidewell"
    assert moved.text[slice(*moved.mentions[0].names[0])] == "Bo"


def test_mend():
    tags = np.array([6, 6, 0, 2, 5, 6, 4])
    mend(tags)
    assert tags.tolist() == [5, 6, 0, 1, 5, 6, 3]


def test_read_polnear(tmp_path):
    token = ["PERSON", "O"]
    plain = {
        "id": "x", "text": TEXT, "typed": False,
        "attributions": [{"source": [at("She")], "cue": [at("added")], "content": [at("that the “old” plan was late")]}],
        "corenlp": {
            "sentences": [
                [[*at("Ada"), "NNP", token[0], "Ada", 0, "root"], [*at("Quill"), "NNP", token[0], "Quill", 0, "x"]],
                [[*at("She"), "PRP", token[1], "she", 0, "root"]],
            ],
            "coref": [[[0, 0, 2, 1], [1, 0, 1, 0]]],
        },
    }  # fmt: skip
    with gzip.open(tmp_path / "train.jsonl.gz", "wt", encoding="utf-8") as out:
        out.write(json.dumps(plain) + "\n")
    (text,) = read_polnear(tmp_path / "train.jsonl.gz")
    assert text.names == ((*at("Ada Quill"), 1),)
    assert text.mentions == (Mention(at("She"), (at("Ada Quill"),), 0.4),)


def test_own_gold_teaches_the_names_of_its_speakers_and_nothing_else(tmp_path):
    text = "Col. Hédi Ben Slimane left. “No,” Ben Slimane said; Mrs Brand agreed with Tom Brand. Ana Brand wept."
    own = {"id": "x", "text": text, "typed": True, "attributions": [
        {"source": [[0, 4]], "cue": [], "content": [[28, 33]], "type": "person", "canonical": name}
        for name in ("Hédi Ben Slimane", "Ana Brand")
    ]}  # fmt: skip
    (tmp_path / "own.jsonl").write_text(json.dumps(own) + "\n")
    (read,) = read_polnear(tmp_path / "own.jsonl")
    assert [text[a:b] for a, b, _ in read.names] == ["Hédi Ben Slimane", "Brand", "Ana Brand"]
    labels = make_example(read, load_tokenizer())
    known = {words(labels, (n, n + 1), text): int(v) for n, v in enumerate(labels.names) if v >= 0}
    assert known == {
        ".": 0,
        "Hédi": 1,
        "Ben": 2,
        "Slimane": 2,
        "left": 0,
        "Mrs": 0,
        "agreed": 0,
        "Ana": 1,
        "Brand": 2,
        "wept": 0,
    }


def test_judgements(tmp_path):
    article = {
        "id": "x", "text": TEXT, "typed": False, "corenlp": None,
        "attributions": [
            {"source": [at("She")], "cue": [at("added")], "content": [at("that the “old” plan was late")]},
            {"source": [], "cue": [at("added")], "content": [at("that the “old” plan was late")]},
        ],
    }  # fmt: skip
    start, end = at("Ada Quill")
    (tmp_path / "judged.txt").write_text(f"{zlib.crc32(b'x'):08x} 0p{start}-{end} 1x\n00000001 0g\n")
    (tmp_path / "own.jsonl").write_text(json.dumps(article) + "\n" + json.dumps(article | {"id": "y"}) + "\n")
    judged, other = read_polnear(tmp_path / "own.jsonl", read_judged(tmp_path / "judged.txt"))
    assert [(r.type, r.canonical, r.trust) for r in judged.relations] == [
        ("person", "Ada Quill", 1.0),
        ("other", None, 1.0),
    ]
    assert [(m.span, m.trust) for m in judged.mentions] == [(at("She"), 1.0)]
    assert at("Ada Quill") in judged.mentions[0].names
    assert [r.type for r in other.relations] == [None, None]


def test_the_judgements_that_ship_are_well_formed():
    judged = read_judged()
    assert len(judged) == 711
    assert all(a < b for article in judged.values() for _, names in article.values() for a, b in names)
    assert {bool(names) for article in judged.values() for kind, names in article.values() if kind == "person"} == {
        True
    }


def test_every_judgement_fits_its_article(shared):
    judged = read_judged()
    with gzip.open(shared / "data" / "polnear" / "train.jsonl.gz", "rt", encoding="utf-8") as lines:
        for article in map(json.loads, lines):
            for number, (_, names) in judged.pop(zlib.crc32(article["id"].encode()), {}).items():
                assert not article["typed"]
                assert article["attributions"][number]["source"]
                for start, end in names:
                    around = article["text"][max(0, start - 1) : end + 1]
                    assert article["text"][start:end].strip() == article["text"][start:end] != "", around
    assert not judged


CONLLU = """# newdoc id = own_news_pier
# newpar
# sent_id = own-1
1\tDr.\tDr.\tPROPN\tNNP\t_\t0\troot\t_\tEntity=(1-person-new-nnnnn-cf1-2-coref
2\tQuill\tQuill\tPROPN\tNNP\t_\t1\tflat\t_\tEntity=1)
3\tleft\tleave\tVERB\tVBD\t_\t1\tx\t_\tSpaceAfter=No
4\t.\t.\tPUNCT\t.\t_\t1\tpunct\t_\t_

# sent_id = own-2
1\tShe\tshe\tPRON\tPRP\t_\t0\troot\t_\tEntity=(1-person-giv:act-nnnnn-cf1-1-ana)
2-3\tcan't\t_\t_\t_\t_\t_\t_\t_\t_
2\tca\tcan\tAUX\tMD\t_\t1\taux\t_\t_
3\tn't\tnot\tPART\tRB\t_\t1\tadvmod\t_\t_
4\tswim\tswim\tVERB\tVB\t_\t1\tx\t_\t_

"""


def test_read_gum(tmp_path):
    with gzip.open(tmp_path / "train.conllu.gz", "wt", encoding="utf-8") as out:
        out.write(CONLLU)
    (text,) = read_gum(tmp_path / "train.conllu.gz")
    assert text.text == "Dr. Quill left. She can't swim "
    assert [(text.text[a:b], label) for a, b, label in text.names] == [("Quill", 1)]
    assert [text.text[s : s + 3] for s in text.sentences] == ["Dr.", "She"]
    assert [(text.text[slice(*m.span)], [text.text[a:b] for a, b in m.names]) for m in text.mentions] == [
        ("She", ["Quill"])
    ]
