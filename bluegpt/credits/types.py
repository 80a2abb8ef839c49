"""Credits' own words: meters, consumption, rates, quotes, holds, settlements."""

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
    OVERRUN = "overrun"


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
    """One movement of a balance: a grant, a call, an expiry, a correction."""

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
