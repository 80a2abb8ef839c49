"""Mail without a mail server: each one becomes a file, and is shown in the console."""

import os
import sys
from collections.abc import Iterator, Sequence
from datetime import datetime
from email.parser import BytesHeaderParser
from email.policy import default as modern
from email.utils import getaddresses
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from typing_extensions import override

from bluegpt.core import clock
from bluegpt.core.ids import new_id

_RULE = "─" * 72
_WRITTEN_AT = "%Y%m%dT%H%M%S.%fZ"  # how a file's name begins


class FolderBackend(BaseEmailBackend):
    """Django's mail backend of a default installation. Files sort by the time they were sent."""

    def __init__(self, fail_silently: bool = False, **_kwargs: Any) -> None:
        super().__init__(fail_silently=fail_silently)
        self._folder = Path(settings.EMAIL_FILE_PATH)

    @override
    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        for message in email_messages:
            self._write(message)
            _show(message)
        return len(email_messages)

    def _write(self, message: EmailMessage) -> None:
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        path = self._folder / f"{clock.now():{_WRITTEN_AT}}-{new_id()}.eml"
        # The mode is set at creation: at no instant may another user read it.
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(message.message().as_bytes())


def remove_written_before(instant: datetime) -> int:
    """Delete the mails of before an instant (UTC); how many there were."""
    first_kept = f"{instant:{_WRITTEN_AT}}"
    return _remove(path for path in _mails() if path.name < first_kept)


def remove_addressed_to(address: str) -> int:
    """Delete the mails to an address, whatever its capitals; how many there were."""
    wanted = address.lower()
    return _remove(path for path in _mails() if wanted in _readers(path))


def _mails() -> Iterator[Path]:
    return Path(settings.EMAIL_FILE_PATH).glob("*.eml")


def _readers(path: Path) -> set[str]:
    with path.open("rb") as file:
        headers = BytesHeaderParser(policy=modern).parse(file)
    given = [str(each) for name in ("To", "Cc", "Bcc") for each in headers.get_all(name, [])]
    return {address.lower() for _name, address in getaddresses(given)}


def _remove(paths: Iterator[Path]) -> int:
    count = 0
    for path in paths:
        path.unlink(missing_ok=True)
        count += 1
    return count


def _show(message: EmailMessage) -> None:
    """One block on standard error, so that a command's own output stays clean."""
    lines = [
        _RULE,
        f"Mail to  {', '.join(message.recipients())}",
        f"Subject  {message.subject}",
        "",
        message.body.strip(),
        _RULE,
    ]
    sys.stderr.write("\n".join(lines) + "\n")
    sys.stderr.flush()
