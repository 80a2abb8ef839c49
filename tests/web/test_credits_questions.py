"""Asking about a line, and the answer to it."""

import re
from uuid import UUID

import pytest
from django.test import Client

from bluegpt.accounts.models import Person
from bluegpt.core.ids import new_id
from bluegpt.credits.queries import cases as case_queries
from bluegpt.credits.services import cases, ledger
from bluegpt.credits.services.cases import Answer
from bluegpt.credits.types import CaseState
from tests.credits import books

pytestmark = pytest.mark.django_db(databases=["default", "vault"])

WORDS = "It stopped in the middle <of> a sentence."


@pytest.fixture
def spender(person: Person) -> UUID:
    """A person with 1,000,000 microcredits and one call of 250."""
    books.publish(microcredits_per_token=1)
    books.grant(person.id, 1_000_000)
    hold = books.hold(person.id, 250)
    ledger.dispatch(hold_id=hold.id)
    books.settle(hold.id, 250)
    return person.id


@pytest.fixture
def line_url(browser_of: Client, spender: UUID) -> str:
    """Where the statement's link beside the call leads."""
    page = browser_of.get("/credits/statement").content.decode()
    row = page[page.index("<strong>Answer") :]
    found = re.search(r'href="(/credits/lines/[^"]+)">Something wrong\?', row)
    assert found is not None
    return found[1]


def test_a_question_opens_a_case_that_is_shown_where_it_was_asked(
    browser_of: Client, spender: UUID, line_url: str
) -> None:
    answer = browser_of.post(line_url, {"words": WORDS})

    [case] = case_queries.cases_of(spender)
    assert answer.status_code == 303
    assert answer["Location"] == f"/credits/questions#case-{case.id}"
    assert (case.words, case.state) == (WORDS, CaseState.OPEN)
    questions = browser_of.get("/credits/questions").content.decode()
    assert "It stopped in the middle &lt;of&gt; a sentence." in questions
    assert "Nobody has answered yet." in questions
    assert f'href="{line_url}"' in questions
    assert "Question open" in browser_of.get("/credits/statement").content.decode()
    assert "1 open" in browser_of.get("/credits").content.decode()
    assert "<textarea" not in browser_of.get(line_url).content.decode()


@pytest.mark.both_databases
def test_the_answer_is_shown_at_the_line_and_in_the_list(
    browser_of: Client, spender: UUID, line_url: str
) -> None:
    browser_of.post(line_url, {"words": WORDS})
    [case] = case_queries.cases_of(spender)

    cases.answer(
        Answer(case_id=case.id, author="ada", words="You are right.", give_back_microcredits=100)
    )

    questions = browser_of.get("/credits/questions").content.decode()
    assert "You are right." in questions
    assert "0.0001 credits came back to you." in questions
    statement = browser_of.get("/credits/statement").content.decode()
    assert "You are right." in statement
    assert "Given back by ada" in statement
    assert "1 open" not in browser_of.get("/credits").content.decode()


def test_a_second_question_leads_to_the_first(
    browser_of: Client, spender: UUID, line_url: str
) -> None:
    browser_of.post(line_url, {"words": WORDS})

    again = browser_of.post(line_url, {"words": "And it was slow."}, follow=True)

    [case] = case_queries.cases_of(spender)
    assert case.words == WORDS
    assert "You have already asked about this line." in again.content.decode()


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("", "Write what is wrong, in a sentence or two."),
        ("  \n ", "Write what is wrong, in a sentence or two."),
        ("x" * 2_001, "That is too long. Say it in 2,000 characters or fewer."),
    ],
)
def test_a_question_without_words_or_with_too_many_keeps_them(
    browser_of: Client, spender: UUID, line_url: str, words: str, sentence: str
) -> None:
    answer = browser_of.post(line_url, {"words": words})

    page = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in page
    assert words.strip() in page
    assert case_queries.cases_of(spender) == ()


def test_nobody_asks_about_somebody_elses_line(browser_of: Client, spender: UUID) -> None:
    stranger = new_id()
    books.grant(stranger, 1_000)
    hold = books.hold(stranger, 10)
    ledger.dispatch(hold_id=hold.id)
    books.settle(hold.id, 10)

    answer = browser_of.post(f"/credits/lines/{hold.id}", {"words": WORDS})

    assert answer.status_code == 404
    assert case_queries.cases_of(spender) == case_queries.cases_of(stranger) == ()


def test_without_questions_the_list_says_how_to_ask(browser_of: Client) -> None:
    assert "Each line of the statement has a link" in (
        browser_of.get("/credits/questions").content.decode()
    )
