"""A report as a file."""

import csv
import io
import json

import httpx
import msgspec
import pytest
from playwright.sync_api import expect

import sourcing
from sourcing.api.page.export import safe_name


@pytest.fixture(scope="module")
def report():
    return sourcing.analyze("“The ferry is late again,” said Ada Quill, a harbour pilot.").to_json()


def test_downloads_hold_the_report(check, sample):
    page = check(sample)
    found = {}
    for name, label in (("json", "JSON"), ("csv", "CSV"), ("html", "Printable page")):
        with page.expect_download() as download:
            page.get_by_role("button", name=label, exact=True).click()
        assert download.value.suggested_filename == f"draft-sourcing.{name}"
        found[name] = download.value.path().read_text(encoding="utf-8")
    assert "Ruth Ellery" in [speaker["name"] for speaker in json.loads(found["json"])["speakers"]]
    rows = list(csv.DictReader(io.StringIO(found["csv"], newline="")))
    assert {"Ruth Ellery", "Samuel Adeyemi"} <= {row["Name"] for row in rows}
    assert "<style>" in found["html"]
    assert "We will not be the council" in found["html"]
    assert "✎" not in found["html"]
    expect(page.locator("#result .report")).to_be_visible()


def test_what_is_exported_is_what_is_shown(check, fresh):
    page = check(fresh(), corpus="town")
    page.locator(".run", has_text="the work would take two years").last.locator(
        "xpath=following-sibling::button[1]"
    ).click()
    page.select_option("#correct-speaker", label="● Samuel Adeyemi, person")
    page.locator("dialog").get_by_role("button", name="Keep").click()
    expect(page.locator(".edits li")).to_have_count(1)
    found = {}
    for label in ("JSON", "JSON, corrected", "CSV", "Printable page"):
        with page.expect_download() as download:
            page.get_by_role("button", name=label, exact=True).click()
        found[label] = download.value.suggested_filename, download.value.path().read_text(encoding="utf-8")
    assert [name for name, _ in found.values()] == [
        "draft-sourcing.json",
        "draft-sourcing-corrected.json",
        "draft-sourcing-corrected.csv",
        "draft-sourcing-corrected.html",
    ]
    model, corrected = (json.loads(found[label][1]) for label in ("JSON", "JSON, corrected"))
    assert model["warnings"] == []
    assert corrected["warnings"][0].startswith("1 correction by the desk")
    rows = list(csv.DictReader(io.StringIO(found["CSV"][1], newline="")))
    assert [row["Name"] for row in rows if "two years" in row["SourcedStatement"]] == ["Samuel Adeyemi"]
    assert "1 correction by the desk" in found["Printable page"][1]
    assert "speakers looked up in town" in found["Printable page"][1]


def test_only_known_formats(server, report):
    answer = httpx.post(f"{server.url}/export", data={"report": report, "format": "exe"})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/format"


def spoilt(report, **changes):
    plain = json.loads(report)
    for path, value in changes.items():
        target = plain
        *way, last = path.split("__")
        for key in way:
            target = target[int(key) if key.isdigit() else key]
        target[last] = value
    return json.dumps(plain)


@pytest.mark.parametrize(
    "changes",
    [
        {"quotes__0__start": -1},
        {"quotes__0__end": 10_000},
        {"attributions__0__content__0__start": 99},
        {"article__body": [{"start": 5, "end": 5}]},
        {"findings": [{"code": "SRC101", "severity": "info", "message": "m", "start": 9, "end": 1}]},
        {"score": None},
    ],
)
@pytest.mark.parametrize("route", ["/export", "/corrections"])
def test_a_report_that_does_not_hold_together_is_refused(server, report, changes, route):
    data = {"report": spoilt(report, **changes), "format": "html", "about": "a1"}
    answer = httpx.post(server.url + route, data=data)
    assert answer.status_code == 422
    assert answer.json()["code"] == "bad-report"


@pytest.mark.parametrize("sent", ["", "[", "[" * 100_000, "\ud800", '{"a": 1}'])
def test_no_report_is_refused(server, sent):
    data = f"report={sent.encode('utf-8', 'surrogatepass').decode('latin-1')}&format=json".encode("latin-1")
    kind = {"content-type": "application/x-www-form-urlencoded"}
    assert httpx.post(f"{server.url}/export", content=data, headers=kind).status_code == 422


@pytest.mark.parametrize(
    ("id", "name"),
    [
        ("harbour", "harbour"),
        ("../../etc/passwd", "etc-passwd"),
        ('a"\r\nX: y', "a-X-y"),
        ("…", "article"),
        ("x" * 500, "x" * 60),
        ("a/b c.txt", "a-b-c.txt"),
    ],
)
def test_file_names_are_only_names(id, name):
    assert safe_name(id) == name


def test_a_name_from_the_article_cannot_reach_the_headers(server, report):
    hostile = msgspec.structs.replace
    read = sourcing.Report.from_json(report)
    sent = hostile(read, article=hostile(read.article, id='x"\r\nSet-Cookie: a=b; filename="../y.exe'))
    answer = httpx.post(f"{server.url}/export", data={"report": sent.to_json(), "format": "json"})
    assert (
        answer.headers["content-disposition"]
        == 'attachment; filename="x-Set-Cookie-a-b-filename-..-y.exe-sourcing.json"'
    )
    assert "set-cookie" not in answer.headers


def crowded(number, text="a b " * 3000):
    """A report that marks far more than any analysis does."""
    from sourcing import analyze

    report = analyze("“Her rudder is gone,” said Ada Quill.").to_dict()
    report["article"] |= {"text": text, "body": [{"start": 0, "end": len(text)}]}
    span = {"start": 0, "end": len(text), "text": text}
    report["attributions"] = [report["attributions"][0] | {"id": f"a{n + 1}", "content": [span]} for n in range(number)]
    return report


def test_reports_that_no_analysis_makes(server):
    import json

    import httpx

    from sourcing.text import sha256_of

    with httpx.Client(base_url=server.url, timeout=60) as client:
        report = crowded(400)
        report["article"]["sha256"] = sha256_of(report["article"]["text"])
        report |= {"quotes": [], "speakers": [], "findings": [], "people": []}
        for item in report["attributions"]:
            item |= {"speaker": None, "cue": None, "source": None}
        for address, more in (("/export", {"format": "html"}), ("/corrections", {"about": "a1"})):
            answer = client.post(address, data={"report": json.dumps(report), **more})
            assert answer.status_code == 422
            assert answer.json()["code"] == "bad-report"
        few = report | {"attributions": report["attributions"][:3]}
        assert client.post("/export", data={"report": json.dumps(few), "format": "html"}).status_code == 200
        wrong = few | {"article": few["article"] | {"sha256": "0" * 64}}
        assert client.post("/export", data={"report": json.dumps(wrong), "format": "csv"}).status_code == 422


def test_places_to_go_back_to_are_pages_of_a_corpus(server, sample):
    import html
    import json

    import httpx

    from sourcing import analyze

    report = json.dumps(analyze(sample).to_dict())
    with httpx.Client(base_url=server.url, timeout=60) as client:
        for place, is_there in (("javascript:alert(1)", False), ("//evil.example", False), ("/corpus/few", True)):
            page = client.post("/corrections", data={"report": report, "about": "a1", "place": place}).text
            assert (html.escape(place) in page) == is_there
