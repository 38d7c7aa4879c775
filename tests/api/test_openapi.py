"""The description is valid, its bodies are the schemas in schemas/, and the server does as it says."""

import os
import re
import subprocess
import sys

import pytest
from jsonschema import Draft202012Validator

from sourcing.api.openapi import component
from sourcing.schema import load_schema, schema_names

EXAMPLES = int(os.environ.get("SOURCING_FUZZ", "15"))
"""Requests tried for each route."""


@pytest.fixture(scope="module")
def described(server):
    return server.client.get("/openapi.json").json()


def resolve(document, pointer):
    for part in pointer.removeprefix("#/").split("/"):
        document = document[part.replace("~1", "/").replace("~0", "~")]
    return document


def in_place(name, schema):
    """A schema's file as it has to stand in the description: without an address, its own pointers led through its place."""
    if isinstance(schema, list):
        return [in_place(name, value) for value in schema]
    if not isinstance(schema, dict):
        return schema
    moved = {key: in_place(name, value) for key, value in schema.items() if key not in ("$id", "$schema")}
    if isinstance(pointer := moved.get("$ref"), str):
        moved["$ref"] = pointer.replace("#", f"#/components/schemas/{name}", 1)
    return moved


@pytest.mark.parametrize("name", schema_names())
def test_bodies_are_the_schemas(described, name):
    assert described["components"]["schemas"][component(name)] == in_place(component(name), load_schema(name))


def references(value):
    if isinstance(value, dict):
        if isinstance(value.get("$ref"), str):
            yield value["$ref"]
        value = list(value.values())
    if isinstance(value, list):
        for each in value:
            yield from references(each)


def test_description(described):
    assert described["openapi"] == "3.1.0"
    for pointer in set(references(described)):
        Draft202012Validator.check_schema(resolve(described, pointer))
    operations = [o for path in described["paths"].values() for o in path.values()]
    assert len({o["operationId"] for o in operations}) == len(operations)
    assert all(o["summary"] for o in operations)
    paths = set(described["paths"])
    assert {"/v1/analyze", "/v1/analyze/batch", "/v1/corpora", "/v1/corpora/{name}/articles", "/v1/jobs/{id}"} <= paths
    assert not any(path.startswith(("/static", "/login", "/corpus")) or path == "/" for path in paths)


MEDIA = {
    "/metrics": "text/plain",
    "/v1/analyze/batch": "application/x-ndjson",
    "/v1/corrections/export": "application/x-ndjson",
    "/v1/problems/{code}": "text/plain",
    "/v1/schemas/{name}": "application/schema+json",
}
UNTAGGED = {"/healthz", "/readyz", "/metrics", "/v1/corrections/export"}


def test_answers_are_of_the_media_types_that_are_told(described):
    for path, route in described["paths"].items():
        for method, operation in route.items():
            for status, answer in operation["responses"].items():
                expected = MEDIA.get(path, "application/json") if status < "300" else "application/problem+json"
                empty = status in ("204", "304")
                assert list(answer.get("content", {})) == ([] if empty else [expected]), (path, method, status)


def test_reads_have_an_etag(described):
    for path, route in described["paths"].items():
        for method, operation in route.items():
            assert ("304" in operation["responses"]) == (method == "get" and path not in UNTAGGED), (path, method)


def test_who_needs_the_token(described, make_server):
    server = make_server(SOURCING_TOKEN="open sesame".replace(" ", "-"))
    for path, route in described["paths"].items():
        if "get" in route and "{" not in path:
            is_open = route["get"].get("security") == []
            assert ("401" in route["get"]["responses"]) != is_open, path
            assert (server.client.get(path).status_code == 401) != is_open, path


def test_what_a_batch_and_an_addition_take(described):
    taken = described["paths"]["/v1/analyze/batch"]["post"]["requestBody"]["content"]
    assert set(taken) == {"application/x-ndjson", "application/jsonl"}
    taken = described["paths"]["/v1/corpora/{name}/articles"]["post"]["requestBody"]["content"]["application/json"]
    assert [part.get("type") for part in taken["schema"]["anyOf"]] == [None, "array"]


def test_cancelling_a_finished_job(described):
    said = described["paths"]["/v1/jobs/{id}/cancel"]["post"]["responses"]["409"]["description"]
    assert said.startswith("The job is done")


def test_parameters_that_there_are_none_of(described, client, problem):
    """Every route under /v1 refuses them; the others may be asked with any."""
    for path, route in described["paths"].items():
        for method in route:
            answer = client.request(method, path.replace("{", "").replace("}", ""), params={"nonsense": "1"})
            if path.startswith("/v1/"):
                said = problem(answer, 422, "bad-parameter")
                assert said["errors"][0]["pointer"] == "?nonsense", (path, method)
                assert "422" in route[method]["responses"]
            else:
                assert answer.status_code == 200


def test_page_of_the_description_loads_nothing_from_elsewhere(client):
    page = client.get("/docs")
    assert page.status_code == 200
    assert "http" not in page.text.replace("HTTP API", "")
    (icon,) = re.findall(r'rel="icon" href="([^"]*)"', page.text)
    assert client.get(icon).headers["content-type"].startswith("image/svg+xml")
    for file in ("swagger-ui-bundle.js", "swagger-ui.css", "start.js"):
        assert client.get(f"/docs/{file}").status_code == 200
        assert file in page.text


def test_schemathesis(server, tmp_path):
    """Requests made from the description: no 5xx that it does not tell of, and answers as it says."""
    command = [
        sys.executable, "-m", "schemathesis.cli", "run", f"{server.url}/openapi.json", "--url", server.url,
        "--max-examples", str(EXAMPLES), "--checks", "not_a_server_error,response_schema_conformance,content_type_conformance",
        "--seed", "7", "--request-timeout", "30", "--no-color", "--exclude-path", "/v1/analyze/batch",
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, timeout=500)
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
