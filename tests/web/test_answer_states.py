"""How an answer ended, in words: stopped where the credits end, or with its cost in doubt."""

from dataclasses import replace

import pytest
from django.template.loader import render_to_string

from bluegpt.core.ids import new_id
from bluegpt.providers.types.chat import FinishReason
from bluegpt.providers.types.usage import Usage
from bluegpt.studio.types.calls import CallState, CallView

CONVERSATION = {"id": new_id()}


@pytest.fixture
def call() -> CallView:
    """An answer that ended as it should, for 0.25 credits."""
    return CallView(
        id=new_id(),
        state=CallState.COMPLETE,
        model_key="sandbox/writer",
        model_name="Writer",
        finish=FinishReason.COMPLETE,
        usage=Usage(),
        ceiling_microcredits=1_000_000,
        charged_microcredits=250_000,
        cost_is_in_doubt=False,
        error_code="",
        error_sentence="",
    )


def test_an_answer_that_was_stopped_at_its_ceiling_says_so_and_goes_on(call: CallView) -> None:
    stopped = replace(
        call,
        finish=FinishReason.LENGTH,
        error_code="ceiling_reached",
        error_sentence="Your credits, or a limit that you set, reached no further.",
    )

    shown = render_to_string(
        "studio/_answer_state.html", {"call": stopped, "conversation": CONVERSATION}
    )

    assert "reached no further" in shown
    assert 'name="text" value="Go on."' in shown
    assert f'name="conversation" value="{CONVERSATION["id"]}"' in shown
    assert "Stopped at its length limit." not in shown


def test_one_that_nobody_stores_says_so_without_going_on(call: CallView) -> None:
    stopped = replace(call, error_code="ceiling_reached", error_sentence="No further.")

    shown = render_to_string("studio/_answer_state.html", {"call": stopped, "is_temporary": True})

    assert "No further." in shown
    assert "<form" not in shown


@pytest.mark.parametrize("state", [CallState.COMPLETE, CallState.STOPPED])
def test_a_cost_in_doubt_is_not_called_nothing(call: CallView, state: CallState) -> None:
    doubted = replace(call, state=state, charged_microcredits=0, cost_is_in_doubt=True)

    shown = render_to_string("studio/_cost.html", {"call": doubted})

    assert "The cost is being checked; nothing is charged until then." in shown
    assert "Nothing was charged" not in shown
    assert "0 credits" not in shown


def test_a_cost_leads_to_its_line(call: CallView) -> None:
    shown = render_to_string("studio/_cost.html", {"call": call})

    assert f'href="/credits/requests/{call.id}"' in shown
    assert "0.25 credits" in shown


def test_a_free_answer_has_no_line_to_lead_to(call: CallView) -> None:
    shown = render_to_string("studio/_cost.html", {"call": replace(call, charged_microcredits=0)})

    assert "0 credits" in shown
    assert "/credits/requests/" not in shown
