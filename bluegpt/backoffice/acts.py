"""The acts of the log in words."""

from django.utils.translation import gettext_lazy as _

NAMES = {
    "grant.give": _("Gave a role"),
    "grant.revoke": _("Took a role back"),
    "hold.lift": _("Lifted a legal hold"),
    "hold.place": _("Placed a legal hold"),
}
