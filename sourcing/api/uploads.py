"""An article out of a request: JSON, plain text, HTML, Markdown or Word, as the body or as the file of a form.

>>> kind_of("text/html; charset=utf-8"), kind_of("application/octet-stream")
('html', '')
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import PurePath
from urllib.parse import unquote

from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request

from sourcing.api.media import BYTES, FORM, ONE, READERS_OF_ONE, bare, charset_of, check_coding
from sourcing.api.problems import Problem
from sourcing.api.settings import MIB
from sourcing.api.work import Upload
from sourcing.documents.registry import id_for, reader_for

KINDS = {media: kind.reader for media, kind in ONE.items()} | {BYTES: ""}
"""Media types of one article, and the reader of each; "" looks at the bytes."""
LONGEST_NAME = 200
LARGEST_FIELD = MIB  # bytes of a field beside the file, of which none is read
MOST_FIELDS = 20


async def read_upload(request: Request) -> Upload:
    """The article that a request carries. Raises Problem 400 without one, 415 for another media type, or a packed one."""
    check_coding(request.headers)
    media = request.headers.get("content-type", "")
    if bare(media) == FORM:
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
    return Upload(data=data, kind=kind, encoding=charset_of(media))


def kind_of(media: str) -> str | None:
    """The reader of a media type, None when there is none."""
    return KINDS.get(bare(media) or BYTES)


@asynccontextmanager
async def form_of(request: Request, *, most: int) -> AsyncIterator[FormData]:
    """The fields of a form, each up to `most` bytes, and one file. Raises Problem 413 for a longer one, 400 for what is no form."""
    try:
        form = await request.form(max_files=1, max_fields=MOST_FIELDS, max_part_size=most)
    except HTTPException as error:
        if "exceeded maximum size" in str(error.detail):
            said = f"This is too large: at most {most / MIB:.3g} MiB are taken."
            raise Problem(413, "too-large", said) from error
        raise Problem(400, "bad-form", "The form cannot be read.") from error
    try:
        yield form
    finally:
        await form.close()


async def _from_form(request: Request) -> Upload:
    async with form_of(request, most=LARGEST_FIELD) as form:
        file = form.get("file")
        if not isinstance(file, UploadFile):
            raise Problem(400, "no-file", "The form has no file called `file`.", pointer="/file")
        return await _upload_of(file)


async def _upload_of(file: UploadFile) -> Upload:
    """The article in a form's file, read by its name's ending, and by its bytes where that says nothing."""
    name = PurePath(unquote(file.filename or "").replace("\\", "/")).name[:LONGEST_NAME] or "article"
    reader = reader_for(name)
    known = name.lower().endswith(reader.endings)
    kind = reader.name if known else ""
    if known and kind not in READERS_OF_ONE:
        raise Problem(
            415, "media-type", f"{name} is no article, but may hold several: add it to a corpus.", pointer="/file"
        )
    data = await file.read()
    if not data.strip():
        raise Problem(400, "empty", f"{name} is empty.", pointer="/file")
    return Upload(data=data, kind=kind, name=name, id=id_for(name))
