"""Files of a message: read, measured, sealed, opened again."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from uuid import UUID

from django.conf import settings

from bluegpt.core.ids import new_id
from bluegpt.core.personal_data import DataClass
from bluegpt.core.threads import in_thread
from bluegpt.providers.types.models import Model
from bluegpt.providers.types.turns import ImagePart, Part, PdfPart
from bluegpt.studio.adapters.pdfs import UnreadablePdf, read_pdf
from bluegpt.studio.adapters.pictures import UnreadablePicture, read_picture
from bluegpt.studio.errors import (
    AttachmentTooLarge,
    ModelCannotRead,
    TooManyAttachments,
    UnreadableAttachment,
)
from bluegpt.studio.queries import conversations
from bluegpt.studio.queries.histories import PastFile
from bluegpt.studio.queries.opened import context
from bluegpt.studio.services.answers import StoredFile
from bluegpt.studio.types.files import AttachmentView, Upload
from bluegpt.vault.services import files as vault_files
from bluegpt.vault.services import streams
from bluegpt.vault.services.streams import Place

Reader = Callable[[int, int], AsyncIterator[bytes]]

_NAME_CHARS_MAX = 200


async def read_uploads(uploads: Sequence[Upload], model: Model) -> list[tuple[str, Part]]:
    """Names and parts of the files of a form, decoded and re-made.

    Raises TooManyAttachments, AttachmentTooLarge, UnreadableAttachment, ModelCannotRead.
    """
    limits = settings.BLUEGPT.chat
    if len(uploads) > limits.attachments_max:
        raise TooManyAttachments(attachments_max=limits.attachments_max)
    for upload in uploads:
        if len(upload.data) > limits.attachment_bytes_max:
            raise AttachmentTooLarge(name=upload.name, size_bytes_max=limits.attachment_bytes_max)
    parts: list[tuple[str, Part]] = []
    for upload in uploads:  # one after the other: each may take 200 MB while it is decoded
        part = await asyncio.to_thread(read_upload, upload)
        refuse_unreadable(part, model)
        parts.append((upload.name[:_NAME_CHARS_MAX], part))
    return parts


def read_upload(upload: Upload) -> ImagePart | PdfPart:
    """What a file is by its content; its name decides nothing. Raises UnreadableAttachment."""
    try:
        if b"%PDF-" in upload.data[:1_024]:
            return read_pdf(upload.name[:_NAME_CHARS_MAX], upload.data)
        return read_picture(upload.data)
    except (UnreadablePicture, UnreadablePdf) as wrong:
        raise UnreadableAttachment(name=upload.name) from wrong


def refuse_unreadable(part: Part, model: Model) -> None:
    """Raise ModelCannotRead for a part that the model has no eyes for."""
    if isinstance(part, ImagePart) and not model.reads_images:
        raise ModelCannotRead(model_name=model.display_name, kind="image")
    if isinstance(part, PdfPart) and not model.reads_pdfs:
        raise ModelCannotRead(model_name=model.display_name, kind="pdf")


async def store(person_id: UUID, named: Sequence[tuple[str, Part]]) -> list[StoredFile]:
    """Seal the bytes into the file store. When one fails, those before it are removed again."""
    stored: list[StoredFile] = []
    try:
        for name, part in named:
            stored.append(await _store_one(person_id, name, part))
    except BaseException:
        await discard(stored)
        raise
    return stored


async def discard(stored: Sequence[StoredFile]) -> None:
    """Remove files whose message was refused after all."""
    for file in stored:
        await vault_files.delete(file.file_key)


async def _store_one(person_id: UUID, name: str, part: Part) -> StoredFile:
    assert isinstance(part, ImagePart | PdfPart)
    attachment_id = new_id()
    key, _size = await streams.put(_at_once(part.data), place=_place(person_id, attachment_id))
    return StoredFile(view=_view(attachment_id, name, part), file_key=key)


def _view(attachment_id: UUID, name: str, part: ImagePart | PdfPart) -> AttachmentView:
    return AttachmentView(
        id=attachment_id,
        name=name,
        media_type=part.media_type if isinstance(part, ImagePart) else "application/pdf",
        size_bytes=len(part.data),
        width_px=part.width_px if isinstance(part, ImagePart) else 0,
        height_px=part.height_px if isinstance(part, ImagePart) else 0,
        pages=part.pages if isinstance(part, PdfPart) else 0,
    )


async def _at_once(data: bytes) -> AsyncIterator[bytes]:
    yield data


async def read(*, person_id: UUID, attachment_id: UUID) -> tuple[AttachmentView, Reader]:
    """A file of its owner's, and what reads its bytes from one place to before another.

    Raises Missing; the reader raises UnknownFile, CannotOpen.
    """
    view, file_key = await in_thread(
        conversations.attachment, person_id=person_id, attachment_id=attachment_id
    )
    place = _place(person_id, view.id)
    return view, lambda start, stop: streams.read(file_key, place=place, start=start, stop=stop)


async def past_part(person_id: UUID, file: PastFile) -> Part:
    """A file of an earlier message, as a model is given it; one that was made here, made anew."""
    data = await _open(person_id, file)
    if file.place == "attachment.file":
        return _part(file, data)
    try:
        return await asyncio.to_thread(read_picture, data)
    except UnreadablePicture as wrong:
        raise UnreadableAttachment(name=file.view.name) from wrong


async def outlined_part(_person_id: UUID, file: PastFile) -> Part:
    """The same without its bytes: all that a price needs."""
    return _part(file, b"")


def _part(file: PastFile, data: bytes) -> Part:
    if file.view.pages:
        return PdfPart(name=file.view.name, data=data, pages=file.view.pages)
    return ImagePart(
        media_type=file.view.media_type,
        data=data,
        width_px=file.view.width_px,
        height_px=file.view.height_px,
    )


async def _open(person_id: UUID, file: PastFile) -> bytes:
    place = _place(person_id, file.view.id, where=file.place)
    return b"".join([chunk async for chunk in streams.read(file.file_key, place=place)])


def _place(person_id: UUID, file_id: UUID, *, where: str = "attachment.file") -> Place:
    return Place(
        person_id=person_id,
        data_class=DataClass.CONTENT,
        context=context(where, file_id),
    )
