"""May this data go to this recipient for this purpose today? A pure decision."""

from collections.abc import Set
from dataclasses import replace
from datetime import date

from bluegpt.core.personal_data import DataClass
from bluegpt.privacy.errors.gate import (
    AddressNotDeclared,
    NotCleared,
    RecipientNotStated,
    TransferLapsed,
)
from bluegpt.privacy.rules.addresses import host_of, is_loopback
from bluegpt.privacy.rules.linting import is_unstated
from bluegpt.privacy.types.clearances import Ground
from bluegpt.privacy.types.manifest import (
    OPERATOR_COUNTRY,
    Manifest,
    Purpose,
    RecipientFacts,
    RecipientRole,
)

_HERE = "local"  # the recipient that is this machine


def ground(
    manifest: Manifest,
    *,
    purpose: str,
    recipient: str,
    data_classes: Set[DataClass],
    address: str,
    today: date,
) -> Ground:
    """What the clearance rests on. `address` is where the recipient would be reached.

    An agreement that the basis asks for is the caller's to look up. Raises NotCleared or one of
    its kinds.
    """
    use = manifest.purposes.get(purpose)
    facts = facts_of(manifest, recipient, address=address)
    if use is None or facts is None or recipient not in use.recipients or not data_classes:
        raise NotCleared
    basis = _basis(use, data_classes)
    check_route(manifest, facts, address=address, today=today)
    transfer = manifest.transfers[facts.transfer]
    return Ground(basis=basis, country=country_of(manifest, facts), transfer_basis=transfer.basis)


def check_route(manifest: Manifest, facts: RecipientFacts, *, address: str, today: date) -> None:
    """Whether anything at all may go to this recipient today, whoever sends it.

    Open through the last day of each review. Raises RecipientNotStated, AddressNotDeclared,
    TransferLapsed.
    """
    _check_recipient(facts, address)
    for review_by in (manifest.transfers[facts.transfer].review_by, facts.review_by):
        if review_by is not None and review_by < today:
            raise TransferLapsed


def facts_of(manifest: Manifest, key: str, *, address: str) -> RecipientFacts | None:
    """What is known of a recipient; an unstated one at a loopback address is this machine."""
    facts = manifest.recipients.get(key)
    here = manifest.recipients.get(_HERE)
    if facts is not None and here is not None and is_unstated(facts) and is_loopback(address):
        return replace(here, key=key)
    return facts


def country_of(manifest: Manifest, facts: RecipientFacts) -> str:
    """Where the data is processed; empty when nobody has said."""
    return manifest.operator.country if facts.country == OPERATOR_COUNTRY else facts.country


def _basis(purpose: Purpose, data_classes: Set[DataClass]) -> str:
    bases = {purpose.bases.get(data_class) for data_class in data_classes}
    if None in bases:
        raise NotCleared
    return "+".join(sorted(basis for basis in bases if basis is not None))


def _check_recipient(facts: RecipientFacts, address: str) -> None:
    if is_unstated(facts):
        raise RecipientNotStated
    if facts.role is RecipientRole.OPERATOR:
        if address and not is_loopback(address):
            raise AddressNotDeclared
    elif facts.hosts and host_of(address) not in facts.hosts and not is_loopback(address):
        raise AddressNotDeclared
