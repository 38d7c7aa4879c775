"""What the server says of itself: schemas, rules, kinds of problems, health, figures, and the API's description as a page."""

from functools import cache
from importlib import resources
from typing import Any

import msgspec
from anyio.to_thread import run_sync
from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from sourcing.api.caching import tagged
from sourcing.api.openapi import OBJECT, OPEN, TEXT, answers
from sourcing.api.parameters import CHECKED
from sourcing.api.problems import KINDS, Problem, explain
from sourcing.api.service import Service
from sourcing.schema import load_schema, schema_names

router = APIRouter(tags=["reference"], dependencies=CHECKED)

SCHEMA_TYPE = "application/schema+json"
PLAIN = "text/plain"
BUNDLE = {"swagger-ui-bundle.js": "text/javascript", "swagger-ui.css": "text/css"}
"""Files of fastapi-offline, which are served from here, since the usual page fetches them from elsewhere."""
DOCS_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; frame-ancestors 'none'; form-action 'none'"
)
"""Swagger UI sets styles on elements; no text of anybody's is shown on its page."""
DOCS = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>sourcing: HTTP API</title>
<link rel="icon" href="/static/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/docs/swagger-ui.css">
</head>
<body>
<main id="api"></main>
<script src="/docs/swagger-ui-bundle.js"></script>
<script src="/docs/start.js"></script>
</body>
</html>
"""
START = (
    'SwaggerUIBundle({ url: "/openapi.json", dom_id: "#api", deepLinking: true, validatorUrl: null, '
    "presets: [SwaggerUIBundle.presets.apis] });\n"
)


@router.get(
    "/v1/schemas", operation_id="listSchemas", summary="The names of the schemas",
    responses=answers(OBJECT, "Names.", tagged=True),
)  # fmt: skip
async def list_schemas(request: Request) -> Response:
    """The JSON Schemas that there are."""
    items = [{"name": name, "href": f"/v1/schemas/{name}"} for name in schema_names()]
    return tagged(request, msgspec.json.encode({"items": items}))


@router.get(
    "/v1/schemas/{name}", operation_id="getSchema", summary="A JSON Schema", response_class=Response,
    responses=answers(OBJECT, "The schema.", 404, media=SCHEMA_TYPE, tagged=True),
)  # fmt: skip
async def get_schema(request: Request, name: str) -> Response:
    """The schema, as it is in schemas/."""
    if name not in schema_names():
        raise Problem(404, "no-schema", f"There is no schema of that name; there are: {', '.join(schema_names())}.")
    return tagged(request, msgspec.json.encode(load_schema(name)), media_type=SCHEMA_TYPE)


@router.get(
    "/v1/rules", operation_id="listRules", summary="The rules of findings",
    responses=answers(OBJECT, "The rules.", tagged=True),
)  # fmt: skip
async def list_rules(request: Request) -> Response:
    """Every rule: its code, its severity, why it is there and what to do about it."""
    return tagged(request, _rules())


@router.get(
    "/v1/problems/{code}", operation_id="getProblem", summary="What a problem's code stands for", response_class=Response,
    responses=answers(TEXT, "The code, the statuses it comes with, and a sentence.", 404, media=PLAIN, tagged=True),
)  # fmt: skip
async def get_problem(request: Request, code: str) -> Response:
    """What the code stands for; `detail` of a problem itself says what happened. It is where the `type` of a problem leads."""
    if code not in KINDS:
        raise Problem(404, "no-problem", "There is no problem of that code; docs/api.md has all there are.")
    return tagged(request, f"{explain(code)}\n".encode(), media_type=f"{PLAIN}; charset=utf-8")


@router.get(
    "/healthz", operation_id="isAlive", summary="Does the server answer?", responses=answers(OBJECT, "It does."),
    openapi_extra=OPEN,
)  # fmt: skip
async def healthz() -> Response:
    """Answers as long as the server lives, whatever the workers do."""
    return JSONResponse({"status": "ok"})


@router.get(
    "/readyz", operation_id="isReady", summary="Can it analyze?", responses=answers(OBJECT, "It can.", 503),
    openapi_extra=OPEN,
)  # fmt: skip
async def readyz(request: Request) -> Response:
    """Whether the workers have loaded the model."""
    service: Service = request.app.state.service
    if not service.ready:
        raise Problem(503, "starting", "The workers are loading the model.", headers={"retry-after": "1"})
    return JSONResponse({"status": "ready"})


@router.get(
    "/metrics", operation_id="getMetrics", summary="Figures for Prometheus", response_class=Response,
    responses=answers(TEXT, "Prometheus's text format.", media=PLAIN),
)  # fmt: skip
async def metrics(request: Request) -> Response:
    """Requests, analyses, workers and jobs; no figure has a name or a text of an article."""
    service: Service = request.app.state.service
    return Response(await run_sync(service.figures.text), media_type=f"{PLAIN}; version=0.0.4; charset=utf-8")


@router.get("/openapi.json", include_in_schema=False)
async def openapi(request: Request) -> Response:
    """The API's description."""
    return tagged(request, msgspec.json.encode(request.app.openapi()))


@router.get("/docs", include_in_schema=False)
async def docs() -> Response:
    """The API's description as a page, which loads nothing from elsewhere."""
    return HTMLResponse(DOCS, headers={"content-security-policy": DOCS_POLICY})


@router.get("/docs/{name}", include_in_schema=False)
async def docs_file(request: Request, name: str) -> Response:
    """A file of that page."""
    if name == "start.js":
        return tagged(request, START.encode(), media_type="text/javascript")
    if name not in BUNDLE:
        return RedirectResponse("/docs", 303)
    return tagged(request, _bundled(name), media_type=BUNDLE[name])


@cache
def _bundled(name: str) -> bytes:
    return resources.files("fastapi_offline").joinpath("static", name).read_bytes()


@cache
def _rules() -> bytes:
    from dataclasses import fields

    from sourcing.findings import RULES

    items: list[dict[str, Any]] = [
        {entry.name: getattr(rule, entry.name) for entry in fields(rule) if entry.name != "check"} for rule in RULES
    ]
    return msgspec.json.encode({"items": items})
