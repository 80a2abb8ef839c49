"""What privacy announces upwards."""

from dataclasses import dataclass
from uuid import UUID

from bluegpt.core.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class UseEnded(Event):
    """A person no longer allows a use of their data. An empty purpose means every use."""

    person_id: UUID
    purpose: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitSet(Event):
    """A person no longer allows some recipients: what runs towards them must stop."""

    person_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestMoved(Event):
    """A step was added to a request. `kind` is one of types.requests.StepKind."""

    request_id: UUID
    step_id: UUID
    person_id: UUID
    right: str
    kind: str
