"""Files to attach, made here so that no binary lies in the repository."""

from io import BytesIO

from PIL import Image
from PIL.PngImagePlugin import PngInfo


def picture(*, text: str = "") -> bytes:
    """A small PNG; `text` goes into its metadata."""
    facts = PngInfo()
    if text:
        facts.add_text("Description", text)
    out = BytesIO()
    Image.new("RGB", (64, 48), (30, 90, 200)).save(out, format="PNG", pnginfo=facts)
    return out.getvalue()


def pdf(text: str) -> bytes:
    """A PDF of one page that says `text`, uncompressed."""
    drawn = f"BT /F1 12 Tf 20 100 Td ({text}) Tj ET".encode("latin-1")
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        (
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 200] /Contents 4 0 R"
            b" /Resources << /Font << /F1 5 0 R >> >> >>"
        ),
        b"<< /Length %d >>\nstream\n%b\nendstream" % (len(drawn), drawn),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    out = b"%PDF-1.4\n"
    offsets = []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    return out + (
        b"xref\n0 %d\n0000000000 65535 f \n%btrailer\n<< /Size %d /Root 1 0 R >>\n"
        b"startxref\n%d\n%%%%EOF\n" % (len(objects) + 1, table, len(objects) + 1, len(out))
    )
