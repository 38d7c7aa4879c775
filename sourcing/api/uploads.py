"""An article out of a request: JSON, plain text, HTML, Markdown or Word, as the body or as the file of a form.

>>> kind_of("text/html; charset=utf-8"), kind_of("application/octet-stream")
('html', '')
"""

from pathlib import PurePath
from urllib.parse import unquote

from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException
from starlette.requests import Request

from sourcing.api.problems import Problem
from sourcing.api.service import Upload
from sourcing.documents.registry import id_for, reader_for

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
KINDS = {
    "application/json": "json",
    "text/plain": "text",
    "text/html": "html",
    "application/xhtml+xml": "html",
    "text/markdown": "markdown",
    WORD: "docx",
    "application/octet-stream": "",
}
"""Media types of one article, and the reader of each; "" looks at the bytes."""
FORM = "multipart/form-data"
ONE = frozenset(("text", "html", "markdown", "docx", "json"))
LONGEST_NAME = 200


async def read_upload(request: Request) -> Upload:
    """The article that a request carries. Raises Problem 400 without one, 415 for another media type."""
    media = request.headers.get("content-type", "")
    if _bare(media) == FORM:
        return await _from_form(request)
    kind = kind_of(media)
    if kind is None:
        accepted = ", ".join((*KINDS, FORM))
        raise Problem(
            415, "media-type", f"An article is sent as one of: {accepted}.", headers={"accept-post": accepted}
        )
    data = await request.body()
    if not data.strip():
        raise Problem(400, "empty", "The body is empty; send the article in it.")
    return Upload(data=_in_utf8(data, media, kind), kind=kind)


def kind_of(media: str) -> str | None:
    """The reader of a media type, None when there is none."""
    return KINDS.get(_bare(media) or "application/octet-stream")


async def _from_form(request: Request) -> Upload:
    try:
        form = await request.form(max_files=1, max_fields=10)
    except MultiPartException as error:
        raise Problem(400, "bad-form", f"The form cannot be read: {error.message}") from None
    file = form.get("file")
    if not isinstance(file, UploadFile):
        raise Problem(400, "no-file", "The form has no file called `file`.", pointer="/file")
    return await upload_of(file)


async def upload_of(file: UploadFile) -> Upload:
    """The article in a form's file, read by its name's ending, and by its bytes where that says nothing."""
    name = PurePath(unquote(file.filename or "").replace("\\", "/")).name[:LONGEST_NAME] or "article"
    reader = reader_for(name)
    known = name.lower().endswith(reader.endings)
    kind = reader.name if known else ""
    if known and kind not in ONE:
        raise Problem(
            415, "media-type", f"{name} is no article, but may hold several: add it to a corpus.", pointer="/file"
        )
    data = await file.read()
    if not data.strip():
        raise Problem(400, "empty", f"{name} is empty.", pointer="/file")
    return Upload(data=data, kind=kind, name=name, id=id_for(name))


def _bare(media: str) -> str:
    return media.partition(";")[0].strip().lower()


def _in_utf8(data: bytes, media: str, kind: str) -> bytes:
    """Text in the charset that its header names, in UTF-8; what cannot be decoded so is left for the reader to find out."""
    from email.message import Message

    header = Message()
    header["content-type"] = media
    charset = header.get_content_charset()
    if kind not in ("text", "markdown") or charset is None or charset == "utf-8":
        return data
    try:
        return data.decode(charset).encode()
    except (LookupError, UnicodeError):
        return data
