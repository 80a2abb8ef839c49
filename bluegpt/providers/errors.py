"""What can go wrong with a provider, in one vocabulary for all of them."""

from django.utils.translation import gettext_lazy as _

from bluegpt.core.errors import Missing, Refused, Unavailable
from bluegpt.providers.types.usage import Usage


class UnknownModel(Missing):
    """No model of that key is in the catalogue."""

    code = "unknown_model"
    sentence = _("There is no such model. Choose one from the list.")


class ModelUnavailable(Refused):
    """The model is in the catalogue but cannot be used now (no key, retired, not answering)."""

    code = "model_unavailable"
    sentence = _("This model cannot be used at the moment. Choose another one.")


class RequestRejected(Refused):
    """The provider refused the request as it stands (HTTP 400 and its kin)."""

    code = "provider_rejected"
    sentence = _("The provider did not accept this message. Change it or choose another model.")


class PromptRefused(RequestRejected):
    """The provider's safety system refused the prompt, or what would have come of it.

    `provider_code` is the provider's own word for it, empty when it has none. `usage` is what it
    bills for the refusal, None when nothing.
    """

    code = "prompt_refused"
    sentence = _(
        "The provider's safety system refused this prompt. Change it or choose another model."
    )

    def __init__(self, *, provider_code: str = "", usage: Usage | None = None) -> None:
        super().__init__()
        self.usage = usage
        self.provider_code = provider_code


class FilmGone(Missing):
    """The provider does not know the job of a film, or keeps its film no more."""

    code = "film_gone"
    sentence = _("The provider no longer has this video. Have it made again.")


class NoPicture(RequestRejected):
    """The model ended properly, gave no reason, and made no picture. `usage` is what it bills."""

    code = "no_picture"
    sentence = _(
        "The model made no picture of this. Say more clearly what it should show,"
        " or choose another model."
    )

    def __init__(self, *, usage: Usage | None = None) -> None:
        super().__init__()
        self.usage = usage


class ContextTooLong(RequestRejected):
    """The conversation does not fit into the model's context window."""

    code = "context_too_long"
    sentence = _(
        "This conversation is longer than the model can read."
        " Choose a model with a larger context window or start a new conversation."
    )


class ProviderBusy(Unavailable):
    """The provider limits our rate or is overloaded."""

    code = "provider_busy"
    sentence = _("The provider is busy. Wait a moment and try again.")


class ProviderDown(Unavailable):
    """No connection, a time-out, or a failure on the provider's side."""

    code = "provider_down"
    sentence = _("The provider does not answer. Try again, or choose another model.")


class ProviderMisconfigured(Unavailable):
    """Our key was refused, or the account at the provider has no funds."""

    code = "provider_misconfigured"
    sentence = _(
        "This installation's account at the provider was refused."
        " Choose another model and tell your operator."
    )


class StreamCut(Unavailable):
    """The stream ended without its closing event."""

    code = "stream_cut"
    sentence = _("The provider broke off the answer. What had arrived is kept.")


class MalformedReply(Unavailable):
    """The provider sent something that its own description does not allow."""

    code = "malformed_reply"
    sentence = _("The provider sent an answer that cannot be read. Try again.")


class NoReportAccess(Refused):
    """There is no administrator's key with which the provider's usage report could be read."""

    code = "no_report_access"
    sentence = _(
        "This installation has no key for the provider's usage report."
        " Set one, or give the report as a file."
    )


class UnreadableReport(Refused):
    """A usage report is not what the provider's own description says."""

    code = "unreadable_report"
    sentence = _("This is not a usage report of that provider, or not all of it.")


class UnreadableCatalogue(Refused):
    """The file given to `models refresh` is in neither of the formats that are understood."""

    code = "unreadable_catalogue"
    sentence = _(
        "This is not a list of models: give BlueGPT's own format or LiteLLM's price map."
        " The catalogue stays as it was."
    )
