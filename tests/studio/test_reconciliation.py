"""What we charged for a day, beside what the provider says of it: over real HTTP, with the sandbox
in the place of OpenAI and of Anthropic."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
import pytest_asyncio
from asgiref.sync import sync_to_async
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from bluegpt.core import clock
from bluegpt.core.settings import ProviderAccess
from bluegpt.core.threads import in_thread
from bluegpt.credits.models import Case
from bluegpt.credits.queries.balances import balance
from bluegpt.credits.queries.charges import charges
from bluegpt.credits.queries.verification import verify
from bluegpt.credits.services import corrections
from bluegpt.credits.types import CaseKind
from bluegpt.providers.adapters.sandbox import address
from bluegpt.providers.errors import ProviderDown
from bluegpt.providers.services import catalogue
from bluegpt.providers.types.reports import ReportedUsage, ReportFormat
from bluegpt.providers.types.usage import Usage, UsageSource
from bluegpt.studio import jobs
from bluegpt.studio.errors import DayNotOver
from bluegpt.studio.flows import chat, live, reconciliation
from bluegpt.studio.models import Call
from bluegpt.studio.queries import days
from bluegpt.studio.services import pricing
from bluegpt.studio.services.reconciliation import Report, reconcile
from bluegpt.studio.types.calls import CallState, CallView
from bluegpt.studio.types.conversations import Ask
from bluegpt.studio.types.reconciling import ModelDay

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "vault"]),
    pytest.mark.both_databases,
]

OPENAI, ANTHROPIC = ReportFormat.OPENAI, ReportFormat.ANTHROPIC
_RATES = {"input": {"0": 800_000_000}, "output": {"0": 4_000_000_000}}
_MODELS = (
    ("openai", "writer", "openai_chat", ""),
    ("openai", "thinker", "openai_responses", "plain"),
    ("openai", "scholar", "openai_chat", ""),
    ("anthropic", "scholar", "anthropic_messages", "adaptive"),
)
Asking = Callable[..., Ask]
Answered = Callable[..., Awaitable[CallView]]


def facts_of(provider: str, name: str, wire: str, thinking: str) -> dict[str, object]:
    return {
        "key": f"{provider}/{name}",
        "provider": provider,
        "wire": wire,
        "wire_name": name,
        "name": name.capitalize(),
        "context_tokens": 128_000,
        "output_tokens_max": 16_384,
        "reads": [],
        "thinking": thinking,
        "retires_on": "",
        "rates": _RATES,
    }


@pytest_asyncio.fixture
async def vendors(studio: None, settings: Settings) -> None:
    """The sandbox answers, and reports, for OpenAI and for Anthropic."""
    origin = address.base_url()
    providers = replace(
        settings.BLUEGPT.providers,
        openai=ProviderAccess(api_key="key", base_url=f"{origin}/v1"),
        anthropic=ProviderAccess(api_key="key", base_url=f"{origin}"),
        openai_admin_key="admin",
        anthropic_admin_key="admin",
    )
    settings.BLUEGPT = replace(settings.BLUEGPT, providers=providers)
    models = [facts_of(*model) for model in _MODELS]
    body = {"format": "bluegpt-models-1", "as_of": "2026-11-22", "models": models}
    await in_thread(catalogue.refresh, body)
    await in_thread(pricing.publish)


@pytest.fixture
def tomorrow(monkeypatch: pytest.MonkeyPatch) -> date:
    """Today, once it is over for whoever compares it."""
    today = clock.now().date()
    later = datetime(today.year, today.month, today.day, 6, tzinfo=UTC) + timedelta(days=1)
    monkeypatch.setattr(reconciliation, "clock", SimpleNamespace(now=lambda: later))
    return today


@pytest.fixture
def answered(asking: Asking, vendors: None, somebody: UUID) -> Answered:
    """A question to one of the vendors, and its answer once it has ended."""

    async def ask(model_key: str = "openai/writer", *, switches: str = "tokens=100") -> CallView:
        told = f"pace_ms=0 first_ms=0 {switches}"
        asked = await chat.ask(asking(model_key=model_key, switches=told))
        return await live.finished(person_id=somebody, call_id=asked.call_id)

    return ask


async def compared(form: ReportFormat, day: date, model: str) -> ModelDay:
    found = await reconciliation.with_report(form, day=day)
    [one] = [line for line in found if line.model == model]
    return one


async def available(person_id: UUID) -> int:
    return (await in_thread(balance, person_id)).available_microcredits


async def cases() -> list[Case]:
    return [case async for case in Case.objects.filter(kind=CaseKind.RECONCILIATION)]


async def broken() -> list[str]:
    findings = await sync_to_async(lambda: list(verify()))()
    return [finding.title for finding in findings if finding.is_broken]


async def test_three_wires_agree_with_their_reports_to_the_token(
    answered: Answered, tomorrow: date
) -> None:
    for model_key in ("openai/writer", "openai/thinker", "openai/scholar", "anthropic/scholar"):
        call = await answered(model_key)
        assert call.usage.source is UsageSource.FINAL

    openai = await reconciliation.with_report(OPENAI, day=tomorrow)
    anthropic = await reconciliation.with_report(ANTHROPIC, day=tomorrow)

    assert [(line.model, line.calls, line.gaps) for line in openai] == [
        ("scholar", 1, ()),
        ("thinker", 1, ()),
        ("writer", 1, ()),
    ]
    assert [(line.model, line.calls, line.gaps) for line in anthropic] == [("scholar", 1, ())]
    assert await cases() == []


async def test_a_dated_name_in_the_report_is_the_same_model(
    answered: Answered, tomorrow: date
) -> None:
    await answered(switches="tokens=100 report=dated")
    await answered(switches="tokens=100")

    line = await compared(OPENAI, tomorrow, "writer")

    assert (line.calls, line.gaps) == (2, ())


async def test_an_over_charge_comes_back_without_a_claim_and_only_once(
    answered: Answered, somebody: UUID, tomorrow: date
) -> None:
    call = await answered(switches="tokens=400 report=less")
    before = await available(somebody)

    first = await compared(OPENAI, tomorrow, "writer")
    after_one = await available(somebody)
    second = await compared(OPENAI, tomorrow, "writer")

    half = call.charged_microcredits // 2
    assert half * 99 // 100 <= first.given_back_microcredits <= half
    assert after_one == before + first.given_back_microcredits
    assert second.given_back_microcredits == first.given_back_microcredits
    assert await available(somebody) == after_one
    assert not first.is_explained
    [case] = await cases()
    assert case.subject == f"openai writer {tomorrow}"
    assert case.facts["output_ours"] == 2 * case.facts["output_theirs"]
    assert case.facts["given_back_microcredits"] == first.given_back_microcredits
    assert await broken() == []


async def test_an_under_charge_opens_a_case_and_touches_nobody(
    answered: Answered, somebody: UUID, tomorrow: date
) -> None:
    await answered("anthropic/scholar", switches="tokens=400 report=more")
    before = await available(somebody)

    line = await compared(ANTHROPIC, tomorrow, "scholar")

    assert {gap.kind for gap in line.gaps} == {"input", "output"}
    assert line.given_back_microcredits == 0
    assert await available(somebody) == before
    assert [case.id for case in await cases()] == [line.case_id]


async def test_estimated_calls_get_it_back_first(answered: Answered, tomorrow: date) -> None:
    exact = await answered(switches="tokens=400")
    cut = await answered(switches="tokens=600 cut_after=500 report=less")
    assert (exact.usage.source, cut.usage.source) == (UsageSource.FINAL, UsageSource.ESTIMATED)

    line = await compared(OPENAI, tomorrow, "writer")

    known = await in_thread(charges, [exact.id, cut.id])
    assert line.given_back_microcredits > 0
    assert known[exact.id].corrected_microcredits == 0
    assert known[cut.id].corrected_microcredits == line.given_back_microcredits
    assert line.given_back_microcredits <= cut.charged_microcredits


async def test_a_call_in_doubt_explains_what_the_provider_billed_for_it(
    answered: Answered, tomorrow: date
) -> None:
    doubtful = await answered(switches="tokens=300 usage=negative")
    assert doubtful.cost_is_in_doubt

    line = await compared(OPENAI, tomorrow, "writer")

    assert line.gaps
    assert line.is_explained
    assert (line.given_back_microcredits, line.case_id) == (0, None)


async def test_a_model_that_the_report_does_not_know_is_asked_about_before_anything_returns(
    answered: Answered, somebody: UUID, tomorrow: date
) -> None:
    await answered(switches="tokens=300 report=missing")
    before = await available(somebody)

    line = await compared(OPENAI, tomorrow, "writer")

    assert line.case_id is not None
    assert line.given_back_microcredits == 0
    assert await available(somebody) == before


async def test_a_call_that_crossed_midnight_is_taken_from_nobody_and_returned_to_nobody(
    answered: Answered, tomorrow: date
) -> None:
    call = await answered(switches="tokens=300 report=missing")
    await answered(switches="tokens=50")
    midnight = datetime(tomorrow.year, tomorrow.month, tomorrow.day, tzinfo=UTC) + timedelta(days=1)
    await Call.objects.filter(id=call.id).aupdate(
        dispatched_at=midnight - timedelta(seconds=3), ended_at=midnight + timedelta(seconds=3)
    )

    line = await compared(OPENAI, tomorrow, "writer")

    assert line.gaps
    assert (line.is_explained, line.given_back_microcredits, line.case_id) == (True, 0, None)


async def test_usage_that_nobody_here_asked_for_opens_a_case(
    vendors: None, somebody: UUID, tomorrow: date
) -> None:
    report = Report()
    report.add(
        ReportedUsage(
            wire_name="gpt-5.5-2026-04-23",
            day=tomorrow,
            usage=Usage(input_tokens=1_000, output_tokens=50, source=UsageSource.FINAL),
        )
    )

    [line] = await in_thread(reconcile, recipient="openai", day=tomorrow, report=report)

    assert (line.model, line.calls, line.given_back_microcredits) == ("gpt-5.5", 0, 0)
    [case] = await cases()
    assert (case.facts["input_ours"], case.facts["input_theirs"]) == (0, 1_000)


async def test_a_run_that_was_cut_short_is_finished_by_the_next_one(
    answered: Answered,
    somebody: UUID,
    tomorrow: date,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    calls = [await answered(switches="tokens=300 report=less") for _ in range(3)]
    before = await available(somebody)
    give_back = corrections.give_back
    made: list[UUID] = []

    def dies_after_one(**correction: Any) -> UUID:
        if made:
            raise KeyboardInterrupt
        made.append(give_back(**correction))
        return made[-1]

    with monkeypatch.context() as patch:
        patch.setattr(corrections, "give_back", dies_after_one)
        with pytest.raises(KeyboardInterrupt):
            await compared(OPENAI, tomorrow, "writer")

    line = await compared(OPENAI, tomorrow, "writer")

    known = await in_thread(charges, [call.id for call in calls])
    corrected = [known[call.id].corrected_microcredits for call in calls]
    assert all(corrected)
    assert sum(corrected) == line.given_back_microcredits
    assert await available(somebody) == before + sum(corrected)
    assert await broken() == []


async def test_a_day_that_is_not_over_is_not_compared(vendors: None, somebody: UUID) -> None:
    with pytest.raises(DayNotOver):
        await reconciliation.with_report(OPENAI, day=clock.now().date())


async def test_a_stopped_answer_is_within_what_is_explained(
    answered: Answered, tomorrow: date
) -> None:
    call = await answered(switches="tokens=400 error_after=200")
    assert call.state is CallState.FAILED

    line = await compared(OPENAI, tomorrow, "writer")

    assert line.is_explained
    assert await cases() == []


async def test_a_day_is_gone_through_in_pages_and_the_questions_do_not_grow_with_its_calls(
    answered: Answered, somebody: UUID, tomorrow: date, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = [await answered(switches="tokens=60 report=less") for _ in range(5)]
    monkeypatch.setattr(days, "PAGE_CALLS", 2)

    line = await compared(OPENAI, tomorrow, "writer")

    known = await in_thread(charges, [call.id for call in calls])
    assert line.calls == 5
    assert all(known[call.id].corrected_microcredits for call in calls)
    monkeypatch.setattr(days, "PAGE_CALLS", 400)
    assert await in_thread(_questions, tomorrow) <= 8


def _questions(day: date) -> int:
    """How many SELECTs it takes to look at a day again."""
    with CaptureQueriesContext(connection) as asked:
        reconcile(recipient="openai", day=day, report=Report())
    return len([one for one in asked.captured_queries if one["sql"].startswith("SELECT")])


async def test_the_nightly_job_compares_the_last_days_and_goes_on_after_a_refusal(
    answered: Answered, monkeypatch: pytest.MonkeyPatch
) -> None:
    call = await answered(switches="tokens=300 report=less")
    yesterday = clock.now() - timedelta(days=1)
    asked: list[tuple[ReportFormat, date]] = []
    with_report = reconciliation.with_report

    async def noted(form: ReportFormat, *, day: date) -> tuple[ModelDay, ...]:
        asked.append((form, day))
        if form is OPENAI and day == (yesterday - timedelta(days=1)).date():
            raise ProviderDown
        return await with_report(form, day=day)

    monkeypatch.setattr(reconciliation, "with_report", noted)

    await in_thread(jobs.reconcile)

    expected = [(yesterday - timedelta(days=ago)).date() for ago in (2, 1, 0)]
    assert asked == [(form, day) for form in (OPENAI, ANTHROPIC) for day in expected]
    known = await in_thread(charges, [call.id])
    assert known[call.id].corrected_microcredits == 0  # its day is not over


async def test_without_an_administrators_key_the_job_asks_nobody(
    vendors: None, somebody: UUID, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    providers = replace(settings.BLUEGPT.providers, openai_admin_key="", anthropic_admin_key="")
    settings.BLUEGPT = replace(settings.BLUEGPT, providers=providers)
    asked: list[ReportFormat] = []

    async def noted(form: ReportFormat, *, day: date) -> tuple[ModelDay, ...]:
        asked.append(form)
        return ()

    monkeypatch.setattr(reconciliation, "with_report", noted)

    await in_thread(jobs.reconcile)

    assert asked == []
