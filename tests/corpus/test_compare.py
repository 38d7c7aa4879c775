"""The comparison's figures against plain reckoning, its intervals against simulated truth, and what it must refuse or leave out."""

import math

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from sourcing.corpus import compare as comparing
from sourcing.corpus.compare import ALL_PAIRS, compare
from sourcing.corpus.comparison_differences import correct
from sourcing.corpus.comparison_intervals import BLOCKS, estimate
from sourcing.errors import UsageError

METRIC = "sources.named_word_share"


def table_of(rows, **metrics):
    """rows: (group, story, month) triples."""
    group, story, month = zip(*rows, strict=True) if rows else ((), (), ())
    return pa.table({
        "group": pa.array(group, pa.string()),
        "story": pa.array(story, pa.int64()),
        "month": pa.array(month, pa.string()),
        **{name: pa.array(values) for name, values in (metrics or {METRIC: [0.5] * len(rows)}).items()},
    })  # fmt: skip


def clustered(rng, groups=("A", "B"), stories=30, shared=0, spread=0.3, months=4):
    """Articles in stories of one to eight that resemble each other; the first `shared` stories stand in every group."""
    rows, values = [], []
    level = rng.normal(0, 1, shared + stories * len(groups))
    for place, group in enumerate(groups):
        own = [*range(shared), *range(shared + place * stories, shared + (place + 1) * stories)]
        for story in own:
            for _ in range(rng.integers(1, 9)):
                rows.append((group, story, f"2024-{rng.integers(months) + 1:02d}"))
                values.append(float(level[story] + rng.normal(0, spread) + place / 4))
    return rows, values


def entry(comparison, group, metric=METRIC):
    found = next(item for item in comparison.groups if item.name == group)
    return next(item for item in found.metrics if item.metric == metric)


def jackknife(rows, values, statistic):
    """Leave each story out of everything."""
    stories = sorted({row[1] for row in rows})
    kept = [[(row, value) for row, value in zip(rows, values, strict=True) if row[1] != story] for story in stories]
    return np.array([statistic(*zip(*part, strict=True)) for part in kept])


def mean_of(group):
    return lambda rows, values: np.mean([value for row, value in zip(rows, values, strict=True) if row[0] == group])


# --- figures -----------------------------------------------------------------------------------------------------------


def test_means_medians_and_counts():
    rng = np.random.default_rng(3)
    rows, values = clustered(rng)
    holes = [None if number % 7 == 0 else value for number, value in enumerate(values)]
    found = compare(table_of(rows, **{METRIC: holes}), by="outlet")
    assert [group.name for group in found.groups] == sorted("AB", key=lambda name: -sum(row[0] == name for row in rows))
    for group in found.groups:
        held = [
            (row[1], value)
            for row, value in zip(rows, holes, strict=True)
            if row[0] == group.name and value is not None
        ]
        item = group.metrics[0]
        assert group.articles == sum(row[0] == group.name for row in rows)
        assert group.stories == 30
        assert (item.n, item.stories) == (len(held), len({story for story, _ in held}))
        assert item.mean == pytest.approx(np.mean([value for _, value in held]), rel=1e-5)
        assert item.median == pytest.approx(np.median([value for _, value in held]), rel=1e-5)
        assert item.mean_low < item.mean < item.mean_high
        assert item.median_low <= item.median <= item.median_high


@pytest.mark.parametrize("kind", ["normal", "ties", "skewed"])
def test_intervals_are_those_of_drawing_stories_one_by_one(kind):
    rng = np.random.default_rng(11)
    size = rng.integers(1, 9, 200)
    story = np.repeat(np.arange(200), size)
    values = rng.normal(0, 1, 200)[story] + rng.normal(0, 0.3, len(story))
    values = {"normal": values, "ties": np.maximum(np.round(2 * values), 0), "skewed": np.exp(values)}[kind]
    found = estimate(values[None], story, seed=1, replicates=4000)
    pieces = np.split(values, np.cumsum(size)[:-1])
    drawn = [np.concatenate([pieces[k] for k in rng.integers(0, 200, 200)]) for _ in range(4000)]
    for name, statistic in (("mean", np.mean), ("median", np.median)):
        replicas = [statistic(sample) for sample in drawn]
        # Student's interval of 200 stories is wider than the plain percentiles by about one part in a hundred.
        low, high = np.quantile(replicas, [0.0235, 0.9765])
        slack = max(0.12 * (high - low), 1e-9)
        assert getattr(found, f"{name}_low")[0] == pytest.approx(low, abs=slack)
        assert getattr(found, f"{name}_high")[0] == pytest.approx(high, abs=slack)


