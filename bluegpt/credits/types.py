"""Credits' own words: meters, consumption, rates, quotes, holds, settlements."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class Meter(StrEnum):
    """What a SKU is counted in. A new product adds meters, not columns."""

    INPUT = "input"
    CACHED_INPUT = "cached_input"
    CACHE_WRITE = "cache_write"
    CACHE_WRITE_LONG = "cache_write_long"  # lives an hour or more
    OUTPUT = "output"
    REASONING = "reasoning"
    IMAGE_INPUT = "image_input"  # tokens, where a provider prices them apart from text
    IMAGE_OUTPUT = "image_output"
    AUDIO_INPUT = "audio_input"
    AUDIO_OUTPUT = "audio_output"
    VIDEO_OUTPUT = "video_output"
    IMAGE = "image"  # finished pictures
    VIDEO_SECOND = "video_second"
    TOOL_CALL = "tool_call"
    SEARCH = "search"  # one grounded or web search


class Category(StrEnum):
    """Where a lot came from. Burn order follows this order: paid credits last."""

    PLAN = "plan"
    PROMO = "promo"
    ADJUSTMENT = "adjustment"
    PAID = "paid"


class HoldState(StrEnum):
    """held → dispatched → settled | released | in_doubt → settled | released.

    `refused` is where a key ends that the balance could not cover: it holds nothing, for ever.
    """

    HELD = "held"
    DISPATCHED = "dispatched"
    IN_DOUBT = "in_doubt"
    SETTLED = "settled"
    RELEASED = "released"
    REFUSED = "refused"


class TransferKind(StrEnum):
    """What a line of the journal does: move at once, reserve, resolve a reservation, or correct."""

    NORMAL = "normal"
    PENDING = "pending"
    POST = "post"
    VOID = "void"
    CORRECT = "correct"


class TransferCode(StrEnum):
    """Why credits moved."""

    GRANT = "grant"
    USAGE = "usage"
    EXPIRY = "expiry"
    OVERRUN = "overrun"  # the platform bears what went beyond a hold
    WRITEOFF = "writeoff"  # the platform bears a call whose outcome nobody could prove
    CORRECTION = "correction"  # what was charged too much comes back
    CLAWBACK = "clawback"  # credits whose price was paid back or contested
    DEBT = "debt"  # of those, what had been spent already
    REPAYMENT = "repayment"  # new credits pay it first


class CapPeriod(StrEnum):
    """How long a spending cap counts before it starts again. Days and months are UTC's."""

    DAY = "day"
    MONTH = "month"


class CaseKind(StrEnum):
    """Why somebody has to look."""

    DISPUTE = "dispute"  # a person contests a line of their statement
    QUARANTINE = "quarantine"  # a provider told a usage that nobody can believe
    RECONCILIATION = "reconciliation"  # our count and the provider's report differ


class CaseState(StrEnum):
    """Open until somebody, or a rule, has answered."""

    OPEN = "open"
    ANSWERED = "answered"


@dataclass(frozen=True, slots=True, kw_only=True)
class MeterLine:
    """A quantity of one meter. `quantity` is in the meter's unit (tokens), never negative."""

    meter: Meter
    quantity: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Consumption:
    """What one call uses of one SKU.

    `context_tokens` picks the price tier of SKUs that cost more for long contexts.
    """

    sku: str
    context_tokens: int
    lines: tuple[MeterLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """Price of one meter of one SKU from `from_context_tokens` on.

    What the customer pays, in microcredits, and what the provider bills, in nano-US-dollars;
    both for 1,000,000 units.
    """

    sku: str
    meter: Meter
    from_context_tokens: int
    microcredits_per_million: int
    cost_nanousd_per_million: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """The price of a consumption at one version of the price book."""

    price_version: int
    amount_microcredits: int
    consumption: Consumption


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldTicket:
    """A hold as it stands."""

    id: UUID
    person_id: UUID
    state: HoldState
    amount_microcredits: int
    price_version: int
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """How a hold ended: charged + released = held; `absorbed` is what the platform bears."""

    hold_id: UUID
    state: HoldState
    charged_microcredits: int
    released_microcredits: int
    absorbed_microcredits: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """What a person can spend now, and what calls under way have reserved."""

    available_microcredits: int
    held_microcredits: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Lot:
    """Credits that came together, as their owner sees them."""

    id: UUID
    category: Category
    amount_microcredits: int
    used_microcredits: int
    held_microcredits: int
    remaining_microcredits: int
    effective_at: datetime
    expires_at: datetime | None
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NewLot:
    """Credits to be granted, with all that a lot can carry.

    One lot per (`source_kind`, `source_id`), for ever. `paid_minor_units` is what was paid for the
    whole lot, in the smallest unit of `paid_currency` (ISO 4217); zero and empty for gifts.
    """

    person_id: UUID
    category: Category
    amount_microcredits: int
    source_kind: str
    source_id: str
    reason: str
    author: str = ""
    priority: int = 50
    effective_at: datetime | None = None  # None: at once
    expires_at: datetime | None = None  # None: never
    paid_minor_units: int = 0
    paid_currency: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementLine:
    """One movement of a balance: a grant, a call, an expiry, a correction.

    `hold_id` is the call's request id. `context_tokens` picked the tier of its price, and
    `absorbed_microcredits` is what it cost beyond what was charged. `corrects` is the group of the
    line that a correction corrects.
    """

    group_id: UUID
    code: str
    created_at: datetime
    amount_microcredits: int  # positive comes in, negative goes out
    balance_after_microcredits: int
    reason: str
    author: str
    hold_id: UUID | None = None
    product: str = ""
    sku: str = ""
    price_version: int | None = None
    usage: tuple[MeterLine, ...] = ()
    usage_source: str = ""
    context_tokens: int | None = None
    absorbed_microcredits: int = 0
    reference: str = ""
    corrects: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """A page of a period: opening + all movements of the period = closing.

    `next_cursor` asks for the following page; 0 when this one is the last.
    """

    opening_microcredits: int
    closing_microcredits: int
    lines: tuple[StatementLine, ...]
    next_cursor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What one check of the books found.

    `invariant` is its number in docs/mechanisms/ledger.md, `figure` what was counted, `rows`
    names the first offenders.
    """

    invariant: str
    title: str
    figure: str
    is_broken: bool
    rows: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CapView:
    """A spending limit and what has gone against it in the period under way.

    `used_microcredits` is charged or held. `key_id` None: all that the person spends.
    """

    id: UUID
    key_id: UUID | None
    period: CapPeriod
    limit_microcredits: int
    used_microcredits: int
    alerted_percent: int  # the last mark of this period that was told; 0 for none
    starts_again_at: datetime

    @property
    def left_microcredits(self) -> int:
        """What may still be spent; zero when the limit was lowered below the use."""
        return max(0, self.limit_microcredits - self.used_microcredits)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpiringLot:
    """Credits that end soon. `left_microcredits` counts what calls under way hold."""

    id: UUID
    person_id: UUID
    left_microcredits: int
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseView:
    """A case as it stands. `words` and `answer` are "" when there are none, or were erased.

    `facts` are for staff: ids, names and numbers.
    """

    id: UUID
    kind: CaseKind
    subject: str
    state: CaseState
    person_id: UUID | None
    hold_id: UUID | None
    group_id: UUID | None
    facts: Mapping[str, int | str]
    words: str
    answer: str
    answered_by: str
    given_back_microcredits: int
    created_at: datetime
    answered_at: datetime | None
