r"""Turn a file's bytes into text: no newline is translated, so that offsets count what is in the file.

In this order: the encoding the user names, a byte order mark, the charset the file declares, UTF-8, Windows-1252, and a
guess (charset-normalizer) at last, because it takes Windows-1252 for Windows-1250.

>>> decode("“Yes”".encode("cp1252"), name="a.txt")
('“Yes”', ('a.txt is not UTF-8; decoded as cp1252',))
"""

import codecs

from sourcing.errors import InputError, UsageError

BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# Browsers read these labels as the wider Windows or East Asian encoding (WHATWG Encoding Standard), and so do we.
WIDER = {"ascii": "cp1252", "iso8859-1": "cp1252", "gb2312": "gb18030", "gbk": "gb18030", "shift_jis": "cp932"}
# Python's codecs for names of hosts and for its own literals: no page or file is in one, and punycode takes quadratic time.
OF_NO_TEXT = frozenset(("punycode", "idna", "unicode-escape", "raw-unicode-escape", "undefined"))
# What a compressed or executable file begins with; most have NUL bytes too, but not all.
MAGIC = (
    b"PK\x03\x04",
    b"\x1f\x8b",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"BZh",
    b"7z\xbc\xaf",
)
# Drafts in a format that is not read, and what to do about it.
DRAFTS = {
    b"%PDF-": "a PDF file: save its text, or the draft as .docx",
    b"\xd0\xcf\x11\xe0": "an old Office file: save it as .docx",
    b"{\\rtf": "a Rich Text file: save it as .docx",
}
# Share of control characters above which bytes are no text: none in the 840 PolNeAR train articles, 0.096 in the same
# when compressed.
CONTROLS = 0.02
# The guess at last looks at this much, and took 0.02 s at most for it (Greek in ISO 8859-7).
GUESS_BYTES = 1 << 18

_CONTROL_BYTES = bytes(b for b in range(32) if b not in b"\t\n\v\f\r\x1b")


def check_encoding(encoding: str | None) -> None:
    """Raise UsageError when Python knows no text encoding of that name, or one that is no page's or file's."""
    try:
        if encoding is None:
            return
        found = codecs.lookup(encoding)
        if not found._is_text_encoding or found.name in OF_NO_TEXT:
            raise LookupError
    except LookupError:
        raise UsageError(f"there is no text encoding {encoding!r}") from None


def decode(
    data: bytes, *, name: str, encoding: str | None = None, declared: str | None = None
) -> tuple[str, tuple[str, ...]]:
    """Return the text and the warnings; raises InputError "binary" or "encoding".

    name: the input, for messages. encoding: what the user says, and then nothing else is tried. declared: what the
    file says (an HTML meta element); a charset that is unknown or does not fit is passed over.
    """
    if encoding is not None:
        return _decode_as_told(data, name, encoding)
    for bom, codec in BOMS:
        if data.startswith(bom):
            return _decode_with_mark(data[len(bom) :], name, codec)
    for magic, what in DRAFTS.items():
        if data.startswith(magic):
            raise InputError("binary", name, f"{name} is {what}")
    if is_binary(data):
        raise InputError("binary", name, f"{name} is not text (binary data)")
    said = _codec(declared)
    if said is not None and said != "utf-8" and (text := _try(data, said)) is not None:
        return text, _warning(name, said)
    if (text := _try(data, "utf-8")) is not None:
        return text, ()
    return _decode_something_else(data, name)


def fits(data: bytes, label: str | None) -> bool:
    """Say whether a declared charset is known and the bytes can be decoded so."""
    codec = _codec(label)
    return codec is not None and _try(data, codec) is not None


def is_binary(data: bytes) -> bool:
    """Say whether the bytes, which have no byte order mark, are anything but text."""
    if b"\0" in data or data.startswith((*MAGIC, *DRAFTS)):
        return True
    return len(data) - len(data.translate(None, _CONTROL_BYTES)) > CONTROLS * len(data)


def _decode_as_told(data: bytes, name: str, encoding: str) -> tuple[str, tuple[str, ...]]:
    """Decode as the user says, strictly."""
    check_encoding(encoding)
    text = _try(data, encoding)
    if text is None:
        raise InputError("encoding", name, f"{name} cannot be decoded as {encoding}")
    return _checked(text.removeprefix("\ufeff"), name), ()


def _decode_with_mark(data: bytes, name: str, codec: str) -> tuple[str, tuple[str, ...]]:
    """Decode what follows a byte order mark; the mark is no part of the text."""
    text = _try(data, codec)
    if text is None:
        raise InputError("encoding", name, f"{name} has the byte order mark of {codec} and cannot be decoded so")
    return _checked(text, name), () if codec == "utf-8" else _warning(name, codec)


def _decode_something_else(data: bytes, name: str) -> tuple[str, tuple[str, ...]]:
    """Decode bytes that are no strict UTF-8."""
    damaged = data.decode("utf-8", errors="replace")
    beyond_ascii = sum(1 for character in damaged if character > "\x7f")
    lost = damaged.count("\ufffd")
    # Text in another encoding has hardly a character beyond ASCII that is valid UTF-8; damaged UTF-8 has many.
    if beyond_ascii > 2 * lost:
        return damaged, (f"{name} is damaged UTF-8: {lost} characters were replaced",)
    if (text := _try(data, "cp1252")) is not None:
        return text, _warning(name, "cp1252")
    from charset_normalizer import from_bytes

    best = from_bytes(data[:GUESS_BYTES]).best()
    if best is None:
        raise InputError("encoding", name, f"{name} is in no encoding that could be found out; name it")
    return _checked(data.decode(best.encoding, errors="replace"), name), _warning(name, best.encoding)


def _checked(text: str, name: str) -> str:
    """Return the text unless it has the NUL characters of binary data."""
    if "\0" in text:
        raise InputError("binary", name, f"{name} is not text (binary data)")
    return text


def _codec(label: str | None) -> str | None:
    """Return Python's name of a declared charset, None when there is none of that name."""
    try:
        info = codecs.lookup(label) if label else None
    except (LookupError, ValueError):
        return None
    if info is None or not info._is_text_encoding or info.name in OF_NO_TEXT:
        return None
    return WIDER.get(info.name, info.name)


def _try(data: bytes, codec: str) -> str | None:
    """Decode strictly; None when that fails."""
    try:
        text = data.decode(codec)
    except (UnicodeError, ValueError):
        return None
    return text


def _warning(name: str, codec: str) -> tuple[str, ...]:
    return (f"{name} is not UTF-8; decoded as {codec}",)
