"""What the desk refuses."""

from django.utils.translation import gettext_lazy as _

from bluegpt.core.errors import Conflict, Missing, Refused


class UnknownRequest(Missing):
    """No such request, or somebody else's."""

    code = "unknown_request"
    sentence = _("This request does not exist.")


class WrongState(Conflict):
    """The request stands where this cannot be done to it."""

    code = "request_in_another_state"
    sentence = _("This request has moved on meanwhile. Look at where it stands now.")


class NotIdentified(Refused):
    """Nothing is delivered before we know who asks."""

    code = "request_not_identified"
    sentence = _("Establish first that the request comes from the person it is about.")


class UnknownGround(Refused):
    """A refusal needs one of the coded grounds of this right."""

    code = "unknown_refusal_ground"
    sentence = _("The law gives no such ground for refusing this. Choose one of the coded grounds.")


class SwitchesOfAnother(Refused):
    """Only an objection of somebody with an account shuts purposes."""

    code = "switches_of_another"
    sentence = _("There is no switch to turn: this is no objection, or there is no account.")


class NothingToLift(Conflict):
    """The case froze nothing, the freeze has ended, or its end was announced before."""

    code = "nothing_to_lift"
    sentence = _("There is no freeze of this request to lift, or its end was announced already.")


class ExtensionRefused(Refused):
    """A term is extended once, within its first month, by at most two months, with a reason."""

    code = "extension_refused"
    sentence = _(
        "A term can be extended once, before its first month is over, by two months at most,"
        " and with a reason."
    )


class WordsMissing(Refused):
    """Something has to be said, and was not."""

    code = "request_words_missing"
    sentence = _("Say it in words: a sentence or two.")


class WordsTooLong(Refused):
    """More than a request holds."""

    code = "request_words_too_long"
    sentence = _("That is too long. Say it in 4,000 characters or fewer.")


class ReceiptImpossible(Refused):
    """A day of receipt that has not come yet, or lies years back."""

    code = "receipt_day_impossible"
    sentence = _("The day of receipt is today or a day before it, within the last year.")


class SecondPersonMissing(Refused):
    """Two different people have to agree to this."""

    code = "second_person_missing"
    sentence = _("A second person has to agree to this. Name somebody else.")


class WrongCode(Refused):
    """The code is not the one we sent, has run out, or was mistyped too often."""

    code = "wrong_request_code"
    sentence = _(
        "This code is not right, or has run out. Check it, or send the form again for a new one."
    )


class DocumentNotAsked(Refused):
    """A document may be taken only after a documented doubt."""

    code = "document_not_asked"
    sentence = _("No document may be kept: write down the doubt first, with a second person.")


class DocumentNotMasked(Refused):
    """What does not serve to identify must be masked before a document is kept."""

    code = "document_not_masked"
    sentence = _("Mask the photograph, the numbers and the signature before recording the copy.")


class DocumentTooLarge(Refused):
    """A masked copy is small."""

    code = "document_too_large"
    sentence = _("The copy is too large. It needs to be legible only: 2 MB at most.")


class TooManyForms(Refused):
    """The public form was sent too often from one network."""

    code = "too_many_forms"
    sentence = _("That was a little fast. Wait an hour, or write to us by mail or post.")
