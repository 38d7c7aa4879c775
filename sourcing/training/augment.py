"""Make a training text look like other newsrooms' copy: quote styles, paragraphing, names, lost marks, case.

The training articles are American political news in double quotes; every change here is one that an annotation survives, and
spans are carried along by offset.
"""

from bisect import bisect_right
from dataclasses import replace
from random import Random
from typing import Any

from sourcing.annotate.marks import pair_marks
from sourcing.training.corpus import Mention, Text, paragraphs_of

Edit = tuple[int, int, str]
STYLES = (("‘", "’", "“", "”"), ("'", "'", '"', '"'), ('"', '"', "'", "'"), ("«", "»", "“", "”"), ("“", "”", "‘", "’"))

# Common given names and surnames of many languages, from general knowledge; they only make the model's names diverse.
WOMEN = """Aisha Amina Ana Anjali Astrid Ayumi Beatriz Camila Chiara Chioma Delphine Elif Esra Fatima Freya Gulnara Hana
Ingrid Isabel Jelena Joanna Kavita Khadija Laila Leila Ling Lucia Mariam Marta Mei Mercy Miriam Nadia Naledi
Ngozi Niamh Noor Olga Paloma Priya Rania Rosa Sabine Saoirse Shirin Sofia Sunita Svetlana Tamar Thandiwe
Ursula Valentina Wanjiru Xiu Yasmin Yuki Zainab Zofia Margaret Alice Emma Rachel Donna Gwen Harriet Tessa
Megan Moira""".split()
MEN = """Abdul Ahmed Alejandro Amir Andrei Arjun Babajide Bilal Carlos Chen Darius Dmitri Emeka Enrique Farid Faisal
Giorgos Hamid Hans Haruto Hiroshi Ibrahim Ivan Jacek Javier Jin Joaquin Jomo Kamal Karim Kofi Kwame Lars Luca
Mahmoud Marek Mateo Mohammed Naveen Omar Oleksandr Pavel Pedro Rahul Rashid Samir Sanjay Sergei Stefan Tariq
Thabo Tomasz Vikram Wei Yusuf Zoltan Arthur Callum Dylan Graham Hugh Keith Nigel Owen Stuart Wayne Trevor""".split()
SURNAMES = """Abbasi Abdi Adeyemi Al-Hashimi al-Masri Almeida Andersson Banerjee Bianchi Boateng Bondarenko Castillo
Chaudhry Chen Cohen Costa Dlamini Diallo Dubois Eriksen Evans Fernandez Fischer Garcia Gonzalez Gunawardena
Haddad Hakimi Hernandez Horvath Hussain Ito Ivanova Jankowski Kamau Kapoor Khan Kim Kowalski Kovac Larsen Le
Lindqvist Lopez MacDonald Mahmood Mbeki McAllister Mensah Moreau Mutasa Nakamura Nguyen Novak Nwosu O’Brien
O’Sullivan Okafor Okonkwo Osei Ozturk Papadopoulos Park Patel Pereira Petrov Popescu Rahman Ramirez Reddy
Rossi Sato Schmidt Sharma Silva Singh Sokolov Suzuki Takahashi Tran van-Dijk Vasquez Virtanen Wang Weber Wu
Yilmaz Zhang Zhou Ziegler Ashworth Blackwood Carver Denholm Fairclough Hargreaves Lockhart Pemberton Thackeray
Whitcombe""".split()


def augment(text: Text, random: Random) -> Text:
    """Return a changed copy; each kind of change is drawn on its own."""
    edits: list[Edit] = []
    if random.random() < 0.5:
        edits += _swap_names(text, random)
    if random.random() < 0.6:
        edits += _restyle(text, random)
    if random.random() < 0.5:
        edits += _reparagraph(text, random)
    changed = apply(text, edits)
    draw = random.random()
    if draw < 0.02 and len(changed.text.lower()) == len(changed.text):
        changed = replace(changed, text=changed.text.lower())
    elif draw < 0.04 and len(changed.text.upper()) == len(changed.text):
        changed = replace(changed, text=changed.text.upper())
    return replace(changed, paragraphs=paragraphs_of(changed.text))


