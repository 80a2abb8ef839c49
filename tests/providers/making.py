"""Models, requests and clearances for tests."""

from typing import Any

from bluegpt.core import clock
from bluegpt.core.ids import new_id
from bluegpt.core.personal_data import DataClass
from bluegpt.privacy.types.clearances import Clearance
from bluegpt.providers.types.chat import ChatRequest
from bluegpt.providers.types.models import Model, ProviderRate, Unavailability
from bluegpt.providers.types.turns import Part, Role, TextPart, Turn

PAIRWISE_ID = "pw_5f0c2b7d9a"
API_KEY = "key-that-must-not-leak"
# Long enough that the figures of the recorded streams are believable beside it.
QUESTION = "What is the height of the tower? " * 8
RATES = (
    ProviderRate(meter="input", from_context_tokens=0, nanousd_per_million=1_000),
    ProviderRate(meter="output", from_context_tokens=0, nanousd_per_million=2_000),
)


def model(provider: str = "openai", **changes: Any) -> Model:
    facts: dict[str, Any] = {
        "key": f"{provider}/some-model",
        "provider": provider,
        "wire_name": "some-model",
        "display_name": "Some Model",
        "recipient": provider,
        "sku": f"{provider}/some-model",
        "context_tokens": 128_000,
        "output_tokens_max": 16_000,
        "reads_images": True,
        "reads_pdfs": True,
        "reasons": False,
        "retires_on": "",
        "unavailability": Unavailability.NONE,
        "rates": RATES,
    }
    return Model(**(facts | changes))


def request(
    provider: str = "openai",
    *parts: Part,
    text: str = QUESTION,
    system: str = "",
    max_output_tokens: int = 1_000,
) -> ChatRequest:
    turn = Turn(role=Role.USER, parts=(*parts, TextPart(text=text)))
    return ChatRequest(
        model=model(provider),
        system=system,
        turns=(turn,),
        max_output_tokens=max_output_tokens,
    )


def clearance(recipient: str = "openai", **changes: Any) -> Clearance:
    facts: dict[str, Any] = {
        "id": new_id(),
        "person_id": new_id(),
        "purpose": "chat_answer",
        "basis": "contract",
        "recipient": recipient,
        "country": "US",
        "transfer_basis": "scc",
        "data_classes": frozenset({DataClass.CONTENT}),
        "pairwise_id": PAIRWISE_ID,
        "policy_digest": "digest",
        "issued_at": clock.now(),
    }
    return Clearance(**(facts | changes))
