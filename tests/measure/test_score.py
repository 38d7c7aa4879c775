import json
import re
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sourcing.errors import UsageError
from sourcing.measure import (
    COMPONENT_NAMES,
    Distribution,
    Profile,
    build_reference,
    corroboration,
    load_profile,
    load_reference,
    measure,
    score,
)
from sourcing.measure.components import COMPONENTS
from sourcing.measure.distribution import MINIMUM_ARTICLES
from sourcing.records import CorpusStatus, Elsewhere, ModelCard, Report

ARTICLE = "<s1:marsh>Olga Marsh</s> <u1>said</u> <c1>the wall had held</c>. The ferry runs."
finite = st.floats(-1e6, 1e6, allow_nan=False).map(lambda value: round(value, 4))


@pytest.fixture
def metrics(annotated):
    return measure(*annotated(ARTICLE, marsh={"name": "Olga Marsh", "title": "mayor"}))


@pytest.fixture
def empty(annotated):
    return measure(*annotated(""))


def component(result, name):
    return next(each for each in result.components if each.name == name)


# percentiles


@given(st.lists(finite, min_size=1, max_size=60), finite, finite)
def test_percentiles_rise_with_the_value(values, one, other):
    distribution = Distribution.of(values)
    low, high = sorted((one, other))
    assert 0 <= distribution.percentile(low) <= distribution.percentile(high) <= 100


@given(st.lists(st.integers(0, 4), min_size=1, max_size=200), st.integers(0, 4))
def test_percentiles_are_mid_ranks(values, value):
    exact = 100 * (sum(v < value for v in values) + sum(v == value for v in values) / 2) / len(values)
    if value in values:  # the table of 101 quantiles keeps ranks to within a step or the article's own width
        assert Distribution.of(values).percentile(value) == pytest.approx(exact, abs=1.01)


def test_percentile_by_hand():
    distribution = Distribution.of(range(101))
    assert [distribution.percentile(v) for v in (-1, 0, 50, 50.5, 100, 101)] == [0.0, 0.0, 50.0, 50.5, 100.0, 100.0]
    assert Distribution.of([1.0] * 7).percentile(1.0) == 50.0


# the score


def test_the_score_is_the_weighted_mean_of_percentiles(metrics):
    result = score(metrics, profile=load_profile(), reference=load_reference())
    used = [each for each in result.components if each.weight]
    assert result.value == pytest.approx(sum(each.weight * each.percentile for each in used), abs=0.1)
    assert sum(each.weight for each in used) == pytest.approx(1, abs=0.001)
    assert [each.name for each in result.components] == list(COMPONENT_NAMES)
    assert result.profile == "default"


def test_undefined_components_are_left_out_and_the_rest_scaled(metrics):
    result = score(
        metrics,
        profile=Profile(name="p", weights={"named_share": 3, "speech_with_speaker": 7, "first_hand": 1}),
        reference=load_reference(),
    )
    left_out = component(result, "speech_with_speaker")
    assert (left_out.value, left_out.percentile, left_out.weight) == (None, None, 0.0)
    assert left_out.explanation == "no quoted speech; left out"
    assert component(result, "named_share").weight == 0.75
    assert component(result, "first_hand").weight == 0.25


def test_an_empty_article_scores_nought(empty):
    result = score(empty, profile=load_profile(), reference=load_reference())
    assert result.value == 0.0
    assert all(each.weight == 0 and each.percentile is None for each in result.components)


def test_words_but_nothing_the_profile_looks_at_score_the_middle(metrics):
    only = Profile(name="p", weights={"anonymity_justified": 1})
    assert score(metrics, profile=only, reference=load_reference()).value == 50.0


def test_text_without_attribution_scores_low(annotated):
    bare = measure(*annotated("[…]"))
    assert score(bare, profile=load_profile(), reference=load_reference()).value < 5


@pytest.mark.parametrize("share", [0.0, 0.5, 1.0])
def test_corroboration_counts_once_a_corpus_was_asked(metrics, share):
    known = CorpusStatus(status="quoted_elsewhere", articles=3, outlets=2)
    unknown = CorpusStatus(status="nowhere_else", articles=0, outlets=0)
    counts = corroboration(
        Elsewhere(speakers={"s1": known if share else unknown, "s2": known if share == 1 else unknown})
    )
    asked = score(
        msgspec.structs.replace(metrics, corroboration=counts), profile=load_profile(), reference=load_reference()
    )
    unasked = score(metrics, profile=load_profile(), reference=load_reference())
    assert component(unasked, "corroboration").weight == 0
    assert component(asked, "corroboration").percentile == 100 * share
    assert component(asked, "corroboration").weight > 0.2


