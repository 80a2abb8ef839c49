"""Who decided what, and whether the chain of decisions still holds."""

from collections.abc import Iterator, Mapping
from datetime import UTC
from uuid import UUID

from django.db.models import Count, Max, Min, Q

from bluegpt.core import clock
from bluegpt.privacy.models import Consent, ConsentLink, ConsentScreen
from bluegpt.privacy.rules import committing
from bluegpt.privacy.types.consents import (
    ChainState,
    ConsentAction,
    ConsentLine,
    ConsentMethod,
    DayHead,
    DecisionCount,
    Screen,
)

_LINES_MAX = 200
_DAYS_PUBLISHED = 31
_BROKEN_SHOWN = 100


def consents(person_id: UUID) -> tuple[ConsentLine, ...]:
    """What the person decided, newest first; the last two hundred."""
    rows = Consent.objects.filter(person_id=person_id).order_by("-number")[:_LINES_MAX]
    return tuple(_line(row) for row in rows)


def counts() -> tuple[DecisionCount, ...]:
    """How often people agreed, refused and withdrew, by purpose and version, the newest first.

    Decisions whose proof has ended are no longer counted. One query.
    """
    of = {action: Count("number", filter=Q(action=action.value)) for action in ConsentAction}
    rows = (
        Consent.objects.order_by()
        .values("purpose", "policy_digest")
        .annotate(
            given=of[ConsentAction.GIVEN],
            refused=of[ConsentAction.REFUSED],
            withdrawn=of[ConsentAction.WITHDRAWN],
            first_at=Min("at"),
            last_at=Max("at"),
        )
        .order_by("purpose", "-last_at")
    )
    return tuple(DecisionCount(**row) for row in rows)


def screen_of(*, person_id: UUID, number: int) -> Screen | None:
    """The screen on which the person decided, to the letter."""
    row = Consent.objects.filter(person_id=person_id, number=number).first()
    kept = ConsentScreen.objects.filter(sha256=row.screen_sha256).first() if row else None
    return Screen(text=kept.text, language=kept.language) if kept else None


def is_given(*, person_id: UUID, purpose: str) -> bool:
    """Whether the person's last word about a purpose is an agreement that still lasts."""
    rows = Consent.objects.filter(person_id=person_id, purpose=purpose)
    last = rows.order_by("-number").values_list("action", "expires_at").first()
    return last is not None and last[0] == ConsentAction.GIVEN and last[1] > clock.now()


def chain_state() -> ChainState:
    """Walk the whole chain: every digest follows, every decision is what was committed to."""
    previous, expected, erased, links = committing.ROOT, 1, 0, 0
    broken: list[int] = []
    for chunk in _chunks():
        rows = Consent.objects.in_bulk([link.number for link in chunk])
        for link in chunk:
            links += 1
            digest = committing.link_digest(
                previous=previous, number=link.number, on=link.on, commitment=link.commitment
            )
            row = rows.get(link.number)
            is_whole = row is None or link.commitment == committing.commitment(
                payload_of(row), salt=bytes(row.salt)
            )
            erased += row is None
            if not (is_whole and digest == link.digest and link.number == expected):
                broken.append(link.number)
            previous, expected = link.digest, link.number + 1
    strays = Consent.objects.filter(number__gte=expected).values_list("number", flat=True)
    broken.extend(strays[:_BROKEN_SHOWN])
    return ChainState(links=links, erased=erased, broken=tuple(broken), head=previous)


def day_heads() -> tuple[DayHead, ...]:
    """The end of the chain on each of the last days on which anything was decided."""
    days = ConsentLink.objects.values("on").annotate(last=Max("number")).order_by("-on")
    numbers = [day["last"] for day in days[:_DAYS_PUBLISHED]]
    links = ConsentLink.objects.filter(number__in=numbers).order_by("-number")
    return tuple(DayHead(on=link.on, number=link.number, digest=link.digest) for link in links)


def payload_of(row: Consent) -> Mapping[str, str]:
    """What a commitment covers: all that the row says, as text."""
    return {
        "number": str(row.number),
        "person": str(row.person_id or ""),
        "device": row.device,
        "purpose": row.purpose,
        "action": str(row.action),
        "method": str(row.method),
        "language": row.language,
        "policy": row.policy_digest,
        "screen": row.screen_sha256,
        "at": row.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "expires_at": row.expires_at.astimezone(UTC).isoformat(timespec="microseconds"),
    }


def _chunks(size: int = 1_000) -> Iterator[list[ConsentLink]]:
    last = -1
    while chunk := list(ConsentLink.objects.filter(number__gt=last).order_by("number")[:size]):
        yield chunk
        last = chunk[-1].number


def _line(row: Consent) -> ConsentLine:
    return ConsentLine(
        number=row.number,
        purpose=row.purpose,
        action=ConsentAction(row.action),
        method=ConsentMethod(row.method),
        language=row.language,
        policy_digest=row.policy_digest,
        screen_sha256=row.screen_sha256,
        at=row.at,
        expires_at=row.expires_at,
    )
