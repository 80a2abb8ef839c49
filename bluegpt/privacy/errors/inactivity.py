"""What is refused about accounts that nobody uses."""

from django.utils.translation import gettext_lazy as _

from bluegpt.core.errors import Missing


class UnknownNotice(Missing):
    """No notice is behind this link: it is wrong, or the account is in use again, or closed."""

    code = "unknown_notice"
    sentence = _(
        "This link no longer leads to an account that waits to be closed. If the account is"
        " closed, log in to open it again."
    )