def test_the_interval_of_a_share_stays_within_what_there_is():
    """One article of 22 with a share of a third: the draws without it have a mean of 0, and not of -1e-18."""
    for rare in (0.0667, 0.3333, 0.1):
        values = np.array([[rare] + [0.0] * 21, [1 - rare] + [1.0] * 21])
        found = estimate(values, np.arange(22), seed=1, replicates=2000)
        assert found.mean_low[0] == 0
        assert found.mean_high[1] == 1


def test_more_stories_than_blocks_change_nothing_but_the_draws():
    rng = np.random.default_rng(5)
    stories = 3 * BLOCKS + 17
    story = np.repeat(np.arange(stories), rng.integers(1, 5, stories))
    values = rng.normal(0, 1, stories)[story] + rng.normal(0, 0.3, len(story))
    found = estimate(values[None], story, seed=1, replicates=1000)
    sums = np.bincount(story, values - values.mean())
    error = np.sqrt((sums**2).sum()) / len(values)
    assert found.mean[0] == pytest.approx(values.mean())
    assert found.mean_high[0] - found.mean_low[0] == pytest.approx(2 * 1.96 * error, rel=0.12)
    at_most = np.bincount(story, (values <= np.median(values)) - 0.5)
    reach = 1.96 * np.sqrt((at_most**2).sum()) / len(values)
    low, high = np.quantile(values, [0.5 - reach, 0.5 + reach])
    assert found.median_high[0] - found.median_low[0] == pytest.approx(high - low, rel=0.15)


def test_intervals_cover_the_truth_and_would_not_without_stories():
    """300 simulated corpora, strongly clustered: 95 % intervals hold the true figure in 92 to 98 %."""
    hits, blind = np.zeros(2), np.zeros(2)
    for seed in range(300):
        rng = np.random.default_rng([seed, 7])
        story = np.repeat(np.arange(80), rng.geometric(0.3, 80))
        values = rng.normal(0, 1, 80)[story] + rng.normal(0, 0.4, len(story))  # mean and median are 0
        for tally, grouping in ((hits, story), (blind, np.arange(len(story)))):
            found = estimate(values[None], grouping, seed=seed, replicates=500)
            tally += [found.mean_low[0] <= 0 <= found.mean_high[0], found.median_low[0] <= 0 <= found.median_high[0]]
    assert (hits / 300 >= 0.92).all()
    assert (hits / 300 <= 0.98).all()
    assert (blind / 300 < 0.85).all()


# --- differences -------------------------------------------------------------------------------------------------------


def test_without_copies_it_is_welchs_test():
    rng = np.random.default_rng(2)
    a, b = rng.normal(0, 1, 40), rng.normal(0.5, 3, 25)
    rows = [("A", n, None) for n in range(40)] + [("B", 100 + n, None) for n in range(25)]
    found = compare(table_of(rows, **{METRIC: [*a, *b]}), by="outlet").differences[0]
    test = stats.ttest_ind(a, b, equal_var=False)
    assert found.p == pytest.approx(test.pvalue, rel=1e-4)
    assert (found.low, found.high) == pytest.approx(tuple(test.confidence_interval()), rel=1e-4)
    assert found.difference == pytest.approx(a.mean() - b.mean(), rel=1e-4)
    assert found.effect == pytest.approx(np.sign(a[:, None] - b[None]).mean(), abs=1e-5)
    assert found.p_adjusted == found.p
    assert found.method == "t-test, delete-one-story jackknife"


@pytest.mark.parametrize("shared", [0, 12])
def test_the_error_is_that_of_leaving_stories_out(shared):
    rng = np.random.default_rng(4)
    rows, values = clustered(rng, shared=shared)
    found = compare(table_of(rows, **{METRIC: values}), by="outlet").differences[0]
    means = {name: jackknife(rows, values, mean_of(name)) - mean_of(name)(rows, values) for name in "AB"}
    in_both = (means["A"] != 0) & (means["B"] != 0)
    assert in_both.sum() == shared
    stories = 30 + shared
    variance = (stories - 1) / stories * ((means[found.a] - means[found.b]) ** 2).sum()
    sizes = {
        name: np.array([sum(r[0] == name and r[1] == s for r in rows) for s in {r[1] for r in rows}]) for name in "AB"
    }
    freedom = {name: (n**2).sum() ** 2 / (n**4).sum() - 1 for name, n in sizes.items()}
    parts = {name: (stories - 1) / stories * (means[name] ** 2).sum() for name in "AB"}
    welch = sum(parts.values()) ** 2 / sum(parts[name] ** 2 / freedom[name] for name in "AB")
    assert found.p == pytest.approx(2 * stats.t.sf(abs(found.difference) / math.sqrt(variance), welch), rel=1e-3)


