"""The nine rights in our words, and how each is used."""

from django.utils.translation import gettext_lazy as _

RIGHTS = (
    (
        _("See it"),
        _(
            "You get everything we hold about you as an archive that people and machines "
            "can read, with who received it."
        ),
    ),
    (
        _("Change it"),
        _("Your address, password, language and keys are changed on your account page, at once."),
    ),
    (
        _("Have it corrected"),
        _("What you cannot change yourself we correct, and tell those who received it."),
    ),
    (
        _("Have it erased"),
        _(
            "A message, a conversation or the whole account. You get a receipt of what "
            "was erased, and what the law makes us keep, until when."
        ),
    ),
    (
        _("Object"),
        _(
            "To each use that rests on our interest. It stops unless we show you a "
            "compelling reason."
        ),
    ),
    (
        _("Have it frozen"),
        _("While something is disputed, your data is kept but neither used nor deleted."),
    ),
    (
        _("Take it with you"),
        _(
            "What you gave us and what was made for you, as JSON with your files, which "
            "can be imported again."
        ),
    ),
    (
        _("Withdraw"),
        _("What you agreed to can be withdrawn at any time, where you agreed to it."),
    ),
    (
        _("Decide about afterwards"),
        _("You say what becomes of your data after your death, and who sees to it."),
    ),
)
