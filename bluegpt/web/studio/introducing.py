"""Before the first message to a company: who it is, in which country, on which ground.

The composer shows it beside the field until the message was sent, or until it was understood. A
message to a company whose facts were not in sight is answered with the facts, once.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from bluegpt.privacy.errors.introductions import NotIntroduced
from bluegpt.privacy.queries import introductions as queries
from bluegpt.privacy.queries.manifest import recipient
from bluegpt.privacy.services.introductions import introduce
from bluegpt.privacy.types.clearances import Recipient
from bluegpt.privacy.types.introductions import Occasion
from bluegpt.providers.errors import UnknownModel
from bluegpt.providers.queries import catalogue
from bluegpt.web.countries import country_name


@dataclass(frozen=True, slots=True, kw_only=True)
class IntroductionShown:
    """One company as the composer introduces it. `token` comes back with the message."""

    recipient: Recipient
    country: str
    token: str
    is_chosen: bool


def shown(
    person_id: UUID, recipients: Iterable[str], *, chosen: str
) -> tuple[IntroductionShown, ...]:
    """The companies among these that the person has still to be told about; one query."""
    waiting = queries.to_introduce(person_id)
    return tuple(
        _shown(key, waiting[key], is_chosen=key == chosen)
        for key in sorted(set(recipients) & set(waiting))
    )


def check(person_id: UUID, *, model_key: str, tokens: Iterable[str] = ()) -> None:
    """Raise NotIntroduced, with the facts, unless they were in sight or were told before.

    `tokens` are what the composer showed. An unknown model is somebody else's to refuse.
    """
    key = _recipient_of(model_key)
    waiting = queries.to_introduce(person_id)
    if key not in waiting or f"{key}:{waiting[key]}" in tokens:
        return
    facts = _shown(key, waiting[key], is_chosen=True)
    introduce(person_id=person_id, recipient=key, occasion=Occasion.REFUSED)
    raise NotIntroduced(f"{NotIntroduced.sentence} {said(facts)}")


def note_sent(person_id: UUID, *, model_key: str) -> None:
    """The first message went out with the facts in sight."""
    introduce(person_id=person_id, recipient=_recipient_of(model_key), occasion=Occasion.SENT)


def note_understood(person_id: UUID, *, token: str) -> None:
    """The person has read the facts that the token names; those of another day do not count."""
    key, _colon, facts = token.partition(":")
    if queries.facts_names().get(key) == facts:
        introduce(person_id=person_id, recipient=key, occasion=Occasion.UNDERSTOOD)


def said(introduction: IntroductionShown) -> str:
    """The facts in a row, for where there is no room for a list."""
    known = introduction.recipient
    told = [known.company, introduction.country, known.instrument, known.retention]
    trains = _("It may train on it.") if known.trains_on_prompts else _("It may not train on it.")
    told.append(trains)
    return " · ".join(each.rstrip(".") for each in told if each) + "."


def _shown(key: str, facts_name: str, *, is_chosen: bool) -> IntroductionShown:
    known = recipient(key)
    return IntroductionShown(
        recipient=known,
        country=country_name(known.country),
        token=f"{key}:{facts_name}",
        is_chosen=is_chosen,
    )


def _recipient_of(model_key: str) -> str:
    try:
        return catalogue.model(model_key).recipient
    except UnknownModel:
        return ""
