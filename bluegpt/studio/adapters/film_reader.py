"""Looks at one film: a script that `previews` starts, and that nobody imports.

It is told the film's size and asks for stretches of it: `R`, first byte, byte after the last; they
come on its standard input. It ends with `D`, the lengths of what it saw (JSON) and of the first
frame (JPEG), and the two. Any other end means that it was no film. It confines itself before the
first byte: no new file or connection, so much memory, so much time on the processor.
"""

import json
import struct
import sys
from collections import OrderedDict
from contextlib import suppress
from fractions import Fraction
from importlib import import_module
from io import BytesIO
from typing import IO

import av
from av import Packet
from av.container import InputContainer
from av.error import FFmpegError
from av.stream import Stream
from av.video.frame import VideoFrame
from av.video.stream import VideoStream
from PIL import Image

MEMORY_BYTES_MAX = 2_000_000_000  # of addresses; 4K takes a tenth of it
CPU_S_MAX = 60
PIXELS_MAX = 9_500_000  # 4096x2304, and a little
# Later frames are read and not decoded: a minute at 30 a second.
DECODED_FRAMES_MAX = 1_800
PACKETS_MAX = 500_000
_BLOCK_BYTES = 1 << 20
_BLOCKS_KEPT = 8
_CODECS = {"h264", "hevc", "av1", "libdav1d", "vp9", "libvpx-vp9", "mpeg4"}
_LATE_PARTS = (
    "av.audio.codeccontext",
    "av.audio.stream",
    "av.sidedata.encparams",
    "av.sidedata.motionvectors",
    "av.subtitles.codeccontext",
    "av.subtitles.stream",
    "av.video.codeccontext",
    "av.video.reformatter",
    "av.video.stream",
)
_WORD = struct.Struct(">cQQ")


class NoFilm(Exception):
    """Something that no whole film has."""


class Blocks:
    """The film as a file that can only be read: in blocks, asked for over a pipe."""

    def __init__(self, size_bytes: int, *, ask: IO[bytes], answer: IO[bytes]) -> None:
        self._size_bytes = size_bytes
        self._ask = ask
        self._answer = answer
        self._kept: OrderedDict[int, bytes] = OrderedDict()
        self._at = 0

    def read(self, wanted: int = -1) -> bytes:
        """What a file gives: fewer bytes than wanted at the end of a block, none at the end."""
        if self._at >= self._size_bytes or wanted == 0:
            return b""
        number, offset = divmod(self._at, _BLOCK_BYTES)
        piece = self._block(number)[offset:]
        if wanted > 0:
            piece = piece[:wanted]
        self._at += len(piece)
        return piece

    def seek(self, offset: int, whence: int = 0) -> int:
        """As a file does; beyond the end there is nothing."""
        start = {0: 0, 1: self._at, 2: self._size_bytes}[whence]
        self._at = max(0, start + offset)
        return self._at

    def tell(self) -> int:
        """The place of the next byte."""
        return self._at

    def _block(self, number: int) -> bytes:
        if number in self._kept:
            self._kept.move_to_end(number)
            return self._kept[number]
        start = number * _BLOCK_BYTES
        stop = min(start + _BLOCK_BYTES, self._size_bytes)
        self._ask.write(_WORD.pack(b"R", start, stop))
        self._ask.flush()
        block = self._answer.read(stop - start)
        if len(block) != stop - start:
            raise NoFilm("nobody answers")
        self._kept[number] = block
        if len(self._kept) > _BLOCKS_KEPT:
            self._kept.popitem(last=False)
        return block


def confine() -> None:
    """From here on nothing can be opened, and no more than so much be used."""
    with suppress(ImportError):  # a system without such limits
        import resource  # noqa: PLC0415

        for kind, most in (
            (resource.RLIMIT_CORE, 0),
            (resource.RLIMIT_FSIZE, 0),
            (resource.RLIMIT_NOFILE, 3),
            (resource.RLIMIT_CPU, CPU_S_MAX),
            (resource.RLIMIT_AS, MEMORY_BYTES_MAX),
        ):
            resource.setrlimit(kind, (most, most))


