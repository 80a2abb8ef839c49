"""Telling a person who a recipient is."""

from enum import StrEnum


class Occasion(StrEnum):
    """How we know that the person was told."""

    SENT = "sent"  # with the facts in sight, a message was sent
    UNDERSTOOD = "understood"  # the person pressed the button below them
    REFUSED = "refused"  # the facts were the answer to a message that was not sent
