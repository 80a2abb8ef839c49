"""What is refused about deaths that are shown to us."""

from django.utils.translation import gettext_lazy as _

from bluegpt.core.errors import Conflict, Missing, Refused


class UnknownDeath(Missing):
    """No such death, or nothing behind this link."""

    code = "unknown_death"
    sentence = _("There is nothing here, or it was handed over already.")


class DeathUnshown(Refused):
    """No request of an heir brought the proof, or it was seen on no day of the past."""

    code = "death_unshown"
    sentence = _(
        "A death is recorded with the reference of an heir's request that somebody was identified"
        " for, and with the day on which the proof was seen."
    )


class DeathKnown(Conflict):
    """The person's death is recorded already."""

    code = "death_known"
    sentence = _("This death is recorded already.")
