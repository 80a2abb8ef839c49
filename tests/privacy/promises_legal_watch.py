"""Which laws are watched, by whom and until when, written a second time and by hand."""

from collections.abc import Iterator
from datetime import date

from bluegpt.privacy.types.manifest import Manifest

# Law: the day it takes effect, who is in charge, and the day by which it is looked at again.
LAWS = {
    "ai_transparency": (date(2026, 8, 2), "protection", date(2027, 2, 28)),
    "data_privacy_framework": (None, "protection", date(2027, 2, 28)),
    "digital_omnibus": (None, "protection", date(2027, 2, 28)),
    "online_withdrawal": (date(2026, 6, 19), "protection", date(2027, 2, 28)),
}


def broken(policy: Manifest) -> Iterator[str]:
    """The promises about the law that this policy does not keep."""
    laws = {
        key: (law.effective_on, law.owner, law.review_by) for key, law in policy.legal_watch.items()
    }
    if laws != LAWS:
        yield "legal watch"
