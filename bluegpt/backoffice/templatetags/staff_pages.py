"""What the templates of the staff pages need to say: who, which kind of data, which act."""

from collections.abc import Mapping
from uuid import UUID

from django import template
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from bluegpt.backoffice import acts
from bluegpt.core.personal_data import DataClass
from bluegpt.privacy.queries.manifest import manifest
from bluegpt.privacy.types.manifest import Basis

register = template.Library()
_BASES = {
    Basis.CONTRACT.value: gettext_lazy("a contract"),
    Basis.CONSENT.value: gettext_lazy("consent"),
    Basis.LEGITIMATE_INTEREST.value: gettext_lazy("a legitimate interest"),
    Basis.LEGAL_OBLIGATION.value: gettext_lazy("a legal obligation"),
}
_ROLES = {"controller": gettext_lazy("Controller"), "processor": gettext_lazy("Processor")}


@register.filter
def who(people: Mapping[UUID, str], person_id: UUID | None) -> str:
    """An address; of a closed account the id is left, and the console has neither."""
    if person_id is None:
        return _("the console")
    return people.get(person_id, str(person_id))


@register.filter
def class_name(data_class: str) -> str:
    """A kind of personal data by the name that the policy gives it."""
    facts = manifest().classes.get(DataClass(data_class))
    return facts.name.in_language(get_language() or "en") if facts else data_class


@register.filter
def basis_name(basis: str) -> str:
    """A legal basis as the law calls it."""
    return str(_BASES.get(basis, basis))


@register.filter
def role_name(role: str) -> str:
    """What the operator is, in the words of the law."""
    return str(_ROLES.get(role, role))


@register.filter
def act_name(verb: str) -> str:
    """An act of the log in words."""
    return str(acts.NAMES.get(verb, verb))


@register.filter
def named(names: Mapping[str, str], key: str) -> str:
    """The name of a key; the key itself when it has none any more."""
    return names.get(key, key)
