"""What a field that is written by hand says about itself."""

from django import template

from bluegpt.web import asking

register = template.Library()


@register.simple_tag
def asked(form: str, field: str) -> asking.Asked:
    """`{% asked "erasure" "address" as address %}`: its mark and what follows without it."""
    return asking.asked(form, field)
