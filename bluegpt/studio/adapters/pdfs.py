"""PDFs from strangers: looked into just far enough to know that a model can read them."""

from io import BytesIO

from pypdf import PdfReader
from pypdf.errors import PyPdfError

from bluegpt.providers.types.turns import PdfPart

# The smallest of the providers' limits.
PAGES_MAX = 100


class UnreadablePdf(Exception):
    """Not a PDF, broken, locked with a password, without pages or with more than PAGES_MAX."""


def read_pdf(name: str, data: bytes) -> PdfPart:
    """The document as it is, with its number of pages. Raises UnreadablePdf."""
    try:
        reader = PdfReader(BytesIO(data), strict=False)
        if reader.is_encrypted:
            raise UnreadablePdf
        pages = len(reader.pages)
    except (PyPdfError, OSError, ValueError, KeyError, TypeError, RecursionError) as wrong:
        raise UnreadablePdf from wrong
    if not 0 < pages <= PAGES_MAX:
        raise UnreadablePdf
    return PdfPart(name=name, data=data, pages=pages)
