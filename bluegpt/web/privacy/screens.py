"""The words of the screens on which something is decided: shown, hashed and kept from one place."""

from dataclasses import dataclass

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bluegpt.privacy.queries import tracers
from bluegpt.privacy.queries.manifest import manifest
from bluegpt.privacy.types.consents import Screen


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedPurpose:
    """One purpose that waits for an agreement, with the tracers that serve it."""

    key: str
    name: str
    why: str
    category: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TracerScreen:
    """What somebody reads before deciding about tracers."""

    heading: str
    text: str
    purposes: tuple[AskedPurpose, ...]
    accept: str
    refuse: str
    choose: str

    def kept(self) -> Screen:
        """The same, as it is kept with a decision."""
        lines = [self.heading, self.text]
        lines += [f"{each.name} ({each.category}): {each.why}" for each in self.purposes]
        lines += [self.accept, self.refuse, self.choose]
        return Screen(text="\n".join(lines), language=get_language() or "en")


def tracer_screen() -> TracerScreen:
    """The screen in the reader's language, from the policy in force."""
    policy, language = manifest(), get_language() or "en"
    asked = {tracer.purpose: tracer for tracer in tracers.asking()}
    return TracerScreen(
        heading=_("May we use tracers?"),
        text=_(
            "Nothing of this is set before you decide. The site works the same if you refuse,"
            " and you can change your mind on every page."
        ),
        purposes=tuple(
            AskedPurpose(
                key=key,
                name=policy.purposes[key].name.in_language(language),
                why=policy.purposes[key].why.in_language(language),
                category=category_name(tracer.category),
            )
            for key, tracer in sorted(asked.items())
        ),
        accept=_("Accept all"),
        refuse=_("Refuse all"),
        choose=_("Choose"),
    )


def category_name(category: str) -> str:
    """What a category of tracers is called."""
    return {
        "strictly_necessary": _("Strictly necessary"),
        "performance": _("Performance"),
        "functionality": _("Functionality"),
        "advertising": _("Advertising"),
    }[category]
