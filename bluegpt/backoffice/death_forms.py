"""The form with which a death is recorded."""

from django import forms
from django.utils.translation import gettext_lazy as _

from bluegpt.backoffice.forms import StaffForm, day_field
from bluegpt.privacy.services.deaths import Shown
from bluegpt.privacy.types.directives import DeathProof

PROOFS = {
    DeathProof.CERTIFICATE: _("A death certificate"),
    DeathProof.NOTARY: _("An act of a notary"),
    DeathProof.JUDGMENT: _("A judgment"),
}


class DeathForm(StaffForm):
    """Whose death, and what shows it."""

    email = forms.EmailField(label=_("Whose data"), help_text=_("The address of the account."))
    reference = forms.CharField(label=_("Reference of the heir's request"), max_length=12)
    proof = forms.ChoiceField(
        label=_("Shown by"), choices=[(key.value, name) for key, name in PROOFS.items()]
    )
    seen_on = day_field(_("Seen on"))

    def shown(self) -> Shown:
        """What was typed; only of a valid form."""
        given = self.cleaned_data
        return Shown(
            reference=given["reference"],
            proof=DeathProof(given["proof"]),
            seen_on=given["seen_on"],
        )
