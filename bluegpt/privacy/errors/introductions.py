"""A first message whose writer does not know yet where it would go."""

from django.utils.translation import gettext_lazy as _

from bluegpt.core.errors import Refused


class NotIntroduced(Refused):
    """The recipient's facts were not in sight. The sentence tells them; the next try is free."""

    code = "recipient_not_introduced"
    sentence = _(
        "This would be your first message to this company, so nothing was sent yet."
        " Look at where it would go, then send again."
    )
