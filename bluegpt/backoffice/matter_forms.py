"""Forms about breaches, accesses to content and requests of authorities."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime, time
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from typing_extensions import override

from bluegpt.backoffice.forms import StaffForm, classes_field, day_field, words_field
from bluegpt.privacy.services.accesses import MINUTES_MAX
from bluegpt.privacy.services.authorities import Demand
from bluegpt.privacy.types.accesses import AccessGround
from bluegpt.privacy.types.breaches import Facts, Nature, Risk

GROUNDS = {
    AccessGround.ASKED_BY_PERSON: _("The person asked for it"),
    AccessGround.ABUSE: _("A report of abuse"),
    AccessGround.SECURITY: _("A security incident"),
    AccessGround.COURT: _("An order of a court"),
}
NATURES = {
    Nature.CONFIDENTIALITY: _("Somebody saw what they should not"),
    Nature.INTEGRITY: _("Something was changed"),
    Nature.AVAILABILITY: _("Something was lost or out of reach"),
}
RISKS = {
    Risk.UNLIKELY: _("Unlikely: the register is enough"),
    Risk.LIKELY: _("Likely: the authority is told"),
    Risk.HIGH: _("High: the people are told too"),
}


_INSTANTS = ("started_at", "ended_at", "aware_at")


def _facts(given: Mapping[str, Any]) -> Facts:
    return Facts(
        **{
            **given,
            "natures": tuple(map(Nature, given["natures"])),
            "data_classes": tuple(given["data_classes"]),
            "risk": Risk(given["risk"]),
        }
    )


def _choices(names: dict[Any, Any]) -> list[tuple[str, Any]]:
    return [(key.value, name) for key, name in names.items()]


def _instant_field(label: Any, **options: Any) -> forms.DateTimeField:
    return forms.DateTimeField(
        label=label,
        help_text=_("In UTC."),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
        **options,
    )


class BreachForm(StaffForm):
    """What is known of a breach."""

    title = forms.CharField(label=_("What happened"), max_length=120)
    natures = forms.MultipleChoiceField(
        label=_("What was broken"),
        choices=_choices(NATURES),
        widget=forms.CheckboxSelectMultiple,
    )
    data_classes = classes_field(_("Kinds of data"))
    recipient = forms.SlugField(
        label=_("At which company"),
        required=False,
        help_text=_("Its reference in the register of processors; empty when it happened here."),
    )
    started_at = _instant_field(_("Began"))
    ended_at = _instant_field(_("Ended"), required=False)
    aware_at = _instant_field(_("Noticed"))
    people_about = forms.IntegerField(label=_("People concerned, about"), min_value=0)
    records_about = forms.IntegerField(label=_("Records concerned, about"), min_value=0)
    consequences = words_field(_("Likely consequences"), chars_max=2_000)
    measures = words_field(_("Measures taken and planned"), chars_max=2_000)
    risk = forms.ChoiceField(label=_("Risk to the people"), choices=_choices(RISKS))

    def facts(self) -> Facts:
        """What was typed; only of a valid form."""
        return _facts(self.cleaned_data)


class AmendmentForm(BreachForm):
    """What is known now, and why the entry changes."""

    reason = words_field(_("Why it is changed"), chars_max=500)

    def __init__(self, data: Mapping[str, Any] | None = None, *, known: Facts) -> None:
        said = asdict(known)
        # A field of minutes would move every instant that it only shows.
        self._known = {key: said[key] for key in _INSTANTS if said[key]}
        super().__init__(data, initial=said)
        self.fields["aware_at"].help_text = _(
            "In UTC. The clocks start here; a later one is not taken."
        )

    @override
    def facts(self) -> Facts:
        """What was typed; only of a valid form."""
        given = {key: value for key, value in self.cleaned_data.items() if key != "reason"}
        for key, known in self._known.items():
            if given[key] == known.replace(second=0, microsecond=0):
                given[key] = known
        return _facts(given)


class FilingForm(StaffForm):
    """A notification that was sent to the authority."""

    reference = forms.CharField(label=_("Reference of the authority"), max_length=100)
    is_complete = forms.BooleanField(label=_("Everything is known: it is complete"), required=False)


class ClosingForm(StaffForm):
    """What shows that a breach is over."""

    evidence = words_field(_("What shows that it is over"), chars_max=2_000)


class AccessForm(StaffForm):
    """Asking to see what somebody wrote."""

    email = forms.EmailField(label=_("Whose content"), help_text=_("The address of the account."))
    ground = forms.ChoiceField(label=_("Ground"), choices=_choices(GROUNDS))
    reason = words_field(_("The reason, which the person will read"), chars_max=300)
    minutes = forms.IntegerField(label=_("Minutes"), min_value=1, max_value=MINUTES_MAX, initial=15)


class DemandForm(StaffForm):
    """The letter of an authority."""

    email = forms.EmailField(label=_("Whose data"), help_text=_("The address of the account."))
    authority = forms.CharField(label=_("Authority"), max_length=200)
    reference = forms.CharField(label=_("Reference"), max_length=100)
    law = forms.CharField(label=_("The law it rests on"), max_length=200)
    data_classes = classes_field(_("Kinds of data"))
    received_on = day_field(_("Received on"))
    hold_until = day_field(_("Keep the data until"))

    def demand(self) -> Demand:
        """What was typed; only of a valid form."""
        given = self.cleaned_data
        return Demand(
            authority=given["authority"],
            reference=given["reference"],
            law=given["law"],
            data_classes=given["data_classes"],
            received_at=datetime.combine(given["received_on"], time.min, tzinfo=UTC),
            hold_until=given["hold_until"],
        )
