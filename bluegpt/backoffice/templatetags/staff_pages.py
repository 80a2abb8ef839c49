"""What the templates of the staff pages need to say: who, which kind of data, which act."""

from collections.abc import Mapping
from uuid import UUID

from django import template
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bluegpt.backoffice import acts
from bluegpt.core.personal_data import DataClass
from bluegpt.privacy.queries.manifest import manifest

register = template.Library()


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
def act_name(verb: str) -> str:
    """An act of the log in words."""
    return str(acts.NAMES.get(verb, verb))


@register.filter
def named(names: Mapping[str, str], key: str) -> str:
    """The name of a key; the key itself when it has none any more."""
    return names.get(key, key)