@pytest.mark.parametrize(
    ("better", "worse", "name"),
    [
        (ARTICLE, "<s1:marsh>Marsh</s> <u1>said</u> <c1>so</c>. […]", "attribution_density"),
        (ARTICLE, "<s1:who>A man</s> <u1>said</u> <c1>so</c>.", "named_share"),
        (ARTICLE, "<s1:who>A man</s> <u1>said</u> <c1>so</c>.", "independence_from_anonymous"),
        ("<s1:marsh>Marsh</s> said <c1>so</c>. <s2:who>A man</s> said <c2>no</c>.", ARTICLE, "diversity"),
        (ARTICLE, "<s1:ruiz>Ana Ruiz</s> said <c1>so</c>.", "identification"),
        ("<c1>“So,”</c> <s1:marsh>Marsh</s> said.", "“So it goes.”", "speech_with_speaker"),
        (ARTICLE, "<s1:paper>The Courier</s> reported <c1>so</c>.", "first_hand"),
        ("<s1:shy>A man</s> said <c1>so</c>.", "<s1:who>A man</s> said <c1>so</c>.", "anonymity_justified"),
    ],
)
def test_every_component_points_upwards(annotated, better, worse, name):
    people = {
        "marsh": {"name": "Olga Marsh", "title": "mayor"},
        "ruiz": {"name": "Ana Ruiz"},
        "who": {"type": "unnamed_person"},
        "shy": {"type": "unnamed_person", "reason": "for fear of dismissal"},
        "paper": {"type": "outlet", "name": "The Courier"},
    }

    def value(markup):
        used = {key: fields for key, fields in people.items() if f":{key}>" in markup}
        return next(rule.value(measure(*annotated(markup, **used))) for rule in COMPONENTS if rule.name == name)

    assert value(better) > value(worse)


@given(st.dictionaries(st.sampled_from(COMPONENT_NAMES), st.floats(0, 100), min_size=1), st.integers(0, 30))
def test_the_score_stays_in_its_bounds(annotated, weights, padding):
    article = annotated(ARTICLE + " It rained." * padding, marsh={"name": "Olga Marsh"})
    profile = Profile(name="drawn", weights=weights)
    assert 0 <= score(measure(*article), profile=profile, reference=load_reference()).value <= 100


def test_an_explanation_writes_shares_as_the_key_figures_do(metrics):
    parts = score(metrics, profile=load_profile(), reference=load_reference()).components
    (named,) = (part for part in parts if part.name == "named_share")
    assert re.match(r"\d+% of the attributed words are ", named.explanation)


# profiles


def test_the_default_profile_weights_and_explains_every_component():
    profile = load_profile()
    assert set(profile.weights) == set(COMPONENT_NAMES)
    lines = (Path(sys.modules["sourcing.measure"].__file__).parent / "profiles/default.toml").read_text().splitlines()
    weighted = [number for number, line in enumerate(lines) if line.partition(" ")[0] in COMPONENT_NAMES]
    assert len(weighted) == len(COMPONENT_NAMES)
    assert all(lines[number - 1].startswith("# ") for number in weighted)


def test_a_profile_of_ones_own(tmp_path):
    path = tmp_path / "wire.toml"
    path.write_text('description = "one thing"\n[weights]\ndiversity = 2\nnamed_share = 0.5\n')
    assert load_profile(path) == Profile(
        name="wire", description="one thing", weights={"diversity": 2.0, "named_share": 0.5}
    )
    assert load_profile(str(path)).weight("first_hand") == 0.0
    marked = tmp_path / "marked.toml"
    marked.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert load_profile(marked).weights == load_profile(path).weights


@pytest.mark.parametrize(
    ("content", "part"),
    [
        ("[weights]\ncharm = 1\n", "unknown component 'charm'"),
        ("[weights]\ndiversity = -1\n", "the weight -1"),
        ("[weights]\ndiversity = inf\n", "the weight inf"),
        ("[weights]\ndiversity = nan\n", "the weight nan"),
        ("[weights]\ndiversity = 0\n", "no component a weight above 0"),
        ("[weights]\n", "no component a weight above 0"),
        ('[weights]\ndiversity = "much"\n', "not a number"),
        ("[weights]\ndiversity = true\n", "not a number"),
        ("weights = 3\n", "no [weights] table"),
        ('name = "empty"\n', "no [weights] table"),
        ("name = 3\n[weights]\ndiversity = 1\n", "as text"),
        ("[weight]\ndiversity = 1\n", "unknown key 'weight'"),
        ("[weights\n", "not valid TOML"),
        (b"\xff\xfe\x00", "not valid TOML"),
        (f"[weights]\ndiversity = 1{'0' * 400}\n", "too large"),
        ("[weights]\ndiversity = 1e308\nnamed_share = 1e308\n", "too large"),
        (f"[weights]\ndiversity = 1{'0' * 5000}\n", "not valid TOML"),
        (f"x = {'[' * 5000}{']' * 5000}\n", "nested too deep"),
    ],
)
def test_a_profile_that_makes_no_sense(tmp_path, content, part):
    path = tmp_path / "mine.toml"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(UsageError) as caught:
        load_profile(path)
    message = str(caught.value)
    assert part in message
    assert "mine.toml" in message
    assert message.endswith(".")
    assert "\n" not in message


