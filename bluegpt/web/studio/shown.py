"""What the pages show of models and lists, made ready so that templates need no arithmetic."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from bluegpt.core import clock
from bluegpt.credits.queries import prices
from bluegpt.credits.types import Meter, Rate
from bluegpt.privacy.errors.choices import KeepsPrompts, OutsideEea
from bluegpt.privacy.errors.gate import (
    AddressNotDeclared,
    NotCleared,
    RecipientNotStated,
    TransferLapsed,
)
from bluegpt.privacy.queries import manifest
from bluegpt.privacy.queries.standing import closed_recipients, closed_routes
from bluegpt.privacy.types.clearances import Recipient
from bluegpt.providers.queries import catalogue
from bluegpt.providers.types.models import Model, Unavailability
from bluegpt.studio.queries import media_prices
from bluegpt.studio.types.conversations import ConversationLine
from bluegpt.web.countries import country_name

_REASONS: dict[Unavailability, Promise] = {
    Unavailability.NO_KEY: gettext_lazy("This installation has no key for it"),
    Unavailability.NOT_ANSWERING: gettext_lazy("It does not answer at the moment"),
    Unavailability.RETIRED: gettext_lazy("Its provider has retired it"),
    Unavailability.NO_PRICE: gettext_lazy("It has no price yet"),
}
_CLOSED: dict[type[NotCleared], Promise] = {
    TransferLapsed: gettext_lazy("Closed: what allows sending data there was not reviewed in time"),
    RecipientNotStated: gettext_lazy("Closed: your operator has not said which company runs it"),
    AddressNotDeclared: gettext_lazy("Closed: our privacy policy does not name its address"),
    OutsideEea: gettext_lazy("Closed by your limit: outside the European Economic Area"),
    KeepsPrompts: gettext_lazy("Closed by your limit: it keeps what you write"),
}
_TRANSFERS: dict[str, Promise] = {
    "adequacy": gettext_lazy("adequacy decision of the European Commission"),
    "scc": gettext_lazy("standard contractual clauses"),
}
# The names that people know; the company that stands behind one is the manifest's to say.
_PROVIDERS: dict[str, str | Promise] = {
    "openai": "OpenAI",
    "anthropic": "Anthropic",
    "google": "Google",
    "mistral": "Mistral AI",
    "xai": "xAI",
    "sandbox": gettext_lazy("Sandbox"),
    "local": gettext_lazy("On this machine"),
}
# Recipients that are this very machine: nothing leaves it.
_HERE = frozenset({"local", "sandbox"})


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelRow:
    """A model with what a person chooses it by. Prices are microcredits per million tokens."""

    model: Model
    company: str
    country: str
    is_here: bool
    input_microcredits: int | None
    output_microcredits: int | None
    has_tiers: bool  # long contexts cost more
    reason: str  # why it cannot be used now
    is_usable: bool  # it works, and neither a lapsed transfer nor a limit of the person closes it
    destination: str  # where a message to it goes
    each_microcredits: int | None = None  # the least that one picture of it costs
    second_microcredits: int | None = None  # the least that a second of film of it costs

    @property
    def words(self) -> str:
        """What the picker's search looks through."""
        model = self.model
        return f"{model.display_name} {model.key} {self.company} {self.country}".lower()


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelGroup:
    """The models of one provider, and the company behind it."""

    name: str
    company: str
    rows: tuple[ModelRow, ...]


def model_groups(person_id: UUID | None) -> tuple[ModelGroup, ...]:
    """The whole catalogue by provider, in the catalogue's order; three queries at most."""
    return _groups(catalogue.chat_models(), person_id)


def drawing_groups(person_id: UUID | None) -> tuple[ModelGroup, ...]:
    """The models of the catalogue that draw, as `model_groups` has the others."""
    return _groups(catalogue.drawing_models(), person_id)


def choices(
    model_key: str, person_id: UUID, *, with_pictures: bool = True
) -> tuple[ModelGroup, ...]:
    """What a composer offers: all that can be used, and what the conversation used so far.

    Models that draw stand after those that converse.

    What a closed route or the person's own limits keep shut stays on the list, with the reason.
    """
    models = catalogue.chat_models()
    if with_pictures:
        models += catalogue.drawing_models()
    return _groups(
        [each for each in models if each.is_available or each.key == model_key], person_id
    )


def drawing_choices(model_key: str, person_id: UUID) -> tuple[ModelGroup, ...]:
    """The same of the models that draw."""
    models = catalogue.drawing_models()
    return _groups(
        [each for each in models if each.is_available or each.key == model_key], person_id
    )


def filming_choices(model_key: str, person_id: UUID) -> tuple[ModelGroup, ...]:
    """The same of the models that film."""
    models = [each for each in catalogue.models() if each.films]
    return _groups(
        [each for each in models if each.is_available or each.key == model_key], person_id
    )


