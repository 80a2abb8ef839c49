"""Long downloads: sent as they are made, in the reader's pace."""

from collections.abc import AsyncIterator

from django.http import StreamingHttpResponse


def download(
    parts: AsyncIterator[bytes], *, name: str, content_type: str, size_bytes: int | None = None
) -> StreamingHttpResponse:
    """An attachment that no cache keeps."""
    response = StreamingHttpResponse(parts, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    if size_bytes is not None:
        response["Content-Length"] = str(size_bytes)
    return response
