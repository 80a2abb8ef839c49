"""Comparing a day with a provider's report: what differs opens a case, what was too much returns.

What was charged too little is borne by the platform and only told. A second run on the same
report finds what the first one gave back and changes nothing.
"""

import logging
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID, uuid5

from bluegpt.credits.errors import CorrectionTooLarge, IdempotencyConflict
from bluegpt.credits.queries.charges import Charge, charges, given_back
from bluegpt.credits.queries.prices import rates_at
from bluegpt.credits.services import cases, corrections
from bluegpt.credits.types import CaseKind, HoldState, Rate
from bluegpt.providers.queries.names import plain_name
from bluegpt.providers.types.reports import ReportedUsage
from bluegpt.providers.types.usage import UsageSource
from bluegpt.studio.queries.days import DayCall, pages
from bluegpt.studio.rules import reconciling
from bluegpt.studio.rules.reconciling import Quantities, Sharing, Tally
from bluegpt.studio.types.reconciling import ModelDay

logger = logging.getLogger(__name__)

AUTHOR = "reconciliation"
# The provider has not said for sure what these used.
_UNCERTAIN = frozenset({UsageSource.ESTIMATED, UsageSource.PARTIAL, "none"})


@dataclass(slots=True, kw_only=True)
class Theirs:
    """The rows of one model in a report, added up."""

    quantities: Quantities = field(default_factory=Quantities)
    rows: int = 0


class Report:
    """A provider's report by model, as its rows come in: dated editions of a model are one."""

    def __init__(self) -> None:
        self.models: dict[str, Theirs] = {}

    def add(self, row: ReportedUsage) -> None:
        theirs = self.models.setdefault(plain_name(row.wire_name), Theirs())
        theirs.rows += 1
        theirs.quantities.add(reconciling.quantities_of(row.usage))


def reconcile(*, recipient: str, day: date, report: Report) -> tuple[ModelDay, ...]:
    """Every model that either side knows of that day, in the order of their names."""
    tallies = _tallies(recipient, day, report.models)
    owed = {
        model: max(0, reconciling.overcharge_microcredits(tally) - tally.given_microcredits)
        for model, tally in tallies.items()
    }
    given = _give_back(recipient, day, tallies, {model: due for model, due in owed.items() if due})
    return tuple(
        _conclude(
            recipient=recipient,
            day=day,
            model=model,
            tally=tally,
            given=tally.given_microcredits + given[model],
        )
        for model, tally in sorted(tallies.items())
    )


def _tallies(recipient: str, day: date, theirs: Mapping[str, Theirs]) -> dict[str, Tally]:
    tallies: defaultdict[str, Tally] = defaultdict(Tally)
    book = _Book()
    for model, report in theirs.items():
        tallies[model].theirs, tallies[model].reported_rows = report.quantities, report.rows
    for call, charge, own in _charged_calls(recipient, day):
        _count(tallies[call.model], call, charge, own=own, rates=book.rates(charge))
    return dict(tallies)


def _charged_calls(recipient: str, day: date) -> Iterator[tuple[DayCall, Charge, int]]:
    """Calls with what they were charged, and what this very comparison gave back of it before."""
    for page in pages(recipient=recipient, day=day):
        known = charges([call.id for call in page])
        made = given_back([_correction_id(call.id, day) for call in page])
        for call in page:
            if call.id in known:
                yield call, known[call.id], made.get(_correction_id(call.id, day), 0)


def _count(
    tally: Tally, call: DayCall, charge: Charge, *, own: int, rates: tuple[Rate, ...]
) -> None:
    """Put one call on its side: certain, uncertain, or not charged at all."""
    used = reconciling.quantities_charged(charge.consumption)
    if not call.is_of_day or charge.state is not HoldState.SETTLED:
        # Nothing was charged for it on this day, and the provider may have billed it all the same.
        last = {reconciling.INPUT: call.input_tokens, reconciling.OUTPUT: call.output_tokens}
        tally.more.add(used if any(used.values()) else Quantities(last))
        tally.calls += int(call.is_of_day)
        return
    tally.calls += 1
    tally.ours.add(used)
    tally.given_microcredits += own
    tally.rates = rates
    tally.paid.add(
        reconciling.paid_millionths(
            charge.consumption, rates, charged_microcredits=charge.charged_microcredits
        )
    )
    if call.crosses_midnight:
        tally.crossing.add(used)
        return
    weight = _weight(charge, own)
    if charge.usage_source in _UNCERTAIN:
        tally.less.add(used)
        tally.more.add(used)
        tally.estimated_weight += weight
    else:
        tally.other_weight += weight


