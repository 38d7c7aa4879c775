"""Errors as problem details (RFC 9457): one media type, a stable `code`, and a pointer to the field at fault.

>>> Problem(404, "no-corpus", "There is no corpus called x.").body()["title"]
'Not Found'
>>> print(explain("no-job"))
no-job (404): There is no such job; finished ones are forgotten after seven days.
"""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, NamedTuple

MEDIA_TYPE = "application/problem+json"


class Kind(NamedTuple):
    """What a code stands for. statuses: with which it is answered."""

    statuses: tuple[int, ...]
    said: str


KINDS: dict[str, Kind] = {
    # the request as a whole
    "no-token": Kind((401,), "The server asks for its token, and none or another came."),
    "cross-site": Kind((403,), "A page of another site may not send anything here."),
    "bad-host": Kind((421,), "The server does not answer to this name (`--allow-host`)."),
    "not-found": Kind((404,), "There is nothing at this address."),
    "method": Kind((405,), "The address does not take this method; `Allow` names those that it does."),
    "refused": Kind((400,), "The request cannot be read."),
    "bad-parameter": Kind((422,), "A parameter of the address is out of range, of another type, or unknown here."),
    "bad-cursor": Kind((422,), "The cursor is none that this list gave."),
    "bad-idempotency-key": Kind((400,), "An Idempotency-Key has 1 to 255 visible ASCII characters."),
    "idempotency-key-reused": Kind((422,), "The Idempotency-Key came before with another request."),
    # bodies
    "media-type": Kind(
        (415,), "Nothing here reads this media type, kind of file or charset; `Accept-Post` names what is read."
    ),
    "content-encoding": Kind((415,), "Send the body as it is, or a `.gz` as a file of a form."),
    "cut-off": Kind((400,), "The body ended before it was whole."),
    "too-large": Kind((413,), "More bytes were sent, or a file unpacks to more, than is taken."),
    "too-slow": Kind((408,), "The rest of the body did not come."),
    "bad-form": Kind((400,), "The form cannot be read."),
    "no-file": Kind((400, 422), "The form has no file called `file`."),
    "unknown-part": Kind((422,), "The form has a part that is no file called `file`."),
    "same-name": Kind((422,), "Two files of the form have one name: their articles would have one id."),
    "too-many-files": Kind((413,), "The form has more than a thousand files."),
    # articles
    "empty": Kind((400, 422), "Nothing was sent, or only white space; or a field is empty."),
    "invalid-json": Kind((400,), "The body is not JSON, or nested too deep."),
    "encoding": Kind((400,), "The text cannot be decoded as its header says, or in any way; or the JSON is not UTF-8."),
    "binary": Kind((415,), "The body is no text, or a PDF, old Word or Rich Text file."),
    "invalid-article": Kind((422,), "The JSON is no article (schemas/article.json)."),
    "invalid-text": Kind((422,), "The text has half a surrogate pair, which no Unicode text has."),
    "invalid-html": Kind((422,), "The page cannot be parsed."),
    "invalid-docx": Kind((422,), "The body is no Word document, or a damaged one."),
    "invalid-csv": Kind((422,), "A row has a quotation mark that is not closed, or more cells than the header."),
    "invalid-parquet": Kind((422,), "The body is no Parquet file, or a damaged one."),
    "invalid-warc": Kind((422,), "The body is no web archive, or a damaged one."),
    "bad-gzip": Kind((422,), "The `.gz` is damaged or cut off."),
    "no-column": Kind((422,), "The table has no column of the text."),
    "no-text": Kind((422,), "No article text was found in the document; or the report came without its text."),
    "several": Kind((422,), "The body has more than one article; send them as a batch, or add them to a corpus."),
    "too-long": Kind(
        (413, 422), "The article has more than `--max-words` words; or a field more characters than it may."
    ),
    "bad-option": Kind((400, 422), "There are no findings of this code."),
    # corpora and jobs
    "bad-name": Kind((400,), "A corpus's name has 1 to 64 letters, digits, dots, dashes and underscores."),
    "no-corpus": Kind((404,), "There is no such corpus."),
    "no-article": Kind((404,), "There is no article of this id in the corpus."),
    "no-speaker": Kind((404,), "There is no speaker of this id in the corpus."),
    "bad-question": Kind((422,), "The corpus has no answer to this; `detail` says why."),
    "no-job": Kind((404,), "There is no such job; finished ones are forgotten after seven days."),
    "job-finished": Kind((409,), "The job is done, or has failed, already."),
    # corrections
    "invalid": Kind((422,), "The body is no correction (schemas/correction.json), or the report in it no report."),
    "not-corrected": Kind((404,), "There is no correction of this article."),
    "report-needed": Kind((422,), "The first correction of an article comes with the report it is made to."),
    "other-report": Kind((409,), "The article's corrections are made to another report of the same text."),
    "other-text": Kind((422,), "The report is of another text than the one the address stands for."),
    "unknown-target": Kind((422,), "The report has no such attribution or quote."),
    "unknown-speaker": Kind((422,), "The report has no such speaker."),
    "unknown-correction": Kind((422,), "The article has no such correction to take back."),
    "attributed-quote": Kind((422,), "The quote belongs to an attribution: correct that one."),
    "nested-quote": Kind((422,), "The quote stands inside another quote: correct that one."),
    "name-needed": Kind((422,), "A speaker of this type needs a name, with letters."),
    "name-of-anonymous": Kind((422,), "A speaker of this type has no name."),
    "retraction": Kind((422,), "What takes back cannot itself be taken back: make the correction again."),
    "taken-back": Kind((422,), "The correction is taken back already."),
    "bad-characters": Kind((422,), "The field has to be one line without control characters."),
    "bad-offsets": Kind((422,), "The report's offsets do not fit its text."),
    "bad-id": Kind((422,), "An id of the report is malformed or comes twice."),
    "bad-reference": Kind((422,), "Something in the report refers to what it does not have."),
    "bad-class": Kind((422,), "A speaker's class does not follow from its type."),
    "no-content": Kind((422,), "An attribution of the report has no content."),
    # the page's forms
    "bad-report": Kind((422,), "The page did not send back a report whose offsets fit its text."),
    "bad-type": Kind((422,), "This is none of the types of speakers."),
    "nothing-chosen": Kind((422,), "Nothing was said to be wrong."),
    "nothing-changed": Kind((422,), "The correction says what the model says already."),
    "no-speaker-chosen": Kind((422,), "Nobody was chosen as the speaker."),
    "no-format": Kind((422,), "There is no export in this format."),
    "no-page": Kind((404,), "There is no such file of the page."),
    # reference
    "no-schema": Kind((404,), "There is no schema of this name."),
    "no-problem": Kind((404,), "There is no problem of this code."),
    # the server
    "busy": Kind((429,), "More analyses wait than may; `Retry-After` says when these should be done."),
    "too-many-corrections": Kind((409,), "The article has a thousand corrections already."),
    "too-many-jobs": Kind((429,), "A thousand jobs wait already; see `Retry-After`."),
    "timeout": Kind((503,), "It took longer than `--max-seconds` and was stopped; see `Retry-After`."),
    "not-yet": Kind((503,), "This is still being worked out from the whole corpus: ask again, see `Retry-After`."),
    "starting": Kind((503,), "The workers are loading the model; see `Retry-After`."),
    "store-busy": Kind((503,), "The corrections cannot be read or written just now; see `Retry-After`."),
    "disk-full": Kind((507,), "The server's disk is full."),
    "worker-died": Kind((500,), "The process at work died of it, twice."),
    "corpus-unreadable": Kind((500,), "The corpus is damaged, or of another version."),
    "store-damaged": Kind((500,), "The file of the corrections is damaged."),
    "internal": Kind((500,), "Something went wrong here; the log says where."),
}
"""Every code there is, by what it is about."""


def explain(code: str) -> str:
    """A line on a code. Raises KeyError for one that there is none of."""
    kind = KINDS[code]
    return f"{code} ({', '.join(map(str, kind.statuses))}): {kind.said}"


class Problem(Exception):
    """What a request is answered with instead.

    status: HTTP status. code: a stable word for scripts, of KINDS. detail: one sentence for a person; never article text. pointer:
    a JSON pointer (RFC 6901) to the field of the body at fault, or `?name` for a parameter of the address; None for its path and
    for headers.
    """

    def __init__(
        self,
        status: int,
        code: str,
        detail: str,
        *,
        pointer: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status, self.code, self.detail, self.pointer = status, code, detail, pointer
        self.headers = dict(headers or {})

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
        return members