def _groups(models: Sequence[Model], person_id: UUID | None) -> tuple[ModelGroup, ...]:
    own = closed_recipients(person_id) if person_id else {}
    closed = own | closed_routes()  # what is closed to everybody is told first
    rates = prices.rates({model.sku for model in models})
    known = {key: manifest.recipient(key) for key in {model.recipient for model in models}}
    rows = [
        _row(
            model,
            rates.get(model.sku, ()),
            recipient=known[model.recipient],
            closed=closed.get(model.recipient),
        )
        for model in models
    ]
    rows.sort(key=_usable_providers_first(rows))
    return tuple(
        _group(provider, tuple(group))
        for provider, group in groupby(rows, key=lambda row: row.model.provider)
    )


def _group(provider: str, rows: tuple[ModelRow, ...]) -> ModelGroup:
    name = _PROVIDERS.get(provider)
    return ModelGroup(
        name=str(name) if name else rows[0].company, company=rows[0].company, rows=rows
    )


def _usable_providers_first(rows: Sequence[ModelRow]) -> Callable[[ModelRow], tuple[bool, int]]:
    usable = {row.model.provider for row in rows if row.is_usable}
    first: dict[str, int] = {}
    for place, row in enumerate(rows):
        first.setdefault(row.model.provider, place)
    return lambda row: (row.model.provider not in usable, first[row.model.provider])


def _row(
    model: Model, rates: Sequence[Rate], *, recipient: Recipient, closed: type[NotCleared] | None
) -> ModelRow:
    """One model with its recipient and its price at the lowest tier."""
    by_meter = {rate.meter: rate for rate in rates if rate.from_context_tokens == 0}
    return ModelRow(
        model=model,
        company=recipient.company,
        country=country_name(recipient.country),
        is_here=model.recipient in _HERE,
        input_microcredits=_price(by_meter.get(Meter.INPUT)),
        output_microcredits=_price(by_meter.get(Meter.OUTPUT)),
        has_tiers=any(rate.from_context_tokens for rate in rates),
        reason=str(_CLOSED[closed] if closed else _REASONS.get(model.unavailability, "")),
        is_usable=model.is_available and closed is None,
        destination=_destination(model, recipient),
        each_microcredits=media_prices.picture_microcredits(model, rates),
        second_microcredits=media_prices.second_microcredits(model),
    )


def _price(rate: Rate | None) -> int | None:
    return rate.microcredits_per_million if rate else None


def _destination(model: Model, recipient: Recipient) -> str:
    if model.recipient in _HERE:
        return _("Stays on this machine")
    if not recipient.country:
        return _("Goes to %(company)s") % {"company": recipient.company}
    goes = _("Goes to %(company)s, %(country)s") % {
        "company": recipient.company,
        "country": country_name(recipient.country),
    }
    terms = [str(_TRANSFERS.get(recipient.transfer_basis, "")), _kept_for(recipient)]
    if not recipient.trains_on_prompts:
        terms.append(_("does not train on it"))
    return " · ".join([goes, *filter(None, terms)])


def _kept_for(recipient: Recipient) -> str:
    days = recipient.keeps_prompts_days
    if days is None:
        return ""
    if not days:
        return _("keeps nothing")
    return ngettext("keeps it up to %(days)d day", "keeps it up to %(days)d days", days) % {
        "days": days
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class LineGroup:
    """Conversations of one stretch of time."""

    key: str
    heading: str
    lines: tuple[ConversationLine, ...]


def line_groups(lines: Iterable[ConversationLine]) -> tuple[LineGroup, ...]:
    """The list by pinned, today, yesterday, the last seven days and before. Days are UTC's."""
    today = clock.now().date()
    return tuple(
        LineGroup(key=key, heading=str(_HEADINGS[key]), lines=tuple(group))
        for key, group in groupby(lines, key=lambda line: _stretch(line, today))
    )


def sidebar_groups(lines: Iterable[ConversationLine]) -> tuple[LineGroup, ...]:
    """The same with a place for today in any case: a conversation may begin on the page."""
    groups = line_groups(lines)
    if any(group.key == "today" for group in groups):
        return groups
    today = LineGroup(key="today", heading=str(_HEADINGS["today"]), lines=())
    pinned = tuple(group for group in groups if group.key == "pinned")
    return (*pinned, today, *groups[len(pinned) :])


_HEADINGS: dict[str, Promise] = {
    "pinned": pgettext_lazy("conversations", "Pinned"),
    "today": gettext_lazy("Today"),
    "yesterday": gettext_lazy("Yesterday"),
    "week": gettext_lazy("Last 7 days"),
    "older": pgettext_lazy("conversations", "Older"),
}


def _stretch(line: ConversationLine, today: date) -> str:
    if line.is_pinned:
        return "pinned"
    day = line.last_message_at.date()
    if day >= today:
        return "today"
    if day == today - timedelta(days=1):
        return "yesterday"
    return "week" if day > today - timedelta(days=7) else "older"
