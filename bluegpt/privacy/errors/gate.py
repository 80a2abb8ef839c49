"""Why data may not leave."""

from django.utils.translation import gettext_lazy as _

from bluegpt.core.errors import Conflict, Refused


class NotCleared(Refused):
    """The gate stays shut: no ground for this purpose, recipient and data."""

    code = "not_cleared"
    sentence = _("Our privacy policy does not allow this. Nothing was sent.")


class RecipientNotStated(NotCleared):
    """Only the operator knows which company this is, and has not said so in `privacy.toml`."""

    code = "recipient_not_stated"
    sentence = _(
        "Your operator has not yet said which company runs this model, so nothing is sent to it."
        " Choose another model. Operators: describe it in privacy.toml in the data folder."
    )


class AddressNotDeclared(NotCleared):
    """The configured address is not one of those that the manifest gives for the recipient."""

    code = "address_not_declared"
    sentence = _(
        "This model is reached at an address that our privacy policy does not name,"
        " so nothing is sent to it. Choose another model."
        " Operators: add the address in privacy.toml in the data folder."
    )


class TransferLapsed(NotCleared):
    """The review date of the transfer, or of what we know of the recipient, has passed."""

    code = "transfer_lapsed"
    sentence = _(
        "What allows us to send data to this company has not been reviewed in time,"
        " so nothing is sent to it. Choose another model."
        " Operators: review it and set the new date in privacy.toml in the data folder."
    )


class DisclosureConflict(Conflict):
    """The call was already disclosed under another clearance."""

    code = "disclosure_conflict"
