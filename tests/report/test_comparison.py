"""The comparison's outputs: the contract, and that names of groups, which anybody can choose, stay text wherever they stand."""

import base64
import csv
import hashlib
import io
import re
import types
import typing
from html.parser import HTMLParser

import jsonschema
import msgspec
import numpy as np
import pyarrow as pa
import pytest
from lxml import etree

from sourcing.corpus.compare import compare
from sourcing.errors import UsageError
from sourcing.records.comparison import Comparison
from sourcing.report.comparison import FORMATS, draw_charts, render
from sourcing.report.comparison_charts import BINS, COLOURS, SHOWN_GROUPS, panels_of
from sourcing.report.comparison_csv import COLUMNS
from sourcing.report.comparison_figures import (
    HEADLINE,
    SHOWN_METRICS,
    effect_size,
    figure,
    headline_metrics,
    interval,
    labels_of,
    probability,
    signed,
)
from sourcing.report.comparison_svg import ATTRIBUTES, TAGS, clean_svg
from sourcing.report.formats import Layout
from sourcing.schema import load_schema

SCHEMA = load_schema("comparison")
HOSTILE = '=<script>alert(1)</script><img src=x onerror="alert(2)">\x1b[31m\x9b1m\u202eevil\u2066[red]x[/red] ]]></svg>&amp;{{7*7}}'
METRICS = ("attribution.density", "sources.named_word_share", "zebra.count")
SHAPES = {"svg", "g", "path", "rect", "line", "text", "tspan"}


def table_of(names, each=40, metrics=METRICS):
    rng = np.random.default_rng(1)
    size = len(names) * each
    place = np.repeat(np.arange(len(names)), each)
    columns = {
        "group": pa.array([names[n] for n in place], pa.string()),
        "story": pa.array(np.arange(size) // 2),
        "month": pa.array([f"2024-0{n % 2 + 1}" for n in range(size)]),
    }
    for number, metric in enumerate(metrics):
        values = (
            rng.random(size) / 4 + place / len(names) / 2 if metric.endswith("_share") else rng.poisson(3 + place) * 1.0
        )
        columns[metric] = pa.array(values, mask=np.arange(size) < each - 5 if number == 2 else None)
    return pa.table(columns)


def made(names, by="outlet", **options):
    table = table_of(names, **options)
    return compare(table, by=by, replicates=200), table


@pytest.fixture(scope="module")
def plain():
    return made(["Harbour Courier", "Inland Post", "Metro Ledger"])


@pytest.fixture(scope="module")
def hostile():
    return made([HOSTILE, HOSTILE + "2", "@SUM(A1)", "x" * 300, "tab\tand\nline", "no\x00XML\uffff\ufffe"])


@pytest.fixture(scope="module")
def against_rest():
    return made([f"Gazette {n:02d}" for n in range(30)], each=20)


@pytest.fixture(scope="module")
def nothing():
    return made(["Harbour Courier"], each=3)


# --- the contract ------------------------------------------------------------------------------------------------------


def structs_of(struct, schema):
    yield struct, schema
    for entry in msgspec.structs.fields(struct):
        for inner in typing.get_args(entry.type):
            if isinstance(inner, type) and issubclass(inner, msgspec.Struct):
                reference = schema["properties"][entry.name]["items"]["$ref"]
                yield from structs_of(inner, SCHEMA["$defs"][reference.rpartition("/")[2]])


def kinds_of(kind):
    simple = {str: "string", int: "integer", float: "number", types.NoneType: "null"}
    if kind in simple:
        return {simple[kind]}
    if typing.get_origin(kind) is types.UnionType:
        return set().union(*map(kinds_of, typing.get_args(kind)))
    return {"string"} if typing.get_origin(kind) is typing.Literal else {"array"}


@pytest.mark.parametrize(
    ("struct", "schema"), list(structs_of(Comparison, SCHEMA)), ids=lambda item: getattr(item, "__name__", "")
)
def test_schema_and_records_agree(struct, schema):
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    fields = {entry.name: entry.type for entry in msgspec.structs.fields(struct)}
    assert list(schema["properties"]) == schema["required"] == list(fields)
    assert schema["additionalProperties"] is False
    for name, part in schema["properties"].items():
        assert part["description"]
        stated = part.get("type", "string")
        assert set(stated if isinstance(stated, list) else [stated]) == kinds_of(fields[name]), name
        if typing.get_origin(fields[name]) is typing.Literal:
            assert part["enum"] == list(typing.get_args(fields[name]))


@pytest.mark.parametrize("which", ["plain", "hostile", "against_rest", "nothing"])
def test_json_is_valid(which, request):
    comparison, _ = request.getfixturevalue(which)
    text = render(comparison, "json")
    jsonschema.Draft202012Validator(SCHEMA).validate(msgspec.json.decode(text))
    assert msgspec.json.decode(text, type=Comparison) == comparison
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", text)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda record: record.update(more=1),
        lambda record: record.update(pairing="some"),
        lambda record: record["groups"][0].pop("stories"),
        lambda record: record["groups"][0]["metrics"][0].update(mean="high"),
        lambda record: record["differences"][0].update(p=1.5),
        lambda record: record["trend"][0].update(month="2024-13"),
        lambda record: record.update(small_groups=[["x"]]),
        lambda record: record.update(small_groups=[["x", 1, 2]]),
    ],
)
def test_what_breaks_the_contract_is_invalid(plain, spoil):
    record = msgspec.to_builtins(plain[0])
    spoil(record)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft202012Validator(SCHEMA).validate(msgspec.json.decode(msgspec.json.encode(record)))