def test_each_against_the_rest_is_near_to_leaving_stories_out():
    rng = np.random.default_rng(8)
    names = [f"G{n:02d}" for n in range(ALL_PAIRS + 1)]
    rows, values = clustered(rng, names, stories=25, shared=10)
    rows += [("tiny", 5000 + n, None) for n in range(5)]  # too small to be compared, but part of the rest
    values += [9.0] * 5
    found = compare(table_of(rows, **{METRIC: values}), by="outlet")
    assert found.pairing == "each_against_rest"
    assert len(found.differences) == len(names)
    for item in found.differences[:4]:
        us = np.array([row[0] == item.a for row in rows])
        numbers = np.array(values)
        assert item.b is None
        assert item.difference == pytest.approx(numbers[us].mean() - numbers[~us].mean(), rel=1e-4)
        assert item.effect == pytest.approx(np.sign(numbers[us][:, None] - numbers[~us][None]).mean(), abs=1e-5)
        story = np.array([row[1] for row in rows])
        moved = [
            numbers[us & (story != s)].mean() - numbers[~us & (story != s)].mean() - item.difference
            for s in np.unique(story)
        ]
        reach = (item.high - item.low) / 2
        assert reach == pytest.approx(2.03 * math.sqrt((np.array(moved) ** 2).sum()), rel=0.06)
        assert item.method == "t-test, delete-one-story jackknife; linearised for the rest"


def test_a_true_null_is_rejected_in_one_of_twenty():
    rejected = blind = 0
    for seed in range(300):
        rng = np.random.default_rng([seed, 9])
        level = rng.normal(0, 1, 80)
        story = np.repeat(np.arange(80), rng.geometric(0.3, 80))
        values = level[story] + rng.normal(0, 0.4, len(story))
        group = np.where(story < 40, "A", "B")
        columns = comparing.read_columns(
            pa.table({"group": group, "story": story, "m": values}), minimum=5, by_name=True
        )
        rejected += comparing._differences(columns, "all_pairs", [(0, 1)], 5)[0].p < 0.05
        blind += stats.ttest_ind(values[group == "A"], values[group == "B"], equal_var=False).pvalue < 0.05
    assert rejected / 300 < 0.08
    assert blind / 300 > 0.15


def test_ties_count_half():
    rows = [(name, n + 100 * (name == "B"), None) for name in "AB" for n in range(20)]
    values = [0.0] * 10 + [1.0] * 10 + [0.0] * 15 + [1.0] * 5
    assert compare(table_of(rows, m=values), by="outlet").differences[0].effect == 0.25


@pytest.mark.parametrize("digits", [2, 4, 15])
@pytest.mark.parametrize("groups", [2, 13])
def test_effects_of_many_articles_are_those_of_all_pairs(digits, groups):
    """More different values than are looked at together, and few enough to be counted without sorting."""
    rng = np.random.default_rng(1)
    size = 120_000
    place = rng.integers(0, groups, size)
    values = np.round(rng.normal(0, 30, size) + place, digits)
    table = pa.table({"group": [f"G{n:02d}" for n in place], "story": np.arange(size), "m": values})
    found = compare(table, by="outlet", replicates=200).differences[0]
    us = table["group"].to_numpy() == found.a
    u = stats.mannwhitneyu(values[us], values[~us]).statistic
    assert found.effect == pytest.approx(2 * u / us.sum() / (~us).sum() - 1, abs=1e-6)


@pytest.mark.parametrize(
    ("p", "adjusted"),
    [
        ([0.01, 0.02, 0.03], [0.03, 0.04, 0.04]),
        ([0.5, 0.9], [1.0, 1.0]),
        ([0.04, math.nan, 0.01], [0.04, math.nan, 0.02]),
        ([math.nan], [math.nan]),
        ([], []),
    ],
)
def test_holm(p, adjusted):
    np.testing.assert_allclose(correct(np.array(p, dtype=float)), adjusted)


