"""Fields that say whether they must be filled in, and what follows if they are not.

What they say stands in the manifest. A form class names its entry there as `asked_as`; a form
without one asks nothing about anybody.
"""

from dataclasses import dataclass

from django import forms
from django.forms.boundfield import BoundField
from django.forms.renderers import DjangoTemplates
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bluegpt.privacy.queries.manifest import manifest


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What stands beside a field: the mark beside its label, and the consequence below."""

    mark: SafeString
    without: str


def asked(form: str, field: str) -> Asked:
    """What the manifest says of a field. Raises KeyError when it is not described there."""
    facts = manifest().forms[form].fields[field]
    return Asked(
        mark=format_html(
            '<span class="field-mark">{}</span>',
            _("required") if facts.required else _("optional"),
        ),
        without=facts.without.in_language(get_language() or "en"),
    )


class StatedField(BoundField):
    """A field of a form, with its mark, and the consequence at the end of its help."""

    def __init__(self, form: forms.BaseForm, field: forms.Field, name: str) -> None:
        super().__init__(form, field, name)
        self.mark = SafeString()
        asked_as = getattr(form, "asked_as", "")
        if asked_as and not self.is_hidden:
            stated = asked(asked_as, name)
            self.mark = stated.mark
            self.help_text = format_html("{} {}", self.help_text, stated.without)


class StatingRenderer(DjangoTemplates):
    """Makes every field of every form a stated one."""

    bound_field_class = StatedField