def test_an_unknown_format(plain):
    assert FORMATS == ("text", "json", "csv", "html")
    with pytest.raises(UsageError, match="no format 'xml'"):
        render(plain[0], "xml")


# --- CSV ---------------------------------------------------------------------------------------------------------------


def rows_of(comparison):
    return list(csv.DictReader(io.StringIO(render(comparison, "csv"), newline="")))


def test_csv(plain):
    comparison, _ = plain
    rows = rows_of(comparison)
    assert [*rows[0]] == [*COLUMNS]
    amounts = {kind: sum(row["Row"] == kind for row in rows) for kind in ("estimate", "difference", "trend")}
    assert amounts == {"estimate": 9, "difference": len(comparison.differences), "trend": len(comparison.trend)}
    estimate = comparison.groups[0].metrics[0]
    assert (rows[0]["Metric"], rows[0]["Group"]) == (estimate.metric, comparison.groups[0].name)
    assert [float(rows[0][name]) for name in ("Mean", "MeanLow", "Median")] == [
        estimate.mean,
        estimate.mean_low,
        estimate.median,
    ]
    lower = next(row for row in rows if row["Row"] == "difference" and float(row["Mean"]) < 0)
    assert float(lower["CliffsDelta"]) < 0  # a number is no formula
    few = next(row for row in rows if row["Metric"] == "zebra.count" and row["Articles"] == "5")
    assert few["Mean"] == few["MedianHigh"] == ""


def test_csv_cells_are_no_formulas(hostile):
    for row in rows_of(hostile[0]):
        for name in ("Group", "Against", "By", "Metric"):
            assert row[name][:1] not in {"=", "+", "-", "@", "\t", "\r"}
            assert "\n" not in row[name]
    assert {row["Group"] for row in rows_of(hostile[0])} >= {"'@SUM(A1)", "tab and line"}


def test_csv_says_the_rest_with_an_empty_cell(against_rest):
    assert {row["Against"] for row in rows_of(against_rest[0]) if row["Row"] == "difference"} == {""}


# --- text --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("width", [60, 80, 100, 120])
@pytest.mark.parametrize("which", ["plain", "hostile", "against_rest", "nothing"])
def test_text_fits_and_is_plain(which, width, request):
    comparison, _ = request.getfixturevalue(which)
    text = render(comparison, "text", layout=Layout(width=width))
    assert max(map(len, text.splitlines())) <= width
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", text)
    assert text.endswith("docs/compare.md\n")


