"""The journal's fingerprint is there for anybody, and can be made again from what it says."""

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from bluegpt.credits.rules.merkle import NO_BLOCK, Header
from bluegpt.credits.services import blocks, ledger
from bluegpt.credits.services.verifications import verify_and_keep
from bluegpt.credits.types import Category
from bluegpt.web.site import journal

pytestmark = pytest.mark.django_db

JOURNAL = "/credits/journal"


def _sealed(count: int) -> None:
    for number in range(count):
        ledger.grant(
            person_id=uuid4(),
            category=Category.PROMO,
            amount_microcredits=number + 1,
            source_kind="test",
            source_id=str(number),
            reason="for a test",
        )
        blocks.seal()


def _json(client: Client, path: str = JOURNAL) -> Any:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.json()


def test_the_head_is_published_to_anybody(client: Client) -> None:
    _sealed(3)

    answer = client.get(JOURNAL)

    told = answer.json()
    assert answer["Content-Type"] == "application/json"
    assert "public" in answer["Cache-Control"]
    assert not answer.cookies
    assert told["head"]["number"] == told["head"]["transfers"] == 3
    assert told["head"]["digest"] == told["blocks"][0]["digest"]
    assert told["next"] is None


def test_every_digest_can_be_made_again_from_what_is_published(client: Client) -> None:
    _sealed(3)

    chain = _json(client)["blocks"][::-1]

    assert [block["number"] for block in chain] == [1, 2, 3]
    previous = NO_BLOCK
    for block in chain:
        digest = block.pop("digest")
        assert Header(**block).digest == digest
        assert block["previous_digest"] == previous
        previous = digest


def test_older_blocks_are_a_page_away(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal, "_PAGE_BLOCKS", 2)
    _sealed(5)

    seen, following = [], JOURNAL
    while following:
        page = _json(client, following)
        seen += [block["number"] for block in page["blocks"]]
        following = page["next"]

    assert seen == [5, 4, 3, 2, 1]


@pytest.mark.parametrize("asked", ["x", "-1", "9" * 40, "٣", ""])
def test_what_is_no_number_asks_for_the_newest(asked: str, client: Client) -> None:
    _sealed(1)

    assert [block["number"] for block in client.get(JOURNAL, {"before": asked}).json()["blocks"]]


def test_the_last_verification_is_published_with_it(client: Client) -> None:
    _sealed(1)
    assert _json(client)["last_verification"] is None

    verify_and_keep()

    told = _json(client)["last_verification"]
    assert (told["is_sound"], told["transfers"]) == (True, 1)


def test_an_empty_journal_has_no_head(client: Client) -> None:
    told = _json(client)

    assert (told["head"], told["blocks"], told["next"]) == (None, [], None)


def test_it_is_read_only(client: Client) -> None:
    assert client.post(JOURNAL).status_code == 405
