"""Errors as problem details (RFC 9457): one media type, a stable `code`, and a pointer to the field at fault.

>>> Problem(404, "no-corpus", "There is no corpus called x.").body()["title"]
'Not Found'
"""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

MEDIA_TYPE = "application/problem+json"


class Problem(Exception):
    """What a request is answered with instead.

    status: HTTP status. code: a stable word for scripts. detail: one sentence for a person; never article text. pointer: a JSON
    pointer (RFC 6901) to the field at fault, or `?name` for a parameter of the address. more: members added.
    """

    def __init__(
        self,
        status: int,
        code: str,
        detail: str,
        *,
        pointer: str | None = None,
        headers: Mapping[str, str] | None = None,
        **more: Any,
    ) -> None:
        super().__init__(detail)
        self.status, self.code, self.detail, self.pointer = status, code, detail, pointer
        self.headers = dict(headers or {})
        self.more = more

    def body(self, request: str | None = None) -> dict[str, Any]:
        """The members of the answer; request: its id, by which the log's line is found."""
        members: dict[str, Any] = {
            "type": f"/v1/problems/{self.code}",
            "title": HTTPStatus(self.status).phrase,
            "status": self.status,
            "detail": self.detail,
            "code": self.code,
        }
        if self.pointer is not None:
            members["errors"] = [{"pointer": self.pointer, "detail": self.detail}]
        if request is not None:
            members["instance"] = f"urn:request:{request}"
        return members | self.more