def test_correction_is_over_all_metrics_and_pairs():
    rng = np.random.default_rng(6)
    rows = [(name, 100 * place + n, None) for place, name in enumerate("ABC") for n in range(30)]
    metrics = {f"m{k}": rng.normal(0, 1, 90) + np.repeat([0, 0, 2 * (k == 0)], 30) for k in range(4)}
    found = compare(table_of(rows, **metrics), by="outlet")
    assert found.tests == len(found.differences) == 12
    smallest = min(found.differences, key=lambda item: item.p)
    assert smallest.p_adjusted == pytest.approx(12 * smallest.p, rel=1e-4)
    assert {item.metric for item in found.differences if item.p_adjusted < 0.05} == {"m0"}


def test_no_spread_is_no_test():
    rows = [(name, n + 100 * (name == "B"), None) for name in "AB" for n in range(25)]
    found = compare(table_of(rows, same=[0.1] * 50, apart=[0.1] * 25 + [0.7] * 25), by="outlet")
    assert [(item.p, item.low, item.method) for item in found.differences] == [(None, None, None)] * 2
    assert [item.difference for item in found.differences] == [0.0, -0.6]
    assert found.tests == 0
    assert (entry(found, "A", "same").mean_low, entry(found, "A", "same").median_high) == (0.1, 0.1)


def test_one_story_has_no_interval():
    rows = [("A", 1, None)] * 30 + [("B", n + 5, None) for n in range(30)]
    rng = np.random.default_rng(1)
    found = compare(table_of(rows, m=rng.normal(0, 1, 60)), by="outlet")
    one = entry(found, "A", "m")
    assert (one.stories, one.mean_low, one.median_high) == (1, None, None)
    assert one.mean is not None
    assert found.differences[0].p is None


# --- what is compared --------------------------------------------------------------------------------------------------


def test_unknown_and_small_groups():
    rows = [("A", n, None) for n in range(25)] + [("tiny", 50 + n, None) for n in range(19)]
    rows += [(None, 90, None), ("", 91, None), ("  ", 92, None)]
    found = compare(table_of(rows), by="outlet")
    assert (found.articles, found.dropped_without_group) == (47, 3)
    assert found.small_groups == (("tiny", 19),)
    assert [group.name for group in found.groups] == ["A"]
    assert found.differences == ()
    assert [g.name for g in compare(table_of(rows), by="outlet", minimum=19).groups] == ["A", "tiny"]


def test_a_metric_with_few_values_has_counts_alone():
    rows = [(name, n + 100 * (name == "B"), "2024-01") for name in "AB" for n in range(40)]
    rare = [float(n) if n % 5 == 0 else None for n in range(80)]
    found = compare(table_of(rows, rare=rare, never=pa.nulls(80), often=[float(n % 9) for n in range(80)]), by="outlet")
    item = entry(found, "A", "rare")
    assert (item.n, item.stories, item.mean, item.median_low) == (8, 8, None, None)
    assert entry(found, "A", "never").n == 0
    assert {d.metric: d.p is None for d in found.differences} == {"rare": True, "never": True, "often": False}
    assert {point.metric for point in found.trend} == {"often"}


def test_stories_unknown_are_each_their_own():
    rng = np.random.default_rng(1)
    values = rng.normal(0, 1, 60)
    rows = [("A" if n < 30 else "B", n, None) for n in range(60)]
    known = compare(table_of(rows, m=values), by="outlet")
    unknown = compare(table_of([(row[0], None, None) for row in rows], m=values), by="outlet")
    assert known.differences == unknown.differences
    assert [group.stories for group in unknown.groups] == [30, 30]


def test_months_stand_in_order_and_others_by_size():
    rows = [("2024-03", n, None) for n in range(20)] + [("2024-01", 50 + n, None) for n in range(30)]
    months = [(name, story, name) for name, story, _ in rows]
    found = compare(table_of(months), by="month")
    assert [group.name for group in found.groups] == ["2024-01", "2024-03"]
    assert [(point.group, point.month, point.n) for point in found.trend] == [
        (None, "2024-01", 30),
        (None, "2024-03", 20),
    ]
    rows = [("A", n, None) for n in range(20)] + [("B", 50 + n, None) for n in range(30)]
    assert [g.name for g in compare(table_of(rows), by="outlet").groups] == ["B", "A"]


