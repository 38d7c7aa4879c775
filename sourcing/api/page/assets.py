"""Style sheets and scripts, from the package. The browser asks again each time and is told that it has them already."""

import hashlib
from functools import cache
from importlib import resources

from fastapi import APIRouter, Request, Response

from sourcing.api.caching import tagged_as
from sourcing.api.problems import Problem
from sourcing.report.html import base_style

router = APIRouter(prefix="/static", include_in_schema=False)

TYPES = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}


@router.get("/{name}")
async def asset(request: Request, name: str) -> Response:
    """One file; 304 when the browser's is the same."""
    files = _assets()
    if name not in files:
        raise Problem(404, "no-page", "There is no such file.")
    data, kind, digest = files[name]
    return tagged_as(request, digest, data, media_type=kind)


@cache
def _assets() -> dict[str, tuple[bytes, str, str]]:
    """Name to bytes, media type and digest: the files of `static`, and the report's own style."""
    comparison = resources.files("sourcing.report").joinpath("templates", "comparison.css").read_bytes()
    files = {"report.css": base_style().encode() + comparison}
    for file in resources.files("sourcing.api.page").joinpath("static").iterdir():
        files[file.name] = file.read_bytes()
    return {
        name: (data, kind, hashlib.sha256(data).hexdigest()[:32])
        for name, data in files.items()
        for ending, kind in TYPES.items()
        if name.endswith(ending)
    }
