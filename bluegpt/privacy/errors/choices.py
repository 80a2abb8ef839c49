"""What a person's own choices keep shut, and choices that cannot be made."""

from django.utils.translation import gettext_lazy as _

from bluegpt.core.errors import Refused
from bluegpt.privacy.errors.gate import NotCleared


class UseRestricted(NotCleared):
    """The person has restricted the use of their data: it is kept and nothing else."""

    code = "use_restricted"
    sentence = _(
        "You have frozen your data: it is kept as it is, and neither used nor changed nor deleted."
        " Lift the freeze on your privacy page to go on."
    )


class ObjectedTo(NotCleared):
    """The person objects to this purpose."""

    code = "objected_to"
    sentence = _(
        "You have objected to this use of your data, so nothing was sent."
        " You can take the objection back on your privacy page."
    )


class OutsideEea(NotCleared):
    """The person allows only recipients in the European Economic Area."""

    code = "outside_eea"
    sentence = _(
        "You allow only providers in the European Economic Area, and this one is outside it, so"
        " nothing was sent. Choose another model, or change the limit on your privacy page."
    )


class KeepsPrompts(NotCleared):
    """The person allows no recipient that keeps what they write."""

    code = "keeps_prompts"
    sentence = _(
        "You allow no provider that keeps what you write, and this one does, so nothing was sent."
        " Choose another model, or change the limit on your privacy page."
    )


class ConsentMissing(NotCleared):
    """The purpose asks for an agreement, and the person has given none that still holds."""

    code = "consent_missing"
    sentence = _("You have not agreed to this use of your data, so nothing was sent.")


class CannotObject(Refused):
    """The purpose does not rest on an interest of ours that an objection could outweigh."""

    code = "cannot_object"
    sentence = _(
        "This use of your data is needed to give you what you ask for, or is a duty of ours, so"
        " a switch cannot end it."
    )


class TermNotOffered(Refused):
    """The chosen term lies outside what the policy offers."""

    code = "term_not_offered"
    sentence = _("Choose one of the terms on the list.")
