"""Every fault that the ledger has to survive, by number, and the test that injects it.

Some faults belong to an app that this repository does not have: it takes no payments itself, so
there are no signed messages of a payment provider, no series of invoice numbers, no invoices, and
no closing of an account over open ones. What the ledger carries of those faults (grants by
source, clawbacks by key, in every order) is proved; the rest is named in `ABSENT`, with the
reason, until there is an app that it can happen to:

- 15, signatures: nobody sends us signed messages.
- 20, number series: no document of ours is numbered in a series.
- of 13, 16, 21 and 22 the invoices and credit notes; of 24 the ten years that an invoice is kept.
"""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

# The files, by the short names of the table.
FILES = {
    "crashes": "tests/faults/test_crashes.py",
    "races": "tests/faults/test_races.py",
    "streams": "tests/faults/test_streams.py",
    "incidents": "tests/faults/test_incidents.py",
    "payments": "tests/faults/test_payments.py",
    "clocks": "tests/faults/test_clocks.py",
    "databases": "tests/faults/test_databases.py",
    "holds": "tests/credits/test_holds.py",
    "lots": "tests/credits/test_lots.py",
    "doubts": "tests/credits/test_doubts.py",
}
_DIES = "crashes::wherever_the_process_dies_the_books_are_sound_and_the_price_is_the_rules"

PROVED: dict[int, tuple[str, ...]] = {
    1: (_DIES, "crashes::a_recovery_that_dies_is_made_up_for_by_the_next_one"),
    2: (
        _DIES,
        "doubts::a_call_whose_outcome_is_unknown_is_in_doubt_until_it_is_known",
    ),
    3: (_DIES, "crashes::a_recovery_that_dies_is_made_up_for_by_the_next_one"),
    4: (
        "races::the_first_end_of_a_call_is_its_only_one_in_every_order",
        "races::two_ends_of_a_call_at_one_instant_are_one",
        "races::a_step_and_an_end_at_one_instant_leave_nothing_held",
    ),
    5: (
        _DIES,
        "races::a_client_that_lost_the_reply_gets_the_same_hold_and_pays_once",
    ),
    6: (
        "races::of_200_spenders_in_threads_on_a_balance_for_37_calls_37_pass",
        "races::of_200_spenders_in_processes_on_a_balance_for_37_calls_37_pass",
        "incidents::one_api_2440_requests_at_once_never_share_the_same_credits",
    ),
    7: (
        "streams::a_stop_at_any_token_pays_the_question_and_what_had_come",
        "streams::a_program_that_hangs_up_at_any_token_pays_what_had_come",
        "streams::an_answer_whose_reader_goes_is_finished_kept_and_paid_like_any_other",
        "incidents::new_api_5235_a_stream_that_is_cut_by_its_reader_is_not_free",
    ),
    8: (
        "streams::a_fault_before_the_first_word_gives_everything_back",
        "streams::a_fault_in_the_middle_is_paid_up_to_there",
        "streams::a_provider_that_never_answers_costs_nothing",
        "streams::a_provider_that_falls_silent_is_paid_for_what_it_said",
        "incidents::elizaos_9904_an_error_after_http_200_ends_the_reservation",
    ),
    9: (
        "incidents::octopus_243_a_usage_that_cannot_be_true_moves_no_credits",
        "incidents::a_usage_that_is_told_twice_is_charged_once",
    ),
    10: ("holds::a_price_published_during_a_call_does_not_touch_it",),
    11: ("lots::a_lot_that_expires_during_a_call_still_pays_for_it_and_the_return_is_lost",),
    12: (
        "clocks::credits_that_end_between_the_price_and_the_hold_are_not_held",
        "lots::a_lot_counts_from_its_first_instant_to_just_before_its_last",
    ),
    13: (
        "payments::every_order_of_the_news_with_each_told_twice_ends_the_same",
        "payments::every_order_of_a_pack_a_period_and_their_troubles_ends_the_same",
        "payments::a_payment_and_its_return_told_at_once_never_leave_credits_behind",
    ),
    14: ("payments::news_of_a_payment_that_is_not_known_yet_changes_nothing_and_can_come_again",),
    16: (
        "payments::a_refund_of_a_pack_partly_spent_takes_the_unspent_rest_once",
        "payments::partial_refunds_add_up_to_the_pack_and_no_further",
        "payments::a_refund_leaves_what_a_call_holds_and_that_call_can_end",
    ),
    17: (
        "payments::after_a_chargeback_new_holds_wait_until_a_top_up_has_paid_the_debt",
        "payments::a_chargeback_during_a_call_lets_it_end_and_takes_what_it_returns",
    ),
    18: (
        "clocks::a_lot_ends_by_the_databases_clock_whatever_this_machine_thinks",
        "clocks::a_deadline_is_so_long_after_the_databases_now_whatever_this_machine_thinks",
        "clocks::a_process_whose_clock_is_ahead_leaves_living_answers_alone",
        "clocks::an_hour_that_a_clock_skips_or_repeats_is_an_hour",
        "clocks::a_month_begins_where_the_one_before_it_ends",
        "clocks::a_cap_that_is_used_up_opens_at_the_first_instant_of_its_next_period",
    ),
    19: (
        "databases::whichever_statement_fails_nothing_is_written_and_the_repeat_does_it_all",
        "databases::a_full_database_leaves_no_part_of_a_hold_and_has_room_for_it_later",
        "databases::a_lock_that_is_not_given_in_time_refuses_and_the_same_key_works_afterwards",
        "databases::two_that_take_two_wallets_in_opposite_orders_both_end_and_write_once",
        "databases::a_serialization_failure_is_tried_again_and_written_once",
    ),
    21: ("payments::a_restored_backup_to_which_everything_is_told_again_grants_nothing_twice",),
    22: (
        "payments::two_tellings_of_a_period_in_one_second_open_it_once",
        "payments::a_change_of_plan_is_a_period_of_its_own_and_never_the_same_one_again",
    ),
    23: (
        "payments::two_captures_of_one_cart_at_once_make_one_pack",
        "payments::a_cart_that_was_not_paid_brings_nothing",
    ),
}

ABSENT: dict[int, str] = {
    15: "no app receives signed messages: without billing there is no signature to forge",
    20: "no app numbers documents in a series: without billing there are no invoices",
    24: "no app closes accounts yet; the ledger keeps ids alone (credits/personal_data.py)",
}


@pytest.mark.parametrize("number", range(1, 25))
def test_every_fault_has_its_test(number: int) -> None:
    assert (number in PROVED) != (number in ABSENT), "proved, or absent for a reason"
    for named in PROVED.get(number, ()):
        file, name = named.split("::")
        assert f"test_{name}" in _tests_of(ROOT / FILES[file]), named
    if number in ABSENT:
        assert len(ABSENT[number].split()) > 5, "a reason is a sentence"


def test_what_is_absent_has_no_app_that_it_could_happen_to() -> None:
    apps = {folder.name for folder in (ROOT / "bluegpt").iterdir() if folder.is_dir()}
    assert not apps & {"billing", "payments", "invoices"}


@pytest.mark.parametrize("path", FILES.values())
def test_a_fault_is_injected_on_both_databases(path: str) -> None:
    assert "pytest.mark.both_databases" in (ROOT / path).read_text(encoding="utf-8")


def _tests_of(path: Path) -> set[str]:
    """The names of the tests in a file, as they are written there."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {
        node.name
        for node in tree.body
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
        and node.name.startswith("test_")
    }
