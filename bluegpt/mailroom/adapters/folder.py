"""Mail without a mail server: each one becomes a file, and is shown in the console."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from typing_extensions import override

from bluegpt.core import clock
from bluegpt.core.ids import new_id

_RULE = "─" * 72


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
        path = self._folder / f"{clock.now():%Y%m%dT%H%M%S.%fZ}-{new_id()}.eml"
        # The mode is set at creation: at no instant may another user read it.
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(message.message().as_bytes())


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