@pytest.mark.parametrize(("groups", "pairing", "amount"), [(ALL_PAIRS, "all_pairs", 66), (13, "each_against_rest", 13)])
def test_all_pairs_or_each_against_the_rest(groups, pairing, amount):
    rng = np.random.default_rng(1)
    rows = [(f"G{g}", g * 100 + n, "2024-01") for g in range(groups) for n in range(20)]
    found = compare(table_of(rows, m=rng.normal(0, 1, len(rows))), by="outlet", replicates=200)
    assert (found.pairing, len(found.differences)) == (pairing, amount)
    assert len({point.group for point in found.trend}) == (1 if groups > ALL_PAIRS else 1 + groups)


def test_chosen_pairs():
    rng = np.random.default_rng(1)
    rows = [(f"G{g:02d}", g * 100 + n, None) for g in range(14) for n in range(20)]
    table = table_of(rows, m=rng.normal(0, 1, len(rows)))
    found = compare(table, by="outlet", pairs=[("G03", "G01"), ("G13", "G02")], replicates=200)
    assert found.pairing == "chosen_pairs"
    assert [(item.a, item.b) for item in found.differences] == [("G03", "G01"), ("G13", "G02")]
    assert found.tests == 2
    alone = compare(table.filter(pc.is_in(table["group"], pa.array(["G01", "G03"]))), by="outlet")
    assert alone.differences[0].p == found.differences[0].p


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"pairs": [("A", "nobody")]}, "'nobody' is not among"),
        ({"pairs": [("A", "tiny")]}, "'tiny' is not among"),
        ({"pairs": [("A", "A")]}, "two different groups"),
        ({"pairs": [("A", "B"), ("B", "A")]}, "given once"),
        ({"minimum": 1}, "2 or more"),
        ({"replicates": 50}, "200 replicates"),
        ({"seed": -1}, "negative"),
    ],
)
def test_options_that_make_no_sense(options, words):
    rows = [(name, n + 100 * (name == "B"), None) for name in "AB" for n in range(20)] + [("tiny", 900, None)]
    with pytest.raises(UsageError, match=words):
        compare(table_of(rows), by="outlet", **options)


def test_tables_that_make_no_sense():
    with pytest.raises(UsageError, match="no column story"):
        compare(pa.table({"group": ["A"]}), by="outlet")
    with pytest.raises(UsageError, match="no metric"):
        compare(pa.table({"group": ["A"], "story": [1], "copies": [2]}), by="outlet")
    with pytest.raises(UsageError, match="no column of numbers"):
        compare(pa.table({"group": ["A"], "story": [1], "title": ["x"]}), by="outlet")


def test_copies_and_month_are_no_metrics():
    rows = [("A", n, "2024-01") for n in range(20)]
    table = table_of(rows).append_column("copies", pa.array(range(20)))
    assert [item.metric for item in compare(table, by="outlet").groups[0].metrics] == [METRIC]
    assert compare(table.drop_columns("month"), by="outlet").trend == ()


def test_nothing_to_compare():
    for table in (table_of([]), table_of([(None, 1, "2024-01")]), table_of([("A", 1, None)])):
        found = compare(table, by="outlet")
        assert (found.groups, found.differences, found.trend, found.tests) == ((), (), (), 0)


# --- trend -------------------------------------------------------------------------------------------------------------


def test_trend():
    rng = np.random.default_rng(2)
    rows, values = clustered(rng, stories=60, months=3)
    rows = [(group, story, month if month != "2024-03" else "soon") for group, story, month in rows]
    rows[0] = (*rows[0][:2], "2024-04")  # a month with one article
    found = compare(table_of(rows, **{METRIC: values}), by="outlet")
    assert [(p.group, p.month) for p in found.trend] == [
        (group, month) for group in (None, *(g.name for g in found.groups)) for month in ("2024-01", "2024-02")
    ]
    for point in found.trend:
        held = [
            (row[1], value)
            for row, value in zip(rows, values, strict=True)
            if row[2] == point.month and point.group in (None, row[0])
        ]
        assert (point.n, point.stories) == (len(held), len({story for story, _ in held}))
        assert point.mean == pytest.approx(np.mean([value for _, value in held]), rel=1e-5)
        assert point.low < point.mean < point.high


# --- the same again ----------------------------------------------------------------------------------------------------


