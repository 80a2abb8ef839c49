"""An answer may end before the page that asked for it is made: then nothing waits for its end."""

import re
from collections.abc import Callable
from uuid import UUID

import pytest
from django.test import RequestFactory

from bluegpt.accounts.models import Person
from bluegpt.core.ids import new_id
from bluegpt.core.threads import in_thread
from bluegpt.studio.flows import chat, live
from bluegpt.studio.types.calls import Asked
from bluegpt.studio.types.conversations import Ask
from bluegpt.web.studio import begun
from tests.studio.conftest import asking, somebody, studio

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "vault"]),
    pytest.mark.usefixtures("plain_static_files"),
]
__all__ = ["asking", "somebody", "studio"]  # the fixtures of a real answer


def _pieces(ask: Ask, asked: Asked) -> str:
    request = RequestFactory().post("/messages", headers={"x-fragment": "1"})
    request.user = Person.objects.get(id=ask.person_id)
    return begun.message(request, ask, asked).content.decode()


async def test_a_stored_answer_that_has_ended_offers_sending_and_not_stopping(
    asking: Callable[..., Ask], somebody: UUID
) -> None:
    ask = asking()
    asked = await chat.ask(ask)
    await live.finished(person_id=somebody, call_id=asked.call_id)

    pieces = await in_thread(_pieces, ask, asked)

    assert 'form="stop"' not in pieces
    assert "data-events-url" not in pieces
    assert 'class="cost' in pieces


async def test_a_temporary_answer_that_has_ended_is_still_followed_for_its_text(
    asking: Callable[..., Ask], somebody: UUID
) -> None:
    ask = asking(temporary=(), request_key=new_id())
    asked = await chat.ask(ask)
    await live.finished(person_id=somebody, call_id=asked.call_id)

    pieces = await in_thread(_pieces, ask, asked)

    assert re.search(rf'data-events-url="/answers/{asked.call_id}/events"', pieces)
    assert 'form="stop"' in pieces