def apply(text: Text, edits: list[Edit]) -> Text:
    """Carry out the edits (overlapping later ones are dropped) and move every span along."""
    kept: list[Edit] = []
    for edit in sorted(edits):
        if not kept or edit[0] >= kept[-1][1]:
            kept.append(edit)
    pieces, position, shift = [], 0, 0
    starts, ends, shifts = [], [], []
    for a, b, new in kept:
        pieces += [text.text[position:a], new]
        position = b
        starts.append(a)
        ends.append(b)
        shift += len(new) - (b - a)
        shifts.append(shift)
    pieces.append(text.text[position:])

    def move(offset: int, *, end: bool = False) -> int:
        k = bisect_right(starts, offset - 1 if end else offset) - 1
        if k < 0:
            return offset
        before = shifts[k - 1] if k else 0
        if offset < ends[k]:  # inside a replaced stretch: to its border
            return ends[k] + shifts[k] if end else starts[k] + before
        return offset + shifts[k]

    def span(s: tuple[int, int]) -> tuple[int, int]:
        return move(s[0]), move(s[1], end=True)

    def spans(x: tuple[tuple[int, int], ...]) -> tuple[tuple[int, int], ...]:
        return tuple(map(span, x))

    relations: Any = text.relations and tuple(
        replace(r, source=spans(r.source), cue=spans(r.cue), content=spans(r.content)) for r in text.relations
    )
    return replace(
        text,
        text="".join(pieces),
        relations=relations,
        names=None if text.names is None else tuple((*span((a, b)), label) for a, b, label in text.names),
        sentences=None if text.sentences is None else tuple(move(s) for s in text.sentences),
        mentions=tuple(Mention(span(m.span), spans(m.names), m.trust) for m in text.mentions),
    )


def _restyle(text: Text, random: Random) -> list[Edit]:
    """Other marks for every quotation; now and then one gets lost."""
    outer_open, outer_close, inner_open, inner_close = random.choice(STYLES)
    lose = 0.03 if random.random() < 0.3 else 0.0
    edits = []
    for passage in pair_marks(text.text, text.paragraphs).passages:
        opening, closing = (inner_open, inner_close) if passage.nested else (outer_open, outer_close)
        last = passage.marks[-1] if passage.closed else None
        for a, b in passage.marks:
            edits.append((a, b, "" if random.random() < lose else closing if (a, b) == last else opening))
    return edits


def _reparagraph(text: Text, random: Random) -> list[Edit]:
    """Join paragraphs, break them at sentence ends, or run everything into single lines."""
    kind = random.choice(("join", "break", "lines", "odd"))
    gaps = [(a[1], b[0]) for a, b in zip(text.paragraphs, text.paragraphs[1:], strict=False)]
    if kind == "lines":
        return [(a, b, "\n") for a, b in gaps]
    if kind == "join":
        return [(a, b, " ") for a, b in gaps if random.random() < 0.3]
    edits = []
    for s in (text.sentences or ())[1:]:
        if text.text[s - 1 : s] == " " and random.random() < (0.5 if kind == "break" else 0.1):
            edits.append((s - 1, s, "\n\n"))
    return edits


def _swap_names(text: Text, random: Random) -> list[Edit]:
    """Other people: the parts of each name replaced alike throughout, the gender that the pronouns show kept."""
    people = [(a, b) for a, b, label in text.names or () if label == 1]
    gender: dict[str, list[str]] = {}
    for mention in text.mentions:
        word = text.text[slice(*mention.span)].lower()
        pool = MEN if word in ("he", "him", "his") else WOMEN if word in ("she", "her") else None
        for a, b in mention.names if pool else ():
            gender[text.text[a:b].split()[-1]] = pool or []
    new: dict[str, str] = {}
    edits: list[Edit] = []
    for a, b in people:
        parts = text.text[a:b].split(" ")
        if not all(p[:1].isupper() for p in parts) or random.random() < 0.02:
            continue
        pool = gender.get(parts[-1]) or random.choice((MEN, WOMEN))
        for k, part in enumerate(parts):
            last = k == len(parts) - 1
            if part not in new:
                new[part] = random.choice(SURNAMES if last else pool)
        edits.append((a, b, " ".join(new[p] for p in parts)))
    return edits
