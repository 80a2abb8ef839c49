"""The acts of the log in words."""

from django.utils.translation import gettext_lazy as _

NAMES = {
    "access.approve": _("Approved an access to content"),
    "access.ask": _("Asked for an access to content"),
    "access.close": _("Closed an access to content"),
    "access.see": _("Looked at content"),
    "authority.approve": _("Approved a request of an authority"),
    "authority.export": _("Exported data for an authority"),
    "authority.record": _("Recorded a request of an authority"),
    "authority.refuse": _("Refused a request of an authority"),
    "breach.amend": _("Amended a breach"),
    "breach.close": _("Closed a breach"),
    "breach.complete": _("Completed the notification of a breach"),
    "breach.file": _("Notified the authority of a breach"),
    "breach.record": _("Recorded a breach"),
    "breach.tell": _("Told the people concerned by a breach"),
    "death.approve": _("Agreed that a death is shown"),
    "death.done": _("Followed what somebody laid down for after their death"),
    "death.erase": _("Erased what was to be erased after a death"),
    "death.handed_over": _("Handed over to the trusted person"),
    "death.record": _("Recorded a death"),
    "death.refuse": _("Found that a death is not shown"),
    "death.send": _("Sent the link to the trusted person"),
    "death.send_again": _("Had a new link sent to the trusted person"),
    "grant.give": _("Gave a role"),
    "grant.revoke": _("Took a role back"),
    "hold.lift": _("Lifted a legal hold"),
    "hold.place": _("Placed a legal hold"),
    "onboarding.approve": _("Approved a newcomer"),
}
