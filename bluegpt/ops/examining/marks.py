"""What signs the files that models make here."""

from collections.abc import Iterator

from bluegpt.ops.examining.finding import Finding, ok, problem
from bluegpt.studio.queries import credentials


def content_credentials() -> Iterator[Finding]:
    """With a certificate named, it must be usable: files would leave with their plain mark only."""
    fault = credentials.fault()
    if fault is None:
        return
    if fault:
        yield problem("content credentials", f"{fault}; look at BLUEGPT_C2PA_CERTIFICATES")
    else:
        yield ok("content credentials", "are signed into what models make here")
