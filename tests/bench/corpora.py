"""Synthetic corpora for the benchmarks, from a seed: reports as JSON Lines, and tables of a corpus written directly.

Half of the names are those of 5,000 known people, by the law of Zipf and Mandelbrot (the best known in one article of nine), half
anybody's; one article in ten is a near-duplicate copy of another; outlets differ in size. Nothing of it is anybody's text.
"""

import json
from pathlib import Path

import numpy as np

from sourcing.corpus.copies import signature_of
from sourcing.corpus.layout import ARTICLES, KEYS, QUOTES, REPORTS, SPEAKERS, metric_columns, schemas
from sourcing.corpus.person_names import stored_key

SYLLABLES = (
    "ba be bi bo da de di do fa fe ga go ha ka ke ko la le li lo ma me mi mo na ne ni no pa pe ra re ri ro sa se ta te to va"
).split()
GIVEN, LAST = 600, 40_000
KNOWN = 5000
OUTLETS = 50
SPEAKERS_EACH = 10
WORDS = 8000


def words_of(random, count):
    """Made-up words of two to four syllables."""
    out = set()
    while len(out) < count:
        out.add("".join(random.choice(SYLLABLES) for _ in range(random.integers(2, 5))))
    return np.array(sorted(out))


class World:
    """Names, outlets and words that articles draw from."""

    def __init__(self, seed=1):
        self.random = np.random.default_rng(seed)
        self.given = np.char.capitalize(words_of(self.random, GIVEN))
        self.last = np.char.capitalize(words_of(self.random, LAST))
        self.words = words_of(self.random, WORDS)
        self.outlets = np.array([f"The {w.capitalize()} Courier" for w in self.words[:OUTLETS]])
        self.outlet_share = 1 / np.arange(1, OUTLETS + 1) ** 0.7
        self.outlet_share /= self.outlet_share.sum()
        fame = 1 / (np.arange(KNOWN) + 5)
        self.fame = np.cumsum(fame / fame.sum())

    def people(self, count):
        """Indices of given and last names, (count, 2): half are among KNOWN people, half anybody."""
        known = np.searchsorted(self.fame, self.random.random(count))
        fixed = np.stack([known * 7919 % GIVEN, known * 104729 % LAST], 1)
        anybody = np.stack([self.random.integers(0, GIVEN, count), self.random.integers(0, LAST, count)], 1)
        return np.where(self.random.random(count)[:, None] < 0.5, fixed, anybody)

    def text(self, length):
        """Running words."""
        return " ".join(self.words[self.random.zipf(1.2, length) % WORDS])


def figures(random, count):
    """A column of plausible numbers for every figure of a report."""
    out = {}
    for group, field, whole in metric_columns():
        values = random.gamma(2.0, 3.0, count)
        out[f"{group}.{field}"] = values.astype(np.int32) if whole else values / (values + 5)
    return out


