"""What people write is nowhere in clear: not in the databases, files, mails, logs or temp files."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import canary
from tests.end_to_end import files, people
from tests.end_to_end.installation import Installation
from tests.end_to_end.talking_http import Caller, caller, turns
from tests.furnished import furnish

QUESTION = "the heron of brackwater keeps seven keys of amber"
ANSWER = "an answering kingfisher hides below the copper bridge"
TITLE = "a wandering title about forgotten harbour lanterns"
SYSTEM = "always reply as the keeper of the silent northern mill"
DOCUMENT = "clause nine of the treaty of the drowned bell tower"
FILE_NAME = "minutes of the moonless orchard assembly twelve"
PICTURE = "taken behind the unlit greenhouse of doctor verity"
WORDS = "searching for the marble staircase under the lake"
SECRET = "only between us: the lighthouse answers at midnight"
EDITED = "a second thought on the migration of the paper cranes"
CANARIES = (QUESTION, ANSWER, TITLE, SYSTEM, DOCUMENT, FILE_NAME, PICTURE, WORDS, SECRET, EDITED)


@pytest.fixture
def own_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """A server of its own: its data, its log and its temporary folder hold nothing of others."""
    folder = tmp_path_factory.mktemp("canary")
    temporary = folder / "tmp"
    temporary.mkdir()
    site = Installation(furnish(folder / "data"), folder / "server.log", {"TMPDIR": str(temporary)})
    site.start()
    yield site
    site.stop()


async def test_what_people_write_is_nowhere_in_clear(own_site: Installation) -> None:
    [member] = people.read(own_site.run("tests.end_to_end.people", "1"))
    folder = own_site.log_path.parent

    async with caller(own_site, member) as person:
        conversation = await _write_everything(person)
        assert dict(turns(await person.page(conversation)))["assistant"] == ANSWER
        _is_clean(folder)
        begun = await person.ask(
            f"{QUESTION}\nsandbox: pace_ms=30 tokens=1000",
            conversation=conversation.rpartition("/")[2],
        )
        await person.text_so_far(begun.call_id, chars=100)
        await asyncio.sleep(2.5)  # a checkpoint is made every two seconds
        _is_clean(folder)
        await person.post(f"/answers/{begun.call_id}/stop", {})
    await asyncio.to_thread(own_site.stop)

    _is_clean(folder)
    assert canary.hits(member.email, below=folder), "the search itself finds nothing"


async def _write_everything(person: Caller) -> str:
    """Plant a sentence wherever people can write one; the conversation's address."""
    echo = f'sandbox: pace_ms=0 text="{ANSWER}"'
    begun = await person.ask(
        f"{QUESTION}\n{echo}",
        (f"{FILE_NAME}.pdf", "application/pdf", files.pdf(DOCUMENT)),
        (f"{FILE_NAME}.png", "image/png", files.picture(text=PICTURE)),
        system=SYSTEM,
    )
    assert await person.finished(begun.call_id) == ANSWER
    address = f"/conversations/{begun.conversation_id}"
    await person.post(f"{address}/title", {"title": TITLE})
    await person.post(f"{address}/instructions", {"system": SYSTEM})
    await person.page(f"/search?words={WORDS.replace(' ', '+')}")
    assert ANSWER.split()[1] in await person.page("/search?words=kingfisher")
    temporary = await person.ask(f"{SECRET}\n{echo}", temporary="yes", history="[]")
    assert await person.finished(temporary.call_id) == ANSWER
    refused = await person.ask(f"{QUESTION}\nsandbox: error=500")
    await person.finished(refused.call_id)
    edited = await person.ask(f"{EDITED}\n{echo}", conversation=address.rpartition("/")[2])
    await person.finished(edited.call_id)
    return address


def _is_clean(folder: Path) -> None:
    assert canary.hits(*CANARIES, below=folder) == []
