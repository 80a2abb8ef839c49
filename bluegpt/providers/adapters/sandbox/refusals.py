"""How the sandbox says no: one exception, which each dialect renders in its own form."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """One entry of a dialect's table of errors; `message` has {names} to fill in."""

    status: int
    kind: str  # the dialect's `type` (OpenAI, Anthropic) or `status` (Google)
    message: str
    code: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)

    def refusal(self, *, param: str | None = None, **names: object) -> "Refusal":
        """This entry with its names filled in."""
        return Refusal(self, self.message.format(**names), param=param)


class Refusal(Exception):
    """The request ends here, before the first byte of an answer."""

    def __init__(self, wording: Wording, message: str, *, param: str | None = None) -> None:
        super().__init__(wording.kind)
        self.wording = wording
        self.message = message
        self.param = param