def fill(store, articles, *, seed=1, chunk=50_000):
    """Write a corpus of so many articles into the store's tables, ten people an article, without reports' text."""
    import pyarrow as pa

    world = World(seed)
    last_key = np.array([stored_key(f"Ada {name}")[0] for name in world.last])
    given_key = np.array([stored_key(f"{name} Quill")[1] for name in world.given])
    texts = [signature_of(world.text(400)) for _ in range(2000)]
    signatures = np.frombuffer(b"".join(texts), np.uint8).reshape(-1, 128)
    for low in range(0, articles, chunk):
        n = min(chunk, articles - low)
        random = world.random
        doc = np.arange(low, low + n, dtype=np.int64)
        original = random.random(n) < 0.9
        noise = random.integers(0, 256, (n, 128), dtype=np.uint8)
        copies = signatures[random.integers(0, len(signatures), n)]
        signature = np.where(original[:, None], noise, copies)
        months = np.array([f"20{y:02}-{m:02}" for y in range(16, 26) for m in range(1, 13)])[random.integers(0, 120, n)]
        columns = {
            "doc": doc, "hash": random.integers(0, 2**62, n), "id": [f"a{d}" for d in doc], "sha256": ["0" * 64] * n,
            "content": random.integers(0, 2**60, n),
            "outlet": world.outlets[random.choice(OUTLETS, n, p=world.outlet_share)], "domain": [None] * n, "url": [None] * n,
            "published": np.char.add(months, "-05"), "day": np.char.add(months, "-05"), "month": months,
            "title": [None] * n, "author": [None] * n,
            "language": ["en"] * n, "score": random.normal(50, 12, n).clip(0, 100), "model": ["bench 1"] * n,
            "origin": ["bench"] * n, "added": pa.array(np.zeros(n, "datetime64[us]")),
            "signature": [row.tobytes() for row in signature], **figures(random, n),
        }  # fmt: skip
        people = world.people(n * SPEAKERS_EACH)
        g, f = people[:, 0], people[:, 1]
        order = np.argsort(last_key[f], kind="stable")
        whose = np.repeat(doc, SPEAKERS_EACH)
        number = np.tile(np.arange(SPEAKERS_EACH), n)
        m = len(people)
        speaker = np.where(number < 6, np.char.add("s", (number + 1).astype(str)), None)
        counts = random.integers(0, 4, m).astype(np.int32)
        rows = {
            "last": last_key[f], "given": given_key[g],
            "name": np.char.add(np.char.add(world.given[g], " "), world.last[f]),
            "doc": whose, "speaker": speaker, "class": ["named"] * m, "type": ["person"] * m, "title": [None] * m,
            "affiliation": [None] * m, "description": [None] * m, "attributions": counts + 1, "quotes": counts,
            "words": counts * 20,
        }  # fmt: skip
        rows = {k: (np.asarray(v, dtype=object) if isinstance(v, list) else v)[order] for k, v in rows.items()}
        q = n * 3
        keys = random.integers(-(2**31), 2**31, (q, KEYS)).astype(np.int32)
        quotes = {
            "doc": np.repeat(doc, 3), "quote": ["q1"] * q, "text": ["“" + world.text(12) + "”"] * q, "speaker": ["s1"] * q,
            "name": [None] * q, **{f"k{k + 1}": keys[:, k] for k in range(KEYS)},
        }  # fmt: skip
        for name, filled in ((SPEAKERS, rows), (QUOTES, quotes), (REPORTS, {"doc": doc, "report": [b"{}"] * n})):
            store.append(name, table_of(filled, name))
        store.append(ARTICLES, table_of(columns, ARTICLES))


def table_of(columns, name):
    """Arrays as an Arrow table of a corpus table's schema."""
    import pyarrow as pa

    schema = schemas()[name]
    arrays = [
        pa.array(columns[f.name]).cast(f.type)
        if not isinstance(columns[f.name], list)
        else pa.array(columns[f.name], f.type)
        for f in schema
    ]
    return pa.Table.from_arrays(arrays, schema=schema)


def write_reports(path, count, template, *, seed=1):
    """Write so many reports as JSON Lines, each a variation of `template` (a report as a dict): other people, other ids."""
    world = World(seed)
    with Path(path).open("w", encoding="utf-8") as out:
        for number in range(count):
            report = dict(template)
            report["article"] = {**template["article"], "id": f"r{number}", "outlet": str(world.outlets[number % OUTLETS]),
                                 "sha256": f"{number:064x}", "published": f"2026-{number % 12 + 1:02}-05"}  # fmt: skip
            drawn = (f"{world.given[a]} {world.last[b]}" for a, b in world.people(SPEAKERS_EACH))
            people = list(dict.fromkeys(drawn))
            base = template["speakers"][0]
            report["speakers"] = [
                {**base, "id": f"s{k + 1}", "name": name, "class": "named", "type": "person", "anonymity": None}
                for k, name in enumerate(people[:6])
            ]
            report["people"] = [{"name": name, "start": 0, "end": 5, "mentions": 2} for name in people]
            said = [f"“{world.text(18)}”" for _ in range(12)]
            spans = [{"start": k * 200, "end": k * 200 + len(text), "text": text} for k, text in enumerate(said)]
            report["attributions"] = [
                {"id": f"a{k + 1}", "kind": "direct", "content": [span],
                 "cue": {"start": k * 200 + 180, "end": k * 200 + 184, "text": "said"},
                 "source": {"start": k * 200 + 185, "end": k * 200 + 190, "text": "Quill"},
                 "speaker": f"s{k % 6 + 1}", "sentence": k, "confidence": 0.9}
                for k, span in enumerate(spans)
            ]  # fmt: skip
            report["quotes"] = [
                {"id": f"q{k + 1}", **span, "role": "speech", "attribution": f"a{k + 1}", "speaker": f"s{k % 6 + 1}"}
                for k, span in enumerate(spans)
            ]
            out.write(json.dumps(report, ensure_ascii=False) + "\n")
