"""The credits pages in French, with everything on them that can be on them."""

import re
from datetime import timedelta
from uuid import UUID

import pytest
from django.test import Client

from bluegpt.accounts.models import Person
from bluegpt.accounts.services import api_keys
from bluegpt.core import clock
from bluegpt.core.ids import new_id
from bluegpt.credits.queries import cases as case_queries
from bluegpt.credits.queries import prices
from bluegpt.credits.services import blocks, caps, cases, ledger
from bluegpt.credits.services.cases import Answer
from bluegpt.credits.types import CapPeriod
from tests.credits import books

pytestmark = pytest.mark.django_db(databases=["default", "vault"])

FRENCH = {"accept-language": "fr"}
# Words of English that no French page of ours has; names and codes are the same in both.
_ENGLISH = re.compile(
    r"\b(the|your|with|this|and|is|are|of|from|until|used|credits)\b", re.IGNORECASE
)
_UNSEEN = re.compile(r"<script.*?</script>|<code.*?</code>|<[^>]+>", re.DOTALL)


@pytest.fixture
def spender(person: Person) -> UUID:
    """Somebody to whom all has happened: held, in doubt, ending, limited, asked, corrected."""
    books.publish(microcredits_per_token=1)
    books.grant(person.id, 10_000)
    books.grant(person.id, 10_000, expires_at=clock.now() + timedelta(days=2))
    key, _secret = api_keys.create(person_id=person.id, name="Tâche")
    caps.set_cap(person_id=person.id, period=CapPeriod.DAY, limit_microcredits=2_000)
    caps.set_cap(
        person_id=person.id, key_id=key.id, period=CapPeriod.MONTH, limit_microcredits=9_000
    )
    asked = [_call(person.id, 500) for _number in range(2)]
    for hold_id in asked:
        cases.dispute(person_id=person.id, hold_id=hold_id, words="Trop long.")
    [first, *_open] = cases_of(person.id)
    cases.answer(Answer(case_id=first, author="ada", words="Oui.", give_back_microcredits=5))
    ledger.hold(
        hold_id=new_id(), person_id=person.id, quote=prices.quote(books.tokens(30)), key_id=key.id
    )
    doubted = books.hold(person.id, 100)
    ledger.dispatch(hold_id=doubted.id)
    ledger.doubt(hold_id=doubted.id, reason="negative")
    blocks.seal()
    return person.id


def cases_of(person_id: UUID) -> list[UUID]:
    return [case.id for case in case_queries.cases_of(person_id)]


def _call(person_id: UUID, tokens: int) -> UUID:
    hold = books.hold(person_id, tokens)
    ledger.dispatch(hold_id=hold.id)
    books.settle(hold.id, tokens)
    return hold.id


@pytest.mark.parametrize(
    "path",
    [
        "/credits",
        "/credits/statement",
        "/credits/statement?from=2026-12-01&until=2026-11-30",
        "/credits/statement?from=x",
        "/credits/limits",
        "/credits/questions",
    ],
)
def test_a_page_about_credits_is_all_french(browser_of: Client, spender: UUID, path: str) -> None:
    page = browser_of.get(path, headers=FRENCH).content.decode()

    main = page[page.index("<main") : page.index("</main>")]
    text = _UNSEEN.sub(" ", main.replace("for a test", ""))
    assert _ENGLISH.findall(text) == []


def test_a_line_and_its_form_are_all_french(browser_of: Client, spender: UUID) -> None:
    hold_id = _call(spender, 20)

    page = browser_of.get(f"/credits/requests/{hold_id}", headers=FRENCH, follow=True)

    text = page.content.decode()
    main = text[text.index("<main") : text.index("</main>")]
    assert _ENGLISH.findall(_UNSEEN.sub(" ", main)) == []
    assert "Qu’est-ce qui ne va pas" in main
