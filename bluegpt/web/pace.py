"""How often a public form may be sent from one network."""

import hashlib

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.http import HttpRequest

from bluegpt.privacy.errors.requests import TooManyForms

_HOUR_S = 3600


def insist_on(request: HttpRequest, *, door: str, times_an_hour: int) -> None:
    """Raise TooManyForms when one network sends too many in an hour.

    Only a fingerprint of the address is kept, in memory, for that hour.
    """
    address = str(get_adapter(request).get_client_ip(request))
    key = f"{door}.{hashlib.sha256(address.encode()).hexdigest()}"
    cache.add(key, 0, timeout=_HOUR_S)
    try:
        count = cache.incr(key)
    except ValueError:  # it ran out in between
        return
    if count > times_an_hour:
        raise TooManyForms
