"""The messages of a request: who said what, with which files."""

import base64
import binascii
import re
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from bluegpt.api import reading
from bluegpt.api.errors import InvalidParameter, UnsupportedParameter
from bluegpt.providers.types.turns import Role
from bluegpt.studio.types.files import Upload
from bluegpt.studio.types.prompts import PromptTurn

MESSAGES_MAX = 2_000
# In the whole request; how many one message may carry is a setting.
FILES_MAX = 64

_SYSTEM_ROLES = frozenset({"system", "developer"})
_TURN_ROLES = {"user": Role.USER, "assistant": Role.ASSISTANT}
_DATA_URL = re.compile(r"data:[\w.+-]+/[\w.+-]+;base64,", re.ASCII)
# Between the texts of neighbours with one role, which models read as one message.
_PARAGRAPH = "\n\n"

Piece = str | Upload


def read(given: Any) -> tuple[str, tuple[PromptTurn, ...]]:
    """The system prompt, and the turns after it. Raises InvalidParameter, UnsupportedParameter."""
    messages = reading.listed(given, "messages")
    if len(messages) > MESSAGES_MAX:
        raise InvalidParameter("messages", _("a list with at most 2000 entries"))
    system: list[str] = []
    turns: list[PromptTurn] = []
    for index, item in enumerate(messages):
        place = f"messages[{index}]"
        message = reading.mapping(item, place)
        role = reading.text(message.get("role"), f"{place}.role")
        if role in _SYSTEM_ROLES:
            if turns:
                raise UnsupportedParameter(f"{place}.role", _SYSTEM_COMES_FIRST)
            system.append(_system_text(message, place))
        elif role in _TURN_ROLES:
            turns.append(_turn(message, place, _TURN_ROLES[role], turns))
        else:
            raise UnsupportedParameter(f"{place}.role", _ROLES)
    if not turns or turns[-1].role is not Role.USER:
        raise InvalidParameter("messages", _("a conversation that ends with a message of the user"))
    files = sum(isinstance(piece, Upload) for turn in turns for piece in turn.pieces)
    if files > FILES_MAX:
        raise InvalidParameter("messages", _("a conversation with at most 64 files"))
    return _PARAGRAPH.join(system), tuple(turns)


_SYSTEM_COMES_FIRST = _("“%(param)s”: system and developer messages come before all others.")
_ROLES = _("“%(param)s” must be system, developer, user or assistant; tools are not offered.")
_DATA_ONLY = _("“%(param)s” must be a base64 data: URL; addresses are not fetched.")


def _turn(
    message: Mapping[str, Any], place: str, role: Role, before: list[PromptTurn]
) -> PromptTurn:
    """A message of the user or the assistant, with a paragraph's distance to one of the same."""
    reading.only(message, "role", "content", place=place)
    content = message.get("content")
    if isinstance(content, str):
        pieces: tuple[Piece, ...] = (content,)
    else:
        pieces = _pieces(content, f"{place}.content", role)
    if before and before[-1].role is role:
        pieces = _apart(pieces)
    return PromptTurn(role=role, pieces=pieces)


def _apart(pieces: tuple[Piece, ...]) -> tuple[Piece, ...]:
    first = next((n for n, piece in enumerate(pieces) if isinstance(piece, str) and piece), None)
    return tuple(
        f"{_PARAGRAPH}{piece}" if number == first else piece for number, piece in enumerate(pieces)
    )


def _pieces(content: Any, place: str, role: Role) -> tuple[Piece, ...]:
    if not isinstance(content, list) or not content:
        raise InvalidParameter(place, _("a string or a list of parts"))
    return tuple(_piece(item, f"{place}[{number}]", role) for number, item in enumerate(content))


def _piece(item: Any, place: str, role: Role) -> Piece:
    part = reading.mapping(item, place)
    kind = reading.text(part.get("type"), f"{place}.type")
    if kind == "text":
        reading.only(part, "type", "text", place=place)
        return reading.text(part.get("text"), f"{place}.text")
    if kind == "image_url" and role is Role.USER:
        reading.only(part, "type", "image_url", place=place)
        return _image(part.get("image_url"), f"{place}.image_url")
    if kind == "file" and role is Role.USER:
        reading.only(part, "type", "file", place=place)
        return _file(part.get("file"), f"{place}.file")
    raise UnsupportedParameter(f"{place}.type")


def _image(given: Any, place: str) -> Upload:
    image = reading.mapping(given, place)
    reading.only(image, "url", "detail", place=place)
    # Pictures are always read in full: "low" would promise a lower price.
    if image.get("detail") not in {None, "auto", "high"}:
        raise UnsupportedParameter(f"{place}.detail")
    return Upload(name=place, data=_bytes(image.get("url"), f"{place}.url"))


def _file(given: Any, place: str) -> Upload:
    file = reading.mapping(given, place)
    reading.only(file, "file_data", "filename", place=place)
    name = file.get("filename")
    return Upload(
        name=place if name is None else reading.text(name, f"{place}.filename"),
        data=_bytes(file.get("file_data"), f"{place}.file_data"),
    )


def _bytes(given: Any, place: str) -> bytes:
    """The bytes of a data: URL. What they are is decided by looking at them, not by its type."""
    url = reading.text(given, place)
    found = _DATA_URL.match(url)
    if found is None:
        raise UnsupportedParameter(place, _DATA_ONLY)
    try:
        return base64.b64decode(url[found.end() :], validate=True)
    except binascii.Error:
        raise UnsupportedParameter(place, _DATA_ONLY) from None


def _system_text(message: Mapping[str, Any], place: str) -> str:
    reading.only(message, "role", "content", place=place)
    content = message.get("content")
    if isinstance(content, str):
        return content
    pieces = _pieces(content, f"{place}.content", Role.ASSISTANT)
    return "".join(piece for piece in pieces if isinstance(piece, str))
