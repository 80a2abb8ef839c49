"""What is refused about newcomers."""

from django.utils.translation import gettext_lazy as _

from bluegpt.core.errors import Missing, Refused
from bluegpt.privacy.errors.gate import NotCleared


class NotTakenOn(NotCleared):
    """A recipient or a purpose that two people have not yet agreed to."""

    code = "not_taken_on"
    sentence = _(
        "This is new here: nothing is sent before two people of the staff have been through the"
        " checklist and approved it."
    )


class UnknownNewcomer(Missing):
    """Nothing of this name waits for an approval."""

    code = "unknown_newcomer"
    sentence = _("Nothing of this name is new, or its facts have changed since you read them.")


class ChecklistOpen(Refused):
    """A question of the checklist was not answered."""

    code = "checklist_open"
    sentence = _("Every question of the checklist needs an answer before you approve.")