def test_the_order_of_rows_and_pieces_does_not_matter():
    rng = np.random.default_rng(12)
    rows, values = clustered(rng, groups="ABC", stories=1200 // 3, shared=10)
    rows += [("A", None, "2024-02")] * 9 + [(None, 4, None)] * 3
    values += [0.1 * n for n in range(12)]
    more = [None if n % 3 else v**2 for n, v in enumerate(values)]
    table = table_of(rows, **{METRIC: values, "other": more})
    first = compare(table, by="outlet", replicates=300)
    order = rng.permutation(len(rows))
    shuffled = table.take(pa.array(order))
    pieces = pa.concat_tables([shuffled.slice(0, 100), shuffled.slice(100)])
    assert compare(pieces, by="outlet", replicates=300) == first
    assert compare(table, by="outlet", replicates=300, seed=2) != first


def test_a_group_s_intervals_do_not_depend_on_the_others():
    rng = np.random.default_rng(13)
    rows, values = clustered(rng, groups="ABC")
    table = table_of(rows, **{METRIC: values})
    alone = compare(table.filter(pc.equal(table["group"], "B")), by="outlet")
    assert alone.groups[0] == next(group for group in compare(table, by="outlet").groups if group.name == "B")


finite = st.floats(-1e12, 1e12) | st.sampled_from([0.0, -0.0, 0.25, 1.0])
anything = st.none() | finite | st.sampled_from([math.nan, math.inf, -math.inf, 1e300, -1e300, 5e-324])


@settings(max_examples=60, deadline=None)
@given(
    rows=st.lists(
        st.tuples(
            st.sampled_from(["A", "B", "C", "=D", None]),
            st.none() | st.integers(-3, 6),
            st.sampled_from(["2024-01", "2024-02", "2024-13", "x", None]),
            anything,
            st.none() | st.integers(-3, 3),
        ),
        max_size=60,
    )
)
def test_whatever_comes_the_figures_are_finite_and_in_order(rows):
    group, story, month, first, second = zip(*rows, strict=True) if rows else ((),) * 5
    table = table_of(
        list(zip(group, story, month, strict=True)),
        real=pa.array(first, pa.float64(), from_pandas=False),
        whole=pa.array(second, pa.int32()),
    )
    found = compare(table, by="outlet", minimum=2, replicates=200)
    encoded = msgspec.to_builtins(found)

    def walk(value):
        if isinstance(value, dict):
            value = list(value.values())
        if isinstance(value, (list, tuple)):
            for part in value:
                walk(part)
        assert not isinstance(value, float) or math.isfinite(value)

    walk(encoded)
    for item in (item for group in found.groups for item in group.metrics):
        for low, high in ((item.mean_low, item.mean_high), (item.median_low, item.median_high)):
            assert (low is None) == (high is None)
            assert low is None or low <= high
    for item in found.differences:
        assert item.effect is None or -1 <= item.effect <= 1
        assert item.p is None or 0 <= item.p <= item.p_adjusted <= 1
        assert (item.p is None) == (item.method is None)


def test_nothing_goes_through_articles_one_by_one():
    """A hundred times the articles take nowhere near a hundred times the time."""
    import time

    seconds = []
    for size in (1000, 100_000):
        rng = np.random.default_rng(1)
        table = pa.table(
            {"group": np.where(rng.random(size) < 0.5, "A", "B"), "story": np.arange(size) // 2, "m": rng.random(size)}
        )
        began = time.perf_counter()
        compare(table, by="outlet")
        seconds.append(time.perf_counter() - began)
    assert seconds[1] < max(30 * seconds[0], 5)


def test_stories_are_drawn_by_what_is_in_them(tmp_path, reports):
    """Two corpora of the same articles in another order, which number their stories otherwise, compare alike."""
    import json
    import random

    from corpora import write_reports

    import sourcing

    write_reports(tmp_path / "lines.jsonl", 60, reports[0])
    varied = [json.loads(line) for line in (tmp_path / "lines.jsonl").read_text(encoding="utf-8").splitlines()]
    for number, report in enumerate(varied):
        report["article"].pop("text")  # copies are then found by what is quoted, which differs
        report["article"]["outlet"] = f"Outlet {number % 2}"
        report["score"]["value"] = 40 + number * 7 % 50
    found = []
    for name in ("one", "two"):
        random.Random(name).shuffle(varied)
        (tmp_path / f"{name}.jsonl").write_text("".join(json.dumps(r) + "\n" for r in varied), encoding="utf-8")
        corpus = sourcing.Corpus(tmp_path / name, create=True)
        assert corpus.add([tmp_path / f"{name}.jsonl"]).added == 60
        found.append(corpus.compare(minimum=5))
    assert found[0].groups[0].metrics[0].stories > 20
    assert found[0] == found[1]
