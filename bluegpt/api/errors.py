"""What the API door refuses by itself; everything else is refused below it."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bluegpt.core.errors import Conflict, Missing, Refused, Unavailable

# A name that somebody made up may be as long as the request.
_PARAM_CHARS_MAX = 200


class InvalidApiKey(Refused):
    """No key, an unknown one, a revoked or an expired one: nobody is told which."""

    code = "invalid_api_key"
    sentence = _(
        "Send a valid API key in the header “Authorization: Bearer bgpt_…”."
        " Keys are made on the page of your account, and end when they expire or are revoked."
    )


class UnreadableRequest(Refused):
    """The body is not a JSON object, or not a whole form."""

    code = "unreadable_request"
    sentence = _(
        "The body of the request must be one JSON object, or a whole form where files go along."
    )


class InvalidParameter(Refused):
    """A parameter is missing, or its value cannot be meant. `param` is its place in the body."""

    code = "invalid_parameter"

    def __init__(self, param: str, expected: str | Promise) -> None:
        super().__init__(
            _("“%(param)s” must be %(expected)s.") % {"param": param, "expected": expected}
        )
        self.param = param


class UnsupportedParameter(Refused):
    """A parameter, or a value of it, that would change the answer and is not offered here."""

    code = "unsupported_parameter"
    sentence = _("“%(param)s” is not offered with this value. Leave it out.")

    def __init__(self, param: str, sentence: str | Promise | None = None) -> None:
        self.param = param[:_PARAM_CHARS_MAX]
        super().__init__((sentence or self.sentence) % {"param": self.param})


class UnknownAddress(Missing):
    """Nothing of the API has this address."""

    code = "unknown_address"
    sentence = _(
        "There is nothing at this address."
        " The API answers at /v1/chat/completions, /v1/images, /v1/videos and /v1/models."
    )


class MethodNotOffered(Refused):
    """The address is right, the HTTP method is not."""

    code = "method_not_offered"
    sentence = _("This address does not answer to this HTTP method.")


class RequestTooLarge(Refused):
    """The body is over the limit; it was not read."""

    code = "request_too_large"

    def __init__(self, *, bytes_max: int) -> None:
        super().__init__(
            _("The request is larger than %(megabytes)d MB. Send fewer or smaller files.")
            % {"megabytes": bytes_max // 1_000_000}
        )


class AnswerStopped(Conflict):
    """The caller hung up before the end; a repeat finds what had been made."""

    code = "answer_stopped"
    sentence = _("The answer was stopped because its caller hung up. What had come was charged.")


class AnswerInterrupted(Unavailable):
    """Our process ended under the answer."""

    code = "answer_interrupted"
    sentence = _("The answer was interrupted on our side. Only what had come was charged.")
