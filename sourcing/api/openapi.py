"""The API's description: OpenAPI 3.1, whose bodies are the schemas in schemas/, word for word.

A schema's own `$defs` are pointed at from its root; inside the description that root is elsewhere, so these pointers, and
nothing else, are moved (`placed`).
"""

from collections.abc import Iterator, Mapping
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from sourcing.api.media import FORM, JSON
from sourcing.api.problems import MEDIA_TYPE
from sourcing.schema import load_schema, schema_names

Schema = Mapping[str, Any]
TEXT: Schema = {"type": "string"}
OBJECT: Schema = {"type": "object"}
FILE: Schema = {
    "type": "object",
    "properties": {"file": {"type": "string", "contentMediaType": "application/octet-stream"}},
    "required": ["file"],
}
OPEN: dict[str, Any] = {"security": []}
"""To add to a route that asks for no token."""
SAID = {
    400: "What was sent cannot be read.",
    401: "The token is missing or wrong.",
    403: "A page of another site sends nothing here.",
    404: "There is no such thing.",
    408: "The rest of the body did not come.",
    409: "It does not go with what is there already.",
    413: "More was sent than is taken.",
    415: "Nothing reads this media type.",
    421: "The server does not answer to this name.",
    422: "What was sent makes no sense; `errors` points at it.",
    429: "Too much waits already; Retry-After says when to come again.",
    500: "Something went wrong here.",
    503: "It took too long, or the server is not ready; Retry-After says when to come again.",
    507: "The disk is full.",
}


def reference(name: str) -> dict[str, str]:
    """A pointer to a schema of the description."""
    return {"$ref": f"#/components/schemas/{name}"}


def refusal(said: str) -> dict[str, Any]:
    """An answer that is a problem."""
    return {"description": said, "content": {MEDIA_TYPE: {"schema": reference("Problem")}}}


PROBLEMS = {status: refusal(said) for status, said in SAID.items()}


def component(name: str) -> str:
    """What a schema is called in the description.

    >>> component("report")
    'Report'
    """
    return "".join(part.capitalize() for part in name.replace("_", "-").split("-"))


def answers(
    schema: str | Schema | None, said: str, *problems: int, status: int = 200, media: str = JSON, tagged: bool = False
) -> dict[int | str, dict[str, Any]]:
    """The answers of a route: one with a body, and problems.

    schema: a component's name, a schema, or None for no body. tagged: it has an ETag, so a caller who has it is told so.
    """
    body = reference(schema) if isinstance(schema, str) else schema
    content = {} if body is None else {"content": {media: {"schema": body}}}
    found: dict[int | str, dict[str, Any]] = {status: {"description": said, **content}}
    if tagged:
        found[304] = {"description": "The caller has it already (`If-None-Match`)."}
    return found | {number: PROBLEMS[number] for number in problems}


def body_of(schemas: Mapping[str, str | Schema]) -> dict[str, Any]:
    """The body of a route: a component's name or a schema, by media type."""
    content = {
        media: {"schema": reference(schema) if isinstance(schema, str) else schema} for media, schema in schemas.items()
    }
    return {"requestBody": {"required": True, "content": content}}


def bodies(*media: str, json: str | Schema) -> dict[str, str | Schema]:
    """What `body_of` takes, where JSON is the only media type with a schema of its own."""
    own = {JSON: json, FORM: FILE}
    return {one: own.get(one, TEXT) for one in media}


def placed(name: str, schema: Any) -> Any:
    """A schema as it stands in the description: its pointers to its own parts lead there, and it has no address of its own."""
    if isinstance(schema, dict):
        out = {key: placed(name, value) for key, value in schema.items() if key not in ("$schema", "$id")}
        if isinstance(target := schema.get("$ref"), str) and target.startswith("#"):
            out["$ref"] = f"#/components/schemas/{component(name)}{target[1:]}"
        return out
    return [placed(name, value) for value in schema] if isinstance(schema, list) else schema


def describe(app: FastAPI) -> dict[str, Any]:
    """The description of an app, made once."""
    if app.openapi_schema is None:
        made = get_openapi(
            title="sourcing", version=app.version, openapi_version="3.1.0", routes=app.routes,
            summary="Who speaks in a news article, in whose words, and how good that sourcing is.",
            description="The same reports as the command line and Python give. docs/api.md has clients in a few lines.",
        )  # fmt: skip
        schemas = made.setdefault("components", {}).setdefault("schemas", {})
        for unused in ("HTTPValidationError", "ValidationError"):  # problems take their place
            schemas.pop(unused, None)
        schemas |= {component(name): placed(name, load_schema(name)) for name in schema_names()}
        made["components"]["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
        made["security"] = [{"token": []}, {}]
        for path, route in made["paths"].items():
            for method, operation in route.items():
                operation["responses"] |= {
                    str(number): PROBLEMS[number] for number in _everywhere(path, method, operation)
                }
        app.openapi_schema = made
    return app.openapi_schema


def _everywhere(path: str, method: str, operation: Mapping[str, Any]) -> Iterator[int]:
    """The statuses with which all routes of a kind refuse, whatever they do."""
    yield 421
    if operation.get("security") != OPEN["security"]:
        yield 401
    if method != "get":
        yield 403
    if "requestBody" in operation:
        yield 408
    if path.startswith("/v1/"):  # where an unknown parameter is refused
        yield 422