@pytest.mark.parametrize("name", ["nowhere", "no/such.toml", "", ".", "../default", "x" * 5000])
def test_a_profile_that_is_not_there(name):
    with pytest.raises(UsageError, match="No profile"):
        load_profile(name)


# references


def test_the_shipped_reference_knows_every_component_but_corroboration():
    reference = load_reference()
    assert set(COMPONENT_NAMES) - {"corroboration"} <= set(reference.distributions)
    assert reference.articles >= MINIMUM_ARTICLES
    assert reference.note
    assert reference.model.name


def test_a_component_few_articles_have_gets_no_distribution(metrics, empty):
    reference = build_reference([metrics] * MINIMUM_ARTICLES + [empty], note="n", model=ModelCard("m", "1"))
    assert reference.articles == MINIMUM_ARTICLES
    assert "diversity" in reference.distributions
    assert "speech_with_speaker" not in reference.distributions
    few = build_reference([metrics] * (MINIMUM_ARTICLES - 1), note="n")
    assert few.distributions == {}
    placed = score(metrics, profile=load_profile(), reference=few)
    assert component(placed, "diversity").percentile is None
    assert component(placed, "diversity").explanation.endswith("the reference has no figures for it, left out")
    assert component(placed, "named_share").percentile == 100.0


@pytest.mark.parametrize("content", ["{", "[]", '{"articles": 3}', "\xff"])
def test_a_file_that_is_no_reference(tmp_path, content):
    path = tmp_path / "reference.json"
    path.write_text(content, encoding="latin-1")
    with pytest.raises(UsageError, match=r"is no reference|cannot be read"):
        load_reference(path)
    with pytest.raises(UsageError, match="cannot be read"):
        load_reference(tmp_path / "missing.json")


def test_a_reference_with_unordered_quantiles_is_refused(tmp_path):
    plain = msgspec.json.decode(msgspec.json.encode(load_reference()))
    plain["distributions"]["diversity"]["quantiles"][0] = 99.0
    path = tmp_path / "reference.json"
    path.write_text(json.dumps(plain))
    with pytest.raises(UsageError, match="101 ascending quantiles for 'diversity'"):
        load_reference(path)


def run_command(*arguments):
    command = [sys.executable, "-W", "error", "-m", "sourcing.measure.reference", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_the_command_builds_a_reference_from_reports(tmp_path, metrics):
    report = {"article": {"id": "a"}, "metrics": msgspec.to_builtins(metrics), "model": {"name": "m", "version": "2"}}
    assert {"metrics", "model"} <= set(Report.__struct_fields__)
    source, target = tmp_path / "reports.jsonl", tmp_path / "out.json"
    failure = '{"input": "x", "code": "binary", "message": "It is binary."}'
    source.write_text("\n".join([json.dumps(report)] * 30 + ["", failure]))
    run = run_command(source, target, "Thirty samples.")
    assert (run.returncode, run.stderr) == (0, "")
    reference = load_reference(target)
    assert (reference.articles, reference.note, reference.model) == (30, "Thirty samples.", ModelCard("m", "2"))
    assert "Olga" not in target.read_text()


@pytest.mark.parametrize(
    ("lines", "part"),
    [("{", "no report"), ("{}", "no report"), ('{"metrics": {}}', "no report"), ("", "0 models")],
)
def test_the_command_says_what_is_wrong(tmp_path, lines, part):
    source = tmp_path / "reports.jsonl"
    source.write_text(lines)
    run = run_command(source, tmp_path / "out.json")
    assert run.returncode == 2
    assert part in run.stderr
    assert len(run.stderr.strip().splitlines()) == 1


def test_the_command_without_arguments_or_input(tmp_path):
    assert run_command().returncode == 2
    missing = run_command(tmp_path / "none.jsonl", tmp_path / "out.json")
    assert missing.returncode == 2
    assert "No such file" in missing.stderr
