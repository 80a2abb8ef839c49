"""Marks in a picture file that say a model made it: found, or put in without touching a pixel.

C2PA lies in a chunk of its own (PNG `caBX`, WebP `C2PA`, JPEG APP11), IPTC's digital source type
in XMP (PNG `iTXt`, WebP `XMP `, JPEG APP1). Source: C2PA 2.1 "Embedding manifests", XMP part 3,
IPTC photo metadata "Digital Source Type". Our mark holds nothing but that type.
"""

import struct
import zlib
from collections.abc import Iterator

from bluegpt.providers.types.pictures import PictureFormat

SOURCE_TYPE = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
_DESCRIPTION = (
    '<rdf:Description xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" rdf:about=""'
    ' xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/"'
    f' Iptc4xmpExt:DigitalSourceType="{SOURCE_TYPE}"/>'
).encode()
PACKET = (
    b'<?xpacket begin="\xef\xbb\xbf" id="W5M0MpCehiHzreSzNTczkc9d"?>'
    b'<x:xmpmeta xmlns:x="adobe:ns:meta/">'
    b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    + _DESCRIPTION
    + b'</rdf:RDF></x:xmpmeta><?xpacket end="r"?>'
)
OF_A_MODEL = (b"trainedAlgorithmicMedia", b"compositeWithTrainedAlgorithmicMedia")
_END_OF_RDF = b"</rdf:RDF>"
# One segment of a JPEG holds 64 KB; a packet beyond this brings a picture along.
_BROUGHT_BYTES_MAX = 60_000

_PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_PNG_KEYWORD = b"XML:com.adobe.xmp\0"
_JPEG_XMP = b"http://ns.adobe.com/xap/1.0/\0"
_APP0, _APP1, _APP11, _SOS = 0xE0, 0xE1, 0xEB, 0xDA
_WEBP_XMP_FLAG, _WEBP_ALPHA_FLAG = 0x04, 0x10

Piece = tuple[bytes, bytes]  # name and content


def marked(data: bytes, format: PictureFormat, *, brought: bytes = b"") -> bytes:
    """The file with a mark: itself when it has one, otherwise with ours put in.

    `brought` is the XMP packet of the file that it was made from: what it says is taken over.
    Raises ValueError for a file whose parts do not fit together.
    """
    if len(brought) > _BROUGHT_BYTES_MAX:
        brought = b""
    try:
        match format:
            case PictureFormat.PNG:
                return _marked_png(data, brought)
            case PictureFormat.JPEG:
                return _marked_jpeg(data, brought)
            case PictureFormat.WEBP:
                return _marked_webp(data, brought)
    except (struct.error, IndexError, zlib.error) as wrong:
        raise ValueError("a file whose parts do not fit together") from wrong


def _with_mark(packet: bytes | None) -> bytes:
    """An XMP packet that says it; what another one says already stays."""
    if packet is not None and _says_it(packet):
        return packet
    if packet is None or packet.count(_END_OF_RDF) != 1:
        return PACKET
    return packet.replace(_END_OF_RDF, _DESCRIPTION + _END_OF_RDF)


def _says_it(packet: bytes | None) -> bool:
    return packet is not None and any(word in packet for word in OF_A_MODEL)


def _marked_png(data: bytes, brought: bytes) -> bytes:
    chunks = list(_png_chunks(data))
    xmp = next((body for name, body in chunks if _is_png_xmp(name, body)), None)
    packet = None if xmp is None else _png_packet(xmp)
    if _says_it(packet) or any(name == b"caBX" for name, _body in chunks):
        return data
    chunks = [(name, body) for name, body in chunks if not _is_png_xmp(name, body)]
    # Keyword; not compressed; no language; no translated keyword.
    chunks.insert(1, (b"iTXt", _PNG_KEYWORD + b"\0\0\0\0" + _with_mark(packet or brought)))
    written = (
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        for name, body in chunks
    )
    return _PNG_SIGNATURE + b"".join(written)


