"""What privacy costs an answer does not grow with its length."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from uuid import UUID

import pytest

import bluegpt.privacy
from bluegpt.core import threads
from bluegpt.studio.flows import chat, live
from bluegpt.studio.types.calls import CallState
from bluegpt.studio.types.conversations import Ask

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "vault"])
_PRIVACY = str(Path(bluegpt.privacy.__file__).parent)
_SHORT, _LONG = 20, 420


@contextmanager
def _counting(patched: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The functions of `privacy` that are called meanwhile, here and in the database's threads."""
    called: list[str] = []
    work_in_thread = threads._returning_connections

    def look(frame: FrameType, event: str, _argument: object) -> None:
        if event == "call" and frame.f_code.co_filename.startswith(_PRIVACY):
            called.append(frame.f_code.co_name)

    def watched(work: Callable[[], object]) -> object:
        sys.setprofile(look)
        try:
            return work_in_thread(work)
        finally:
            sys.setprofile(None)

    with patched.context() as patching:
        patching.setattr(threads, "_returning_connections", watched)
        sys.setprofile(look)
        try:
            yield called
        finally:
            sys.setprofile(None)


async def test_no_token_that_is_relayed_passes_through_privacy(
    asking: Callable[..., Ask], somebody: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def calls(tokens: int) -> int:
        with _counting(monkeypatch) as called:
            switches = f"pace_ms=0 first_ms=0 tokens={tokens}"
            asked = await chat.ask(asking(switches=switches))
            call = await live.finished(person_id=somebody, call_id=asked.call_id)
        assert call.state is CallState.COMPLETE
        assert call.usage.output_tokens == tokens
        assert "clear" in called, "the gate is passed, and seen to be"
        return len(called)

    await calls(_SHORT)  # what is remembered from now on

    # 400 tokens more: one call for each would show; a look at the choices, now and then, does not
    assert abs(await calls(_LONG) - await calls(_SHORT)) < (_LONG - _SHORT) / 10
