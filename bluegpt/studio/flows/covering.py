"""Holding more while an answer grows, so that a long one does not lock up the whole purse."""

import asyncio
from uuid import UUID

from bluegpt.core.threads import in_thread
from bluegpt.credits.errors import (
    CapReached,
    DebtOutstanding,
    HoldResolved,
    InsufficientCredits,
)
from bluegpt.credits.services import caps
from bluegpt.studio.queries.purses import Purse
from bluegpt.studio.rules.budget import OUTPUT_TOKENS_AHEAD
from bluegpt.studio.services import answers


class Cover:
    """What is held for one answer under way, and the next step when it is due."""

    def __init__(self, *, call_id: UUID, person_id: UUID, purse: Purse) -> None:
        self._call_id = call_id
        self._person_id = person_id
        self._purse = purse
        self._step: asyncio.Task[None] | None = None
        self._is_spent = False

    async def reaches(self, output_tokens: int) -> bool:
        """Whether so much output is paid for. Asks for the next step in good time.

        Waits only when the answer was faster than the step; False ends the answer.
        """
        if self._is_short(output_tokens + OUTPUT_TOKENS_AHEAD) and not self._is_spent:
            if self._step is None:
                self._step = asyncio.create_task(self._hold_more(), name=f"cover-{self._call_id}")
            if self._step.done() or self._is_short(output_tokens):
                # Shielded: whoever cancels the answer must not leave a step half asked for.
                await asyncio.shield(self._step)
                self._step = None
        return not self._is_short(output_tokens)

    async def close(self) -> None:
        """Wait for a step under way, so that it is there, or not, before the settlement."""
        if self._step is not None:
            await asyncio.wait([self._step])

    def _is_short(self, output_tokens: int) -> bool:
        """The limit itself is the provider's to keep; it was told."""
        purse = self._purse
        return purse.output_tokens < min(output_tokens, purse.output_tokens_max)

    async def _hold_more(self) -> None:
        try:
            try:
                await self._hold(self._purse.longer())
            except InsufficientCredits as refusal:
                await self._hold_the_last(refusal.available_microcredits)
            except CapReached as refusal:
                await in_thread(caps.note_refusal, refusal, person_id=self._person_id)
                await self._hold_the_last(refusal.cap.left_microcredits)
        except (InsufficientCredits, CapReached, DebtOutstanding, HoldResolved):
            self._is_spent = True

    async def _hold_the_last(self, available_microcredits: int) -> None:
        """What is left is the last step."""
        self._is_spent = True
        await self._hold(self._purse.longer_for(available_microcredits))

    async def _hold(self, longer: Purse) -> None:
        amount = longer.price(longer.output_tokens) - self._purse.price(self._purse.output_tokens)
        if amount > 0:
            await in_thread(answers.hold_more, call_id=self._call_id, amount_microcredits=amount)
        self._purse = longer