def test_text(plain):
    text = render(plain[0], "text")
    assert text.startswith("Comparison of 3 outlets\n120 articles of 120 are compared.\n")
    assert "named word share  sources.named_word_share" in text
    found = plain[0].groups[0].metrics[1]
    mean, ends = figure(found.metric, found.mean), interval(found.metric, found.mean_low, found.mean_high)
    assert re.search(rf"^Harbour Courier +40 +20 +{mean} +{ends} ", text, re.MULTILINE)
    assert re.search(
        r"^named word share +Harbour Courier +Metro Ledger +−3\d\.\d pp .* large +<0\.0001$", text, re.MULTILINE
    )


def test_text_says_what_was_left_out():
    table = table_of(["Harbour Courier", "Inland Post"])
    small = pa.concat_tables([table, table_of(["Tiny Times", None], each=4)])
    text = render(compare(small, by="outlet", replicates=200), "text")
    assert "4 articles without outlet." in text
    assert "1 outlet with fewer than 20 articles left out (4 articles)." in text


def test_text_in_colour_has_colour(plain):
    assert "\x1b[1m" in render(plain[0], "text", layout=Layout(color=True))


def test_text_says_what_it_does_not_list(against_rest):
    many, _ = made([f"G{n:02d}" for n in range(40)], each=20)
    assert "… and 10 more outlets; --format csv has them all" in render(many, "text")
    text = render(against_rest[0], "text")
    assert "each outlet against the rest of the corpus" in text
    assert "  the rest  " in text


# --- the page ----------------------------------------------------------------------------------------------------------

VOID = {"meta", "br"}


