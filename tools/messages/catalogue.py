"""The French catalogue on disk: the readable file, and the compiled one that Django reads."""

import re
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po, write_po

_WIDTH = 100
# Dates and tool versions would change the file without a change of its words.
_RESTLESS = re.compile(
    rb'^"(POT-Creation-Date|PO-Revision-Date|Last-Translator|Language-Team|Generated-By): .*\n',
    re.MULTILINE,
)
# French puts a space before these signs and inside its quotation marks; no line may break there.
_SPACES = (
    (re.compile(r" (?=[:»](?:[\s\"”’).<]|$))"), "\u00a0"),
    (re.compile(r" (?=[;!?](?:[\s\"”’».<]|$))"), "\u202f"),
    (re.compile(r"(?<=«) "), "\u00a0"),
)
_LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


def read(path: Path) -> Catalog:
    """The catalogue in a .po file; an empty French one when there is no such file."""
    if not path.exists():
        return _settled(Catalog(locale="fr", domain="django", charset="utf-8", fuzzy=False))
    with path.open("rb") as file:
        return _settled(read_po(file, locale="fr", domain="django", abort_invalid=True))


def write(catalogue: Catalog, path: Path) -> None:
    """Write the .po file and, beside it, the compiled .mo; the spaces of signs are seen to."""
    for message in catalogue:
        if message.id and message.string:
            forms = tuple(map(unbroken, french_of(message)))
            message.string = forms[0] if isinstance(message.string, str) else forms
    buffer = BytesIO()
    catalogue.header_comment = "# BlueGPT in French. Kept in step by `make messages`."
    write_po(
        buffer,
        catalogue,
        width=_WIDTH,
        include_lineno=False,
        ignore_obsolete=True,
        sort_by_file=True,
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(_RESTLESS.sub(b"", buffer.getvalue()))
    path.with_suffix(".mo").write_bytes(compiled(read(path)))


def compiled(catalogue: Catalog) -> bytes:
    """The .mo file of a catalogue. Fuzzy entries are left out, as Django would ignore them."""
    buffer = BytesIO()
    write_mo(buffer, catalogue, use_fuzzy=False)
    return buffer.getvalue()


def is_fresh(po_path: Path) -> bool:
    """Whether the compiled file says exactly what the readable one says."""
    mo_path = po_path.with_suffix(".mo")
    if not mo_path.exists():
        return False
    with mo_path.open("rb") as file:
        shipped = read_mo(file)
    return _sayings(shipped) == _sayings(read_mo(BytesIO(compiled(read(po_path)))))


def key_of(message: Message) -> tuple[str, str]:
    """What makes a message itself: its context and its (singular) English."""
    return message.context or "", english_of(message)[0]


def english_of(message: Message) -> list[str]:
    """The English forms of a message: one, or singular and plural."""
    return [message.id] if isinstance(message.id, str) else list(message.id)


def french_of(message: Message) -> list[str]:
    """The French forms of a message; empty strings where they are not there yet."""
    if message.string is None or isinstance(message.string, str):
        return [message.string or ""]
    return list(message.string)


def unbroken(text: str) -> str:
    """A French text whose signs stay on the line of their word."""
    for space, kept_space in _SPACES:
        text = space.sub(kept_space, text)
    return text


def _sayings(catalogue: Catalog) -> dict[tuple[str, str], object]:
    return {key_of(message): (message.id, message.string) for message in catalogue if message.id}


def _settled(catalogue: Catalog) -> Catalog:
    catalogue.creation_date = catalogue.revision_date = _LONG_AGO
    return catalogue