def look(file: Blocks) -> tuple[dict[str, int | bool], bytes]:
    """What the film is, and its first frame. Raises NoFilm, FFmpegError."""
    if file.read(12)[4:8] != b"ftyp":
        raise NoFilm("no MP4")
    file.seek(0)
    # Its format is named, so that nothing is taken for a playlist that names other files.
    with av.open(file, "r", format="mp4", metadata_errors="ignore") as film:
        if not film.streams.video:
            raise NoFilm("nothing to see")
        picture = film.streams.video[0]
        _check(picture)
        frame, length_s, has_sound = _seen(film, picture)
        _check_length(picture, length_s)
        image = _upright(frame)
    out = BytesIO()
    image.save(out, "JPEG", quality=88)
    said: dict[str, int | bool] = {
        "width_px": image.width,
        "height_px": image.height,
        "duration_ms": round(length_s * 1_000),
        "has_sound": has_sound,
    }
    return said, out.getvalue()


def _check(picture: VideoStream) -> None:
    context = picture.codec_context
    if context.name not in _CODECS:
        raise NoFilm("a codec that no browser plays")
    if not 0 < context.width * context.height <= PIXELS_MAX:
        raise NoFilm("more pixels than any film has")
    context.thread_count = 1  # each thread would keep frames of its own
    context.options = {"max_pixels": str(PIXELS_MAX)}  # its size may change on the way


def _seen(film: InputContainer, picture: VideoStream) -> tuple[VideoFrame, Fraction, bool]:
    """The first frame, how long there is something to see, in seconds, and whether to hear."""
    first: VideoFrame | None = None
    count, decoded, has_sound = 0, 0, False
    span = Span()
    for packet in film.demux():
        count += 1
        if packet.is_corrupt or count > PACKETS_MAX:
            raise NoFilm("a packet that breaks off, or too many of them")
        if packet.stream.type == "audio":
            has_sound = has_sound or packet.size > 0
        if packet.stream.index != picture.index:
            continue
        span.widen(packet)
        if decoded < DECODED_FRAMES_MAX:
            for frame in picture.codec_context.decode(packet):
                decoded += 1
                first = first or frame
    if first is None:
        raise NoFilm("no frame of it can be decoded")
    return first, span.seconds, has_sound


class Span:
    """From the first moment that is shown to the last; packets come in another order."""

    def __init__(self) -> None:
        self._from_to: tuple[Fraction, Fraction] | None = None

    def widen(self, packet: "Packet[Stream]") -> None:
        """Take a packet in; one without a time changes nothing."""
        if not packet.size or packet.pts is None or packet.time_base is None:
            return
        start, stop = (
            at * packet.time_base for at in (packet.pts, packet.pts + (packet.duration or 0))
        )
        first, last = self._from_to or (start, stop)
        self._from_to = min(first, start), max(last, stop)

    @property
    def seconds(self) -> Fraction:
        """How long it is."""
        first, last = self._from_to or (Fraction(0), Fraction(0))
        return last - first


def _check_length(picture: VideoStream, length_s: Fraction) -> None:
    """A file that was cut still says at its head how long it would have been."""
    if picture.duration is None or picture.time_base is None:
        return
    if length_s < picture.duration * picture.time_base - Fraction(1, 4):
        raise NoFilm("it ends before its end")


def _upright(frame: VideoFrame) -> Image.Image:
    image: Image.Image = frame.to_image()  # type: ignore[no-untyped-call]
    return image.rotate(frame.rotation, expand=True) if frame.rotation else image


def main() -> int:
    """Look, and say what was seen. 1 when it is no film."""
    # What would otherwise be loaded at first need is a file, too.
    for part in _LATE_PARTS:
        import_module(part)
    Image.init()
    confine()
    say = sys.stdout.buffer
    try:
        said, poster = look(Blocks(int(sys.argv[1]), ask=say, answer=sys.stdin.buffer))
    except (NoFilm, FFmpegError, MemoryError):
        return 1
    words = json.dumps(said).encode()
    say.write(_WORD.pack(b"D", len(words), len(poster)) + words + poster)
    say.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
