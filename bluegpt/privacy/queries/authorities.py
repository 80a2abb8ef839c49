"""What authorities asked for."""

from uuid import UUID

from bluegpt.core.personal_data import DataClass
from bluegpt.privacy.errors.matters import UnknownAuthorityRequest
from bluegpt.privacy.models import AuthorityRequest
from bluegpt.privacy.types.authorities import Authority, AuthorityState

PAGE = 50


def requests(*, page: int = 1) -> tuple[Authority, ...]:
    """A page of all requests, the newest first."""
    start = (page - 1) * PAGE
    rows = AuthorityRequest.objects.order_by("-received_at", "-id")[start : start + PAGE]
    return tuple(map(facts, rows))


def request(request_id: UUID) -> Authority:
    """One request. Raises UnknownAuthorityRequest."""
    row = AuthorityRequest.objects.filter(id=request_id).first()
    if row is None:
        raise UnknownAuthorityRequest
    return facts(row)


def facts(row: AuthorityRequest) -> Authority:
    """A row as others see it."""
    return Authority(
        id=row.id,
        person_id=row.person_id,
        authority=row.authority,
        reference=row.reference,
        law=row.law,
        data_classes=tuple(DataClass(each) for each in row.data_classes.split()),
        received_at=row.received_at,
        recorded_by=row.recorded_by,
        first_approver=row.first_approver,
        second_approver=row.second_approver,
        exported_at=row.exported_at,
        exported_sha256=row.exported_sha256,
        state=_state(row),
    )


def _state(row: AuthorityRequest) -> AuthorityState:
    if row.refused_at is not None:
        return AuthorityState.REFUSED
    if row.exported_at is not None:
        return AuthorityState.EXPORTED
    if row.second_approver is not None:
        return AuthorityState.APPROVED
    if row.first_approver is not None:
        return AuthorityState.APPROVED_ONCE
    return AuthorityState.RECORDED
