"""Looks at one film, or labels it: a script that `film_process` starts, and that nobody imports.

    film_reader.py look SIZE 0            says D (what it saw, JSON) and P (the first frame, JPEG)
    film_reader.py label SIZE LENGTH X Y  reads a PNG of that length, says B (the film, in parts)

It asks for stretches of the film, `R`, first byte, byte after the last, which come on its standard
input, and says each thing as a letter, its length, and it. It ends with `E`; any other end means
that it was no film. It confines itself before the first byte: no new file or connection, so much
memory, so much time on the processor.
"""

import json
import struct
import sys
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import suppress
from fractions import Fraction
from importlib import import_module
from io import BytesIO
from typing import IO, cast

import av
from av import Packet
from av.container import InputContainer, OutputContainer
from av.error import FFmpegError
from av.stream import Stream
from av.video.format import VideoFormat
from av.video.frame import PictureType, VideoFrame
from av.video.stream import VideoStream
from PIL import Image

MEMORY_BYTES_MAX = 2_000_000_000  # of addresses; 4K takes a tenth of it
CPU_S_MAX = {"look": 60, "label": 400}
PIXELS_MAX = 9_500_000  # 4096x2304, and a little
# Later frames are read and not decoded: a minute at 30 a second.
DECODED_FRAMES_MAX = 1_800
LABELLED_FRAMES_MAX = 7_200
PACKETS_MAX = 500_000
_BLOCK_BYTES = 1 << 20
_BLOCKS_KEPT = 8
_CODECS = {"h264", "hevc", "av1", "libdav1d", "vp9", "libvpx-vp9", "mpeg4"}
_LATE_PARTS = (
    "av.audio.codeccontext",
    "av.audio.stream",
    "av.container.output",
    "av.filter.graph",
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


class Said:
    """A file that can only be written: what is written is said as parts of the film."""

    def __init__(self, say: IO[bytes]) -> None:
        self._say = say

    def write(self, part: bytes) -> int:
        """Say a part."""
        tell(self._say, b"B", bytes(part))
        return len(part)


def tell(say: IO[bytes], kind: bytes, data: bytes = b"") -> None:
    """Say one thing."""
    say.write(_WORD.pack(kind, len(data), 0) + data)
    say.flush()


def confine(cpu_s: int) -> None:
    """From here on nothing can be opened, and no more than so much be used."""
    with suppress(ImportError):  # a system without such limits
        import resource  # noqa: PLC0415

        for kind, most in (
            (resource.RLIMIT_CORE, 0),
            (resource.RLIMIT_FSIZE, 0),
            (resource.RLIMIT_NOFILE, 3),
            (resource.RLIMIT_CPU, cpu_s),
            (resource.RLIMIT_AS, MEMORY_BYTES_MAX),
        ):
            with suppress(ValueError, OSError):  # not every system knows each
                resource.setrlimit(kind, (most, most))


def opened(file: Blocks) -> InputContainer:
    """The film within its bounds, nothing of it decoded yet. Raises NoFilm, FFmpegError."""
    if file.read(12)[4:8] != b"ftyp":
        raise NoFilm("no MP4")
    file.seek(0)
    # Its format is named, so that nothing is taken for a playlist that names other files.
    film = av.open(file, "r", format="mp4", metadata_errors="ignore")
    if not film.streams.video:
        raise NoFilm("nothing to see")
    _check(film.streams.video[0])
    return film


def look(file: Blocks) -> tuple[dict[str, int | bool], bytes]:
    """What the film is, and its first frame. Raises NoFilm, FFmpegError."""
    with opened(file) as film:
        picture = film.streams.video[0]
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


def label(file: Blocks, out: Said, sign: Image.Image, place: tuple[int, int]) -> None:
    """The film with a sign on every frame, its sound as it is. Raises NoFilm, FFmpegError."""
    # In fragments: what has been said cannot be put right at the end.
    fragments = {"movflags": "frag_keyframe+empty_moov+default_base_moof"}
    with opened(file) as film, av.open(out, "w", format="mp4", options=fragments) as made:
        picture = film.streams.video[0]
        encoder = _encoder(made, picture)
        sounds = {each.index: made.add_stream_from_template(each) for each in film.streams.audio}
        labels = Labels(picture, sign, place)
        count = 0
        for packet in film.demux():
            if packet.stream.index in sounds and packet.dts is not None:
                packet.stream = sounds[packet.stream.index]
                made.mux(packet)
            if packet.stream.index != picture.index or packet.stream.type != "video":
                continue
            for frame in picture.codec_context.decode(packet):
                count += 1
                if frame.rotation or count > LABELLED_FRAMES_MAX:
                    raise NoFilm("turned, or longer than what is labelled")
                for labelled in labels.on(frame):
                    made.mux(encoder.encode(labelled))
        for labelled in labels.on(None):
            made.mux(encoder.encode(labelled))
        made.mux(encoder.encode(None))


def _encoder(made: OutputContainer, picture: VideoStream) -> VideoStream:
    encoder = made.add_stream(
        "libx264",
        rate=picture.average_rate,
        # Looking ahead would keep dozens of frames, of 12 MB each in 4K.
        options={"preset": "veryfast", "crf": "20", "tune": "zerolatency"},
    )
    source, context = picture.codec_context, encoder.codec_context
    encoder.width, encoder.height, encoder.pix_fmt = source.width, source.height, "yuv420p"
    for each in ("colorspace", "color_primaries", "color_range", "color_trc"):
        setattr(context, each, getattr(source, each))
    if picture.time_base is not None:
        context.time_base = picture.time_base
    context.thread_count = 2
    return encoder


class Labels:
    """Lays a sign on frame after frame."""

    def __init__(self, picture: VideoStream, sign: Image.Image, place: tuple[int, int]) -> None:
        graph = av.filter.Graph()
        self._frames = graph.add_buffer(template=picture)
        signs = graph.add_buffer(
            width=sign.width,
            height=sign.height,
            format=VideoFormat("rgba"),
            time_base=picture.time_base,
        )
        laid = graph.add("overlay", f"x={place[0]}:y={place[1]}:eof_action=repeat")
        plain = graph.add("format", "pix_fmts=yuv420p")
        self._labelled = graph.add("buffersink")
        self._frames.link_to(laid, 0, 0)
        signs.link_to(laid, 0, 1)
        laid.link_to(plain)
        plain.link_to(self._labelled)
        graph.configure()
        self._graph = graph  # its parts do not keep it
        still = VideoFrame(sign.width, sign.height, "rgba")
        _fill(still, sign)
        still.pts, still.time_base = 0, picture.time_base
        signs.push(still)
        signs.push(None)

    def on(self, frame: VideoFrame | None) -> Iterator[VideoFrame]:
        """What comes out once this one is in; None ends it."""
        self._frames.push(frame)
        while True:
            try:
                labelled = cast(VideoFrame, self._labelled.pull())
            except (BlockingIOError, EOFError):
                return
            labelled.pict_type = PictureType.NONE  # the encoder's own choice, not its source's
            yield labelled


def _fill(still: VideoFrame, sign: Image.Image) -> None:
    """Copy line by line: a line in a frame may be longer than the picture is wide."""
    (plane,) = still.planes
    line, data = plane.line_size, sign.tobytes()
    rows = bytearray(plane.buffer_size)
    for y in range(sign.height):
        start = y * sign.width * 4
        rows[y * line : y * line + sign.width * 4] = data[start : start + sign.width * 4]
    plane.update(bytes(rows))


def main() -> int:
    """Do what is asked. 1 when it is no film."""
    act, size_bytes, given_bytes, *numbers = sys.argv[1], *map(int, sys.argv[2:])
    # What would otherwise be loaded at first need is a file, too.
    for part in _LATE_PARTS:
        import_module(part)
    Image.init()
    confine(CPU_S_MAX[act])
    say, hear = sys.stdout.buffer, sys.stdin.buffer
    try:
        given = hear.read(given_bytes)
        film = Blocks(size_bytes, ask=say, answer=hear)
        if act == "look":
            seen, poster = look(film)
            tell(say, b"D", json.dumps(seen).encode())
            tell(say, b"P", poster)
        else:
            sign = Image.open(BytesIO(given), formats=("PNG",)).convert("RGBA")
            label(film, Said(say), sign, (numbers[0], numbers[1]))
    except (NoFilm, FFmpegError, MemoryError):
        return 1
    tell(say, b"E")
    return 0


if __name__ == "__main__":
    sys.exit(main())
