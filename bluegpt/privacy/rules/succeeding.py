"""Where a change of hands stands once two people have approved it."""

from datetime import datetime

from bluegpt.privacy.types.successions import SuccessionState


def after_approval(bundle_from: datetime, *, now: datetime) -> SuccessionState:
    """People are told and may leave, until the instant at which data may be handed over."""
    return SuccessionState.OPEN if now >= bundle_from else SuccessionState.NOTICE
