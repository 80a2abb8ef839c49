"""What the sandbox offers: models that answer, that draw and that film."""

from dataclasses import dataclass

CONTEXT_TOKENS = 128_000
OUTPUT_TOKENS_MAX = 16_384


@dataclass(frozen=True, slots=True, kw_only=True)
class SandboxModel:
    """One model; each of them answers on every wire."""

    name: str
    display_name: str
    thinks: bool
    released_on: str  # ISO date
    created: int  # the same day, in seconds since 1970


# Two that draw: one counts tokens, the other bills each picture and counts nothing.
PAINTER, SKETCHER = "painter", "sketcher"
PROJECTOR = "projector"  # films; each second has its price
CINEMA = "cinema"  # the same, with sound or without
REEL = "reel"  # the same, as xAI does it
LANTERN = "lantern"  # films as well, and counts tokens

MODELS = {
    model.name: model
    for model in (
        SandboxModel(
            name="writer",
            display_name="Sandbox Writer",
            thinks=False,
            released_on="2026-11-01",
            created=1_793_491_200,
        ),
        SandboxModel(
            name="thinker",
            display_name="Sandbox Thinker",
            thinks=True,
            released_on="2026-11-02",
            created=1_793_577_600,
        ),
        SandboxModel(
            name="scholar",
            display_name="Sandbox Scholar",
            thinks=True,
            released_on="2026-11-03",
            created=1_793_664_000,
        ),
    )
}