def _png_chunks(data: bytes) -> Iterator[Piece]:
    at = len(_PNG_SIGNATURE)
    name = b""
    while name != b"IEND":
        length: int = struct.unpack_from(">I", data, at)[0]
        name = data[at + 4 : at + 8]
        yield name, data[at + 8 : at + 8 + length]
        at += length + 12


def _is_png_xmp(name: bytes, body: bytes) -> bool:
    return name == b"iTXt" and body.startswith(_PNG_KEYWORD)


def _png_packet(body: bytes) -> bytes:
    is_compressed = body[len(_PNG_KEYWORD)] == 1
    _language, _translated, text = body[len(_PNG_KEYWORD) + 2 :].split(b"\0", 2)
    # A packet is some kilobytes; what would be more is cut, and then it is not one.
    return zlib.decompressobj().decompress(text, 1_000_000) if is_compressed else text


def _marked_jpeg(data: bytes, brought: bytes) -> bytes:
    at, place, old = 2, 2, None
    while data[at + 1] != _SOS:
        if data[at] != 0xFF:
            raise ValueError("a segment without its mark")
        if data[at + 1] == 0xFF:  # padding, which any segment may have before it
            at += 1
            continue
        kind = data[at + 1]
        length: int = struct.unpack_from(">H", data, at + 2)[0]
        body = data[at + 4 : at + 2 + length]
        if kind == _APP11 and b"c2pa" in body:
            return data
        if kind == _APP1 and body.startswith(_JPEG_XMP):
            old = (at, at + 2 + length, body[len(_JPEG_XMP) :])
        at += length + 2
        if kind == _APP0 or (kind == _APP1 and body.startswith(b"Exif\0")):
            place = at
    packet = None if old is None else old[2]
    if _says_it(packet):
        return data
    body = _JPEG_XMP + _with_mark(packet or brought)
    segment = b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body
    if old is not None:
        return data[: old[0]] + segment + data[old[1] :]
    return data[:place] + segment + data[place:]


def _marked_webp(data: bytes, brought: bytes) -> bytes:
    chunks = list(_webp_chunks(data))
    packet = next((body for name, body in chunks if name == b"XMP "), None)
    if _says_it(packet) or any(name == b"C2PA" for name, _body in chunks):
        return data
    chunks = [(name, body) for name, body in chunks if name != b"XMP "]
    if chunks[0][0] != b"VP8X":
        chunks.insert(0, (b"VP8X", _webp_header(*chunks[0])))
    head = chunks[0][1]
    chunks[0] = (b"VP8X", bytes([head[0] | _WEBP_XMP_FLAG]) + head[1:])
    chunks.append((b"XMP ", _with_mark(packet or brought)))
    body = b"WEBP" + b"".join(
        name + struct.pack("<I", len(content)) + content + b"\0" * (len(content) % 2)
        for name, content in chunks
    )
    return b"RIFF" + struct.pack("<I", len(body)) + body


def _webp_chunks(data: bytes) -> Iterator[Piece]:
    at = 12
    while at + 8 <= len(data):
        length: int = struct.unpack_from("<I", data, at + 4)[0]
        yield data[at : at + 4], data[at + 8 : at + 8 + length]
        at += 8 + length + length % 2


def _webp_header(name: bytes, body: bytes) -> bytes:
    """What a simple file leaves out: alpha or not, and the size of the canvas, each less one."""
    bits: int
    if name == b"VP8L":
        bits = struct.unpack_from("<I", body, 1)[0]
        width, height, has_alpha = bits & 0x3FFF, bits >> 14 & 0x3FFF, bits >> 28 & 1
    elif name == b"VP8 ":
        bits = struct.unpack_from("<I", body, 6)[0]
        width, height, has_alpha = (bits & 0x3FFF) - 1, (bits >> 16 & 0x3FFF) - 1, 0
    else:
        raise ValueError("a file without a picture")
    sides = width.to_bytes(3, "little") + height.to_bytes(3, "little")
    return bytes([_WEBP_ALPHA_FLAG if has_alpha else 0, 0, 0, 0]) + sides
