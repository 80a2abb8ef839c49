"""What the account pages need to know about a request."""

import ipaddress

from django import template
from django.http import HttpRequest

register = template.Library()


@register.filter
def named_by_number(request: HttpRequest) -> bool:
    """Whether the site was opened by an IP address, for which browsers make no passkeys."""
    host = request.get_host()
    bare = host[1 : host.index("]")] if host.startswith("[") else host.split(":")[0]
    try:
        ipaddress.ip_address(bare)
    except ValueError:
        return False
    return True