class Page(HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.tags, self.attributes, self.words, self.open = [], [], [], []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        self.attributes += attributes
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.tags.append(tag)
        self.attributes += attributes

    def handle_endtag(self, tag):
        assert tag in VOID or self.open.pop() == tag

    def handle_data(self, data):
        if self.open[-1:] not in (["style"], ["script"]):
            self.words.append(data)


@pytest.mark.parametrize("which", ["plain", "hostile", "against_rest", "nothing"])
def test_the_page_loads_nothing_and_runs_its_own_script_alone(which, request):
    comparison, table = request.getfixturevalue(which)
    text = render(comparison, "html", table=table)
    page = Page(text)
    assert page.tags.count("script") == page.tags.count("style") == 1
    assert not {"img", "link", "iframe", "form", "object", "base", "a", "image", "use", "foreignobject"} & set(
        page.tags
    )
    names = {name for name, _ in page.attributes}
    assert not {name for name in names if name.startswith("on")} | names & {
        "href",
        "src",
        "style",
        "xlink:href",
        "srcset",
    }
    assert not re.search(r"url\(|@import|https?://(?!www\.w3\.org/2000/svg)", text)
    assert not page.open
    policy = re.search('Content-Security-Policy" content="([^"]*)"', text)[1].replace("&#39;", "'")
    digests = {
        tag: base64.b64encode(
            hashlib.sha256(re.search(f"(?s)<{tag}>(.*?)</{tag}>", text)[1].encode()).digest()
        ).decode()
        for tag in ("style", "script")
    }
    assert policy == (
        f"default-src 'none'; style-src 'sha256-{digests['style']}'; base-uri 'none'; form-action 'none'; "
        f"script-src 'sha256-{digests['script']}'"
    )


def test_hostile_names_are_words(hostile):
    comparison, table = hostile
    page = Page(render(comparison, "html", table=table))
    words = "".join(page.words)
    assert "<script>alert(1)</script>" in words
    assert "{{7*7}}" in words
    assert "\x1b" not in words
    assert "\u202e" not in words
    values = " ".join(value or "" for _, value in page.attributes)
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", values)


def test_the_page_has_its_parts(plain):
    comparison, table = plain
    text = render(comparison, "html", table=table)
    assert re.findall("<h2>(.*?)</h2>", text) == ["Means", "Distributions", "Months", "Differences", "Figures"]
    assert text.count("<svg") == 9
    assert text.count('<table class="sortable">') == 1 + len(METRICS)
    assert "Distributions" not in re.findall("<h2>(.*?)</h2>", render(comparison, "html"))
    colours = set(re.findall(r'class="((?:fill|stroke)-\w+)"', text))
    assert {"fill-ink", "fill-main", "stroke-main", "stroke-middle"} <= colours
    style = re.search("(?s)<style>(.*?)</style>", text)[1]
    assert all(f".comparison .{way}-{name} " in style for way in ("fill", "stroke") for name in COLOURS.values())
    assert not re.search('fill="#|stroke="#', text)


def test_cells_sort_by_their_full_value(plain):
    text = render(plain[0], "html")
    found = plain[0].differences[0]
    assert f'data-v="{found.difference}"' in text
    assert 'data-v=""' in text  # a figure that there is none of
    assert "<th scope" in text.partition('class="sortable"')[2]


def test_an_empty_comparison_is_a_page(nothing):
    comparison, table = nothing
    text = render(comparison, "html", table=table)
    assert "No outlet has 20 articles or more." in text
    assert "1 outlet with fewer than 20 articles" in text


# --- pictures ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("which", ["plain", "hostile", "against_rest"])
def test_charts_are_files_with_shapes_and_text(which, request, tmp_path):
    comparison, table = request.getfixturevalue(which)
    written = draw_charts(comparison, table, tmp_path / "new" / "charts")
    assert [path.name for path in written] == [
        f"{kind}.{form}" for kind in ("intervals", "distributions", "trend") for form in ("svg", "png")
    ]
    for path in written:
        if path.suffix == ".png":
            assert path.read_bytes().startswith(b"\x89PNG")
            continue
        picture = etree.fromstring(path.read_bytes())
        assert {etree.QName(part).localname for part in picture.iter()} <= SHAPES
        assert {name for part in picture.iter() for name in part.attrib} <= ATTRIBUTES | {"role", "aria-label"}
        words = [part.text for part in picture.iter() if part.text]
        assert any(
            word.startswith("=<script>" if which == "hostile" else comparison.groups[0].name) for word in words
        ) or (which == "against_rest" and path.stem == "trend")


def test_no_chart_of_nothing(nothing, tmp_path):
    assert draw_charts(*nothing, tmp_path) == ()


def test_a_folder_that_cannot_be(plain, tmp_path):
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(UsageError, match="cannot write"):
        draw_charts(*plain, tmp_path / "file")


def test_one_format(plain, tmp_path):
    assert {path.suffix for path in draw_charts(*plain, tmp_path, ("svg",))} == {".svg"}


def test_charts_hold_counts_and_no_articles():
    comparison, table = made(["A", "B"], each=20_000)
    for panel in panels_of(comparison, table):
        assert len(str(panel.chart.to_dict(validate=False))) < 30_000


def test_charts_of_many_groups_show_the_largest(against_rest):
    comparison, table = against_rest
    charts = [panel.chart.to_dict(validate=False) for panel in panels_of(comparison, table)]
    shown = {str(chart).count("'Gazette 29'") for chart in charts}
    assert len(comparison.groups) > SHOWN_GROUPS
    assert shown == {0}


@pytest.mark.parametrize(
    ("values", "share", "bins"),
    [
        (np.linspace(0, 1, 50), True, BINS),
        (np.array([0.0, 1.0, 2.0, 3.0] * 10), False, 4),
        (np.full(30, 2.5), False, BINS),
        (np.full(30, 7.0), False, 1),
        (np.linspace(-50, 400, 90), False, BINS),
    ],
)
def test_every_article_is_in_a_bin(values, share, bins):
    metric = "some_share" if share else "some"
    table = pa.table({"group": ["A"] * len(values), "story": range(len(values)), metric: values})
    from sourcing.report.comparison_charts import _binned

    [(name, counts, edges)] = _binned(table, ["A"], [metric])
    assert name == metric
    assert counts.shape == (1, bins)
    assert counts.sum() == len(values)
    assert len(edges) == bins + 1
    assert (np.diff(edges) > 0).all()


@pytest.mark.parametrize(
    "inside",
    [
        "<script>alert(1)</script>",
        '<script xmlns="http://www.w3.org/1999/xhtml">alert(1)</script>',
        '<foreignObject><body xmlns="http://www.w3.org/1999/xhtml" onload="alert(1)">x</body></foreignObject>',
        '<a href="javascript:alert(1)"><path d="M0,0h1"/></a>',
        '<image href="https://evil.example/x.png" width="1" height="1"/>',
        '<use href="#x"/>',
        "<style>*{background:url(https://evil.example)}</style>",
        '<path d="M0,0h1" onclick="alert(1)" style="fill:red" fill="url(https://evil.example/#x)"/>',
        '<path d="M0,0h1" stroke="var(--x,expression(alert(1)))" class="page" id="top"/>',
        '<animate attributeName="href" to="javascript:alert(1)"/><set attributeName="onload" to="x"/>',
        "<!-- comment --><?php x ?>",
    ],
)
def test_only_shapes_get_through(inside):
    text = f'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)" width="10" height="9" viewBox="0 0 10 9">{inside}</svg>'
    cleaned = clean_svg(text, label='"><script>', colours={}, inline=True)
    picture = etree.fromstring(cleaned)
    assert {etree.QName(part).localname for part in picture.iter()} <= TAGS
    assert not re.search("alert|evil|javascript|url|onload|style|<!|<[?]|class|id=", cleaned)
    assert picture.get("aria-label") == '"><script>'


def test_what_is_drawn_gets_through():
    text = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="10" height="9" viewBox="0 0 10 9">'
        '<g transform="translate(1.5,-2) rotate(-90)" opacity="0.5"><path d="M0,0h1Z" fill="#0072B2" stroke="#123456"/>'
        '<text text-anchor="end" font-size="12px" font-family="Arial, sans-serif">a\u202e&lt;b</text>'
        '<path d="" fill="red"/><g/></g></svg>'
    )
    cleaned = clean_svg(text, label="x", colours={"#0072b2": "main"}, inline=True)
    assert cleaned == (
        '<svg xmlns="http://www.w3.org/2000/svg" width="10" viewBox="0 0 10 9" role="img" aria-label="x">'
        '<g transform="translate(1.5,-2) rotate(-90)" opacity="0.5"><path d="M0,0h1Z" stroke="#123456" class="fill-main"/>'
        '<text text-anchor="end" font-size="12px" font-family="Arial, sans-serif">a\ufffd&lt;b</text></g></svg>'
    )


