"""The API's description: OpenAPI 3.1, whose bodies are the schemas in schemas/, word for word.

A schema's own `$defs` are pointed at from its root; inside the description that root is elsewhere, so these pointers, and
nothing else, are moved (`placed`).
"""

from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from sourcing.api.problems import MEDIA_TYPE
from sourcing.schema import load_schema, schema_names

SAID = {
    400: "What was sent cannot be read.",
    401: "The token is missing or wrong.",
    404: "There is no such thing.",
    409: "It is being worked on already.",
    413: "More was sent than is taken.",
    415: "Nothing reads this media type.",
    422: "What was sent makes no sense; `errors` points at it.",
    429: "Too much waits already; Retry-After says when to come again.",
    500: "Something went wrong here.",
    503: "It took too long, or the server is not ready; Retry-After says when to come again.",
}
PROBLEMS: dict[int | str, dict[str, Any]] = {
    status: {"description": said, "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}}
    for status, said in SAID.items()
}


def component(name: str) -> str:
    """What a schema is called in the description.

    >>> component("report")
    'Report'
    """
    return "".join(part.capitalize() for part in name.replace("_", "-").split("-"))


def reference(name: str) -> dict[str, str]:
    """A pointer to a schema of the description."""
    return {"$ref": f"#/components/schemas/{name}"}


def answers(
    schema: str | None, said: str, *problems: int, status: int = 200, **more: Any
) -> dict[int | str, dict[str, Any]]:
    """The answers of a route: one with a body of that schema (a component's name), and problems. more: to add to the first."""
    body = {"type": "object"} if schema is None else reference(schema)
    content = {} if status == 204 else {"content": {"application/json": {"schema": body}}}
    return {status: {"description": said, **content, **more}, **{number: PROBLEMS[number] for number in problems}}


def body_of(schemas: Mapping[str, str | None], *, required: bool = True) -> dict[str, Any]:
    """The body of a route: a component's name, or None for bytes, by media type."""
    content = {
        media: {"schema": _body(media) if schema is None else reference(schema)} for media, schema in schemas.items()
    }
    return {"requestBody": {"required": required, "content": content}}


def _body(media: str) -> dict[str, Any]:
    if media == "multipart/form-data":
        file = {"type": "string", "contentMediaType": "application/octet-stream"}
        return {"type": "object", "properties": {"file": file}, "required": ["file"]}
    return {"type": "string"}


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
        for route in made["paths"].values():
            for operation in route.values():
                found = operation["responses"].get("422", {}).get("content", {})
                if "application/json" in found:
                    operation["responses"]["422"] = PROBLEMS[422]
                operation["responses"].setdefault("401", PROBLEMS[401])
        app.openapi_schema = made
    return app.openapi_schema