def _weight(charge: Charge, own: int) -> int:
    """What could come back of a call, before this comparison gave anything."""
    return charge.charged_microcredits - (charge.corrected_microcredits - own)


def _give_back(
    recipient: str, day: date, tallies: Mapping[str, Tally], owed: Mapping[str, int]
) -> Mapping[str, int]:
    """Spread what is owed: over the calls that were estimated first, then over the others.

    Shares are those of the whole over-charge, so that a run that was cut short is finished by the
    next one; what has been given back is never given again.
    """
    given: defaultdict[str, int] = defaultdict(int)
    if not owed:
        return given
    shares = {model: _shares(tallies[model], due) for model, due in owed.items()}
    for call, charge, own in _charged_calls(recipient, day):
        due = owed.get(call.model, 0)
        if not due or not call.is_of_day or call.crosses_midnight:
            continue
        if charge.state is not HoldState.SETTLED:
            continue
        sharing = shares[call.model][charge.usage_source in _UNCERTAIN]
        share = min(sharing.next(_weight(charge, own)), due - given[call.model])
        if share <= 0 or own:
            continue
        given[call.model] += _correct(recipient, day, call, share)
    return given


def _shares(tally: Tally, due: int) -> tuple[Sharing, Sharing]:
    """The parts that fall on certain calls, and on estimated ones."""
    whole = due + tally.given_microcredits
    of_estimated = min(whole, tally.estimated_weight)
    of_others = min(whole - of_estimated, tally.other_weight)
    return (
        Sharing(of_others, tally.other_weight),
        Sharing(of_estimated, tally.estimated_weight),
    )


def _correct(recipient: str, day: date, call: DayCall, amount: int) -> int:
    try:
        corrections.give_back(
            correction_id=_correction_id(call.id, day),
            hold_id=call.id,
            amount_microcredits=amount,
            author=AUTHOR,
            reason=f"The provider billed less on {day.isoformat()} than was charged",
            reference=_subject(recipient, call.model, day),
        )
    except (CorrectionTooLarge, IdempotencyConflict):
        # Somebody has given it back in the meantime: for another reason, or in another run.
        logger.warning("call %s was corrected by somebody else meanwhile", call.id)
        return 0
    return amount


def _conclude(*, recipient: str, day: date, model: str, tally: Tally, given: int) -> ModelDay:
    found = reconciling.gaps(tally)
    case_id: UUID | None = None
    if not all(gap.is_explained for gap in found):
        facts = {"calls": tally.calls, "given_back_microcredits": given}
        for gap in found:
            facts |= {f"{gap.kind}_ours": gap.ours, f"{gap.kind}_theirs": gap.theirs}
        case_id = cases.open_case(
            kind=CaseKind.RECONCILIATION, subject=_subject(recipient, model, day), facts=facts
        )
    return ModelDay(
        model=model,
        calls=tally.calls,
        gaps=found,
        given_back_microcredits=given,
        case_id=case_id,
    )


def _subject(recipient: str, model: str, day: date) -> str:
    return f"{recipient} {model[:100] or '-'} {day.isoformat()}"


def _correction_id(call_id: UUID, day: date) -> UUID:
    """One per call and day of the report, for ever."""
    return uuid5(call_id, f"reconciliation {day.isoformat()}")


class _Book:
    """The rates that a day's calls paid: a few versions, read once each."""

    def __init__(self) -> None:
        self._rates: dict[tuple[int, str], tuple[Rate, ...]] = {}

    def rates(self, charge: Charge) -> tuple[Rate, ...]:
        place = (charge.price_version, charge.consumption.sku)
        if place not in self._rates:
            self._rates[place] = rates_at(*place)
        return self._rates[place]