def test_an_entity_is_not_opened():
    bomb = '<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]><svg xmlns="http://www.w3.org/2000/svg"><text>&x;</text></svg>'
    assert "root:" not in clean_svg(bomb, label="x", colours={}, inline=True)


# --- words and numbers -------------------------------------------------------------------------------------------------


def test_headline_metrics_come_first(plain):
    assert headline_metrics(plain[0]) == METRICS
    many, _ = made(["A", "B"], metrics=tuple(f"m.x{n}" for n in range(20)) + HEADLINE[:3])
    found = headline_metrics(many)
    assert found[:3] == HEADLINE[:3]
    assert len(found) == SHOWN_METRICS


def test_no_two_labels_are_alike():
    names = ["a" * 50, "a" * 51, "a  b", "a b", "a b (4)", "", " ", "all"]
    labels = labels_of(names, 12, taken=("all",))
    assert len(set(labels)) == len(names)
    assert "all" not in labels
    assert all(0 < len(label) <= 12 for label in labels)
    assert labels_of(["Harbour Courier"], 24) == ("Harbour Courier",)


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        (figure("x_share", None), "–"),
        (figure("x_share", 0.5), "50.0%"),
        (figure("x", 0.0), "0"),
        (figure("x", 0.1234), "0.123"),
        (figure("x", -12.34), "−12.3"),
        (figure("x", 12345.6), "12,346"),
        (signed("x_share", 0.021), "+2.1 pp"),
        (signed("x", -1.5), "−1.50"),
        (interval("x_share", 0.1, 0.2), "10.0 to 20.0%"),
        (interval("x_share", -0.1, 0.2, difference=True), "−10.0 to +20.0 pp"),
        (interval("x", None, None), "–"),
        (probability(0.00001), "<0.0001"),
        (probability(0.0012), "0.0012"),
        (probability(0.2), "0.200"),
        (effect_size(-0.5), "large"),
        (effect_size(0.4), "medium"),
        (effect_size(None), "–"),
    ],
)
def test_numbers(shown, expected):
    assert shown == expected


def test_columns_are_described(root):
    page = (root / "docs" / "compare.md").read_text(encoding="utf-8")
    assert [name for name, about in COLUMNS.items() if f"| `{name}` | {about} |" not in page] == []
