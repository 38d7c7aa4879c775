"""Parameters of the address: one that a route does not take is refused, since a misspelt filter would give everything."""

from fastapi import Depends, Request

from sourcing.api.problems import Problem

LONGEST = 64  # code points of a name that are repeated


async def check_parameters(request: Request) -> None:
    """Raise Problem 422 for a parameter that a route under /v1 does not know; others may be asked with any, as probes do."""
    if not request.url.path.startswith("/v1/"):
        return
    known = [field.alias for field in request.scope["route"].dependant.query_params]
    for name in request.query_params:
        if name not in known:
            there = f"There are: {', '.join(known)}." if known else "There are none."
            shown = name[:LONGEST]
            raise Problem(422, "bad-parameter", f"{shown}: no parameter of this address. {there}", pointer=f"?{shown}")


CHECKED = (Depends(check_parameters),)
"""The dependencies of every router with routes under /v1."""
