"""Files from strangers: what is read, what is refused, what is kept."""

import contextlib
import tracemalloc
from collections.abc import Callable
from io import BytesIO
from uuid import UUID

import pytest
from PIL import GifImagePlugin, Image
from PIL.PngImagePlugin import PngInfo
from pypdf import PdfWriter

from bluegpt.core.errors import Missing
from bluegpt.core.ids import new_id
from bluegpt.core.threads import in_thread
from bluegpt.providers.types.turns import ImagePart, PdfPart
from bluegpt.studio.adapters.decoding import PIXELS_MAX, WHOLE_PIXELS_MAX
from bluegpt.studio.adapters.pictures import SIDE_PX_MAX
from bluegpt.studio.errors import (
    AttachmentTooLarge,
    ModelCannotRead,
    NothingKeptHere,
    TooManyAttachments,
    UnreadableAttachment,
)
from bluegpt.studio.flows import attachments, chat, live
from bluegpt.studio.models import Attachment
from bluegpt.studio.queries.conversations import conversation
from bluegpt.studio.types.conversations import Ask
from bluegpt.studio.types.files import Upload
from tests.studio.conftest import kept
from tests.studio.test_pricing import model_with

Asking = Callable[..., Ask]
on_the_database = pytest.mark.django_db(transaction=True, databases=["default", "vault"])


def png(width_px: int = 8, height_px: int = 6, *, note: str = "") -> bytes:
    out = BytesIO()
    info = PngInfo()
    if note:
        info.add_text("Comment", note)
    Image.new("RGB", (width_px, height_px), "teal").save(out, "PNG", pnginfo=info)
    return out.getvalue()


def pdf(pages: int = 2, *, password: str = "") -> bytes:
    writer = PdfWriter()
    for _number in range(pages):
        writer.add_blank_page(width=200, height=200)
    if password:
        writer.encrypt(password)
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def test_a_picture_is_remade_without_its_metadata() -> None:
    part = attachments.read_upload(Upload(name="a.png", data=png(note="taken at home")))

    assert isinstance(part, ImagePart)
    assert (part.width_px, part.height_px) == (8, 6)
    assert b"taken at home" not in part.data


def test_a_large_picture_is_fitted() -> None:
    part = attachments.read_upload(Upload(name="a.png", data=png(4_000, 1_000)))

    assert isinstance(part, ImagePart)
    assert (part.width_px, part.height_px) == (SIDE_PX_MAX, 512)


def test_a_picture_is_known_by_its_content_and_not_by_its_name() -> None:
    part = attachments.read_upload(Upload(name="letter.pdf", data=png()))

    assert isinstance(part, ImagePart)


def test_a_pdf_is_counted_in_pages() -> None:
    part = attachments.read_upload(Upload(name="letter.pdf", data=pdf(3)))

    assert isinstance(part, PdfPart)
    assert part.pages == 3


def _bomb() -> bytes:
    """A PNG of a few hundred bytes that claims more pixels than we decode."""
    header = bytearray(png())
    side = int(PIXELS_MAX**0.5) + 1_000
    header[16:24] = side.to_bytes(4, "big") * 2
    return bytes(header)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"MZ\x90 not a picture",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>",
        png()[:40],
        b"%PDF-1.7 broken",
        pdf(password="secret"),
        pdf(101),
        _bomb(),
    ],
    ids=["empty", "program", "svg", "cut", "broken pdf", "locked pdf", "long pdf", "bomb"],
)
def test_what_cannot_be_read_is_refused_by_name(data: bytes) -> None:
    with pytest.raises(UnreadableAttachment, match=r"odd\.bin"):
        attachments.read_upload(Upload(name="odd.bin", data=data))


@on_the_database
async def test_files_reach_the_model_and_come_back_to_their_owner_only(
    asking: Asking, somebody: UUID
) -> None:
    uploads = (Upload(name="tree.png", data=png()), Upload(name="letter.pdf", data=pdf()))

    asked = kept(await chat.ask(asking("See these", uploads=uploads)))
    await live.finished(person_id=somebody, call_id=asked.call_id)

    view = await in_thread(conversation, person_id=somebody, conversation_id=asked.conversation_id)
    picture, letter = view.messages[0].attachments
    assert (picture.name, picture.width_px, letter.name, letter.pages) == (
        "tree.png",
        8,
        "letter.pdf",
        2,
    )
    file, read = await attachments.read(person_id=somebody, attachment_id=letter.id)
    data = b"".join([chunk async for chunk in read(0, file.size_bytes)])
    assert data == uploads[1].data
    with pytest.raises(Missing):
        await attachments.read(person_id=new_id(), attachment_id=letter.id)


@on_the_database
async def test_a_refused_message_leaves_no_file(asking: Asking, somebody: UUID) -> None:
    upload = Upload(name="tree.png", data=png())

    with pytest.raises(UnreadableAttachment):
        await chat.ask(asking(uploads=(upload, Upload(name="odd.bin", data=b"?"))))

    assert not await Attachment.objects.aexists()


@on_the_database
@pytest.mark.parametrize(
    ("uploads", "refusal"),
    [
        ((Upload(name="big.png", data=b"\x89PNG" + bytes(10_000_001)),), AttachmentTooLarge),
        (tuple(Upload(name=f"{n}.png", data=png()) for n in range(9)), TooManyAttachments),
    ],
)
async def test_limits_are_named(
    asking: Asking, uploads: tuple[Upload, ...], refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        await chat.ask(asking(uploads=uploads))


@on_the_database
async def test_a_temporary_conversation_takes_no_files(asking: Asking) -> None:
    with pytest.raises(NothingKeptHere):
        await chat.ask(asking(temporary=(), uploads=(Upload(name="a.png", data=png()),)))


def test_a_model_without_eyes_says_so() -> None:
    blind = model_with(("input", 0, 1))
    part = attachments.read_upload(Upload(name="a.png", data=png()))

    with pytest.raises(ModelCannotRead, match="One does not read pictures"):
        attachments.refuse_unreadable(part, blind)


def moving(format: str, *, frames: int = 3) -> bytes:
    """Frames of one colour each, red first."""
    out = BytesIO()
    colours = ("red", "lime", "blue")
    images = [Image.new("RGB", (16, 12), colours[n % 3]) for n in range(frames)]
    more = {"lossless": True} if format == "WEBP" else {}
    images[0].save(out, format, save_all=True, append_images=images[1:], **more)
    return out.getvalue()


@pytest.mark.parametrize("format", ["GIF", "WEBP", "PNG", "MPO"])
def test_only_the_first_picture_of_many_is_read(format: str) -> None:
    part = attachments.read_upload(Upload(name="a", data=moving(format)))

    assert isinstance(part, ImagePart)
    assert part.media_type == ("image/jpeg" if format == "MPO" else "image/png")
    with Image.open(BytesIO(part.data)) as made:
        assert getattr(made, "n_frames", 1) == 1
        found = made.convert("RGB").getpixel((8, 6))
        assert isinstance(found, tuple)
        assert found[0] > 240
        assert max(found[1:]) < 20


def test_thousands_of_frames_cost_no_more_than_one(monkeypatch: pytest.MonkeyPatch) -> None:
    data = moving("GIF", frames=2_000)
    seeks: list[int] = []
    monkeypatch.setattr(
        GifImagePlugin.GifImageFile, "_seek", _counted(GifImagePlugin.GifImageFile._seek, seeks)
    )

    attachments.read_upload(Upload(name="a.gif", data=data))

    assert set(seeks) == {0}


def _counted(seek: Callable[..., None], seeks: list[int]) -> Callable[..., None]:
    def seek_and_count(self: object, frame: int, *args: object, **more: object) -> None:
        seeks.append(frame)
        seek(self, frame, *args, **more)

    return seek_and_count


def test_a_large_photograph_is_read_and_a_large_drawing_is_not() -> None:
    side = int(WHOLE_PIXELS_MAX**0.5) + 10
    large = Image.new("L", (side, side))
    photograph, drawing = BytesIO(), BytesIO()
    large.save(photograph, "JPEG")
    large.save(drawing, "PNG")

    part = attachments.read_upload(Upload(name="a", data=photograph.getvalue()))

    assert isinstance(part, ImagePart)
    assert part.width_px == SIDE_PX_MAX
    with pytest.raises(UnreadableAttachment):
        attachments.read_upload(Upload(name="b", data=drawing.getvalue()))


@pytest.mark.parametrize("keyword", ["Comment", "icc_profile"])
def test_a_bomb_beside_the_pixels_is_refused_or_left(keyword: str) -> None:
    """Compressed words or a colour profile of 60 MB in a file of some kilobytes."""
    out, info = BytesIO(), PngInfo()
    more: dict[str, object] = {}
    if keyword == "Comment":
        info.add_text(keyword, "a" * 60_000_000, zip=True)
    else:
        more["icc_profile"] = bytes(60_000_000)
    Image.new("RGB", (8, 6)).save(out, "PNG", pnginfo=info, **more)
    tracemalloc.start()
    with contextlib.suppress(UnreadableAttachment):
        attachments.read_upload(Upload(name="a.png", data=out.getvalue()))
    _now, most_bytes = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert most_bytes < 10_000_000


def test_colours_of_a_deep_drawing_are_kept() -> None:
    deep, out = Image.new("I;16", (16, 16), 32_768), BytesIO()
    deep.save(out, "PNG")

    part = attachments.read_upload(Upload(name="a.png", data=out.getvalue()))

    assert isinstance(part, ImagePart)
    with Image.open(BytesIO(part.data)) as made:
        assert made.getpixel((8, 8)) == (128, 128, 128)
