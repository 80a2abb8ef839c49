"""Every command but `serve`: what it does, and the one sentence when it cannot."""

import json
import re
from pathlib import Path

import pytest

from bluegpt.core import clock
from bluegpt.ops.amounts import microcredits_typed
from bluegpt.ops.errors import Complaint
from tests.ops.conftest import PASSWORD, Installation, from_the_beginning

ALICE = "alice@example.org"


def test_a_new_account_has_the_welcome_credits_and_is_its_owners_alone(
    installation: Installation,
) -> None:
    made = installation.run("user", "create", ALICE, "--password-stdin", typed=f"{PASSWORD}\n")

    balance = installation.run("credits", "balance", ALICE)
    written = [installation.data_dir, *installation.data_dir.rglob("*")]

    assert (made.code, made.out) == (0, f"{ALICE} can log in now.\n")
    assert balance.out.startswith("100 credits available, 0 held\n")
    assert {"bluegpt.sqlite3", "vault.sqlite3", "secret.key"} <= {path.name for path in written}
    assert [path for path in written if path.stat().st_mode & 0o077] == []


def test_the_data_folder_may_be_named_before_the_command(old_hand: Installation) -> None:
    said = old_hand.run_exactly("--data", str(old_hand.data_dir), "credits", "balance", ALICE)

    assert said.out.startswith("100 credits available")


def test_the_data_folder_may_be_named_by_the_environment(old_hand: Installation) -> None:
    named = Installation(old_hand.data_dir, {"BLUEGPT_DATA_DIR": str(old_hand.data_dir)})

    assert named.run_exactly("credits", "balance", ALICE).out.startswith("100 credits available")


@pytest.mark.parametrize("typed", ["", "\n"])
def test_no_password_on_standard_input_is_said_so(old_hand: Installation, typed: str) -> None:
    made = old_hand.run("user", "create", "b@example.org", "--password-stdin", typed=typed)

    assert made.code == 2
    assert made.err.startswith("Standard input holds no password")


def test_without_a_terminal_nobody_is_asked_for_a_password(old_hand: Installation) -> None:
    made = old_hand.run("user", "create", "b@example.org", typed=f"{PASSWORD}\n")

    assert made.code == 2
    assert "--password-stdin" in made.err


@pytest.mark.parametrize(
    ("email", "password"),
    [(ALICE, PASSWORD), ("b@example.org", "12345"), ("not an address", PASSWORD)],
)
def test_an_account_that_cannot_be_made_is_refused_in_a_sentence(
    old_hand: Installation, email: str, password: str
) -> None:
    made = old_hand.run("user", "create", email, "--password-stdin", typed=f"{password}\n")

    assert made.code == 2
    assert made.out == ""
    assert _is_one_sentence(made.err)
    assert password not in made.err


def test_a_key_stands_alone_on_standard_output(old_hand: Installation) -> None:
    made = old_hand.run("key", "create", ALICE, "--name", "ci", "--cap", "2.5")

    assert made.code == 0
    assert re.fullmatch(r"bgpt_[\w-]{40,}\n", made.out)
    assert "2.5 credits a month" in made.err
    assert made.out.strip() not in made.err


def test_granted_credits_are_there_to_the_microcredit(old_copy: Installation) -> None:
    granted = old_copy.run("credits", "grant", ALICE, "0.000001", "--reason", "a test")
    balance = old_copy.run("credits", "balance", ALICE)

    assert granted.out == f"{ALICE} got 0.000001 credits and has 100.000001.\n"
    assert balance.out.startswith("100.000001 credits available, 0 held\n")
    assert re.search(r"0\.000001 +adjustment +for ever +a test", balance.out)


@pytest.mark.parametrize("amount", ["0", "-5", "ten", "", "0.0000001", "1e40", "nan", "9" * 30])
def test_an_amount_that_cannot_be_is_refused(amount: str) -> None:
    with pytest.raises(Complaint) as refused:
        microcredits_typed(amount)

    assert refused.value.exit_code == 2


def test_a_refused_amount_is_one_sentence_and_no_credits(old_hand: Installation) -> None:
    granted = old_hand.run("credits", "grant", ALICE, "--reason", "a test", "--", "-5")

    assert granted.code == 2
    assert _is_one_sentence(granted.err)
    assert old_hand.run("credits", "balance", ALICE).out.startswith("100 credits")


def test_a_grant_needs_a_reason(old_hand: Installation) -> None:
    missing = from_the_beginning(old_hand).run("credits", "grant", ALICE, "5")
    empty = old_hand.run("credits", "grant", ALICE, "5", "--reason", "  ")

    assert (missing.code, empty.code) == (2, 2)
    assert "--reason" in missing.err
    assert empty.err.startswith("Say why")


@pytest.mark.parametrize(
    "words",
    [
        ("credits", "balance"),
        ("credits", "grant", "--reason", "x", "5"),
        ("key", "create", "--name", "x"),
    ],
)
def test_a_stranger_is_not_known(old_hand: Installation, words: tuple[str, ...]) -> None:
    said = old_hand.run(*words[:2], "nobody@example.org", *words[2:])

    assert said.code == 2
    assert said.err == "There is no account with this e-mail address.\n"


def test_sound_books_are_said_to_add_up(old_hand: Installation) -> None:
    verified = old_hand.run("ledger", "verify")

    lines = verified.out.splitlines()
    assert verified.code == 0
    assert lines[-1] == "The books add up."
    assert len(lines) > 5
    assert all(line.startswith(("ok ", "absent ", "aside ")) for line in lines[:-1])


def test_the_books_of_a_past_instant_are_made_again(old_hand: Installation) -> None:
    then = old_hand.run("ledger", "verify", "--as-of", "2026-01-01T00:00Z")
    now = old_hand.run("ledger", "verify", "--as-of", f"{clock.now():%Y-%m-%dT%H:%M:%S.%fZ}")

    assert (then.code, now.code) == (0, 0)
    assert re.search(r"^ok +1 .* 0 transfers\.$", then.out, re.MULTILINE)
    assert re.search(r"^ok +1 .* [1-9]\d* transfers\.$", now.out, re.MULTILINE)


def test_an_instant_that_is_none_or_has_not_come_is_refused(old_hand: Installation) -> None:
    none = old_hand.run("ledger", "verify", "--as-of", "yesterday")
    future = old_hand.run("ledger", "verify", "--as-of", "2999-01-01")

    assert (none.code, future.code) == (2, 2)
    assert "write it like 2026-11-22T09:30Z" in none.err
    assert future.err == "Nobody knows the books of an instant that has not come yet.\n"


def test_the_catalogue_is_listed_with_states_and_prices(old_hand: Installation) -> None:
    listed = old_hand.run("models", "list")

    assert listed.code == 0
    assert re.search(r"^sandbox/writer .*\d+ +\d+ +ready$", listed.out, re.MULTILINE)
    assert re.search(r"^openai/.* needs OPENAI_API_KEY$", listed.out, re.MULTILINE)


def test_a_refreshed_catalogue_replaces_the_old_one(old_copy: Installation, tmp_path: Path) -> None:
    model = {
        "key": "openai/next",
        "provider": "openai",
        "wire": "openai_responses",
        "wire_name": "next",
        "name": "Next",
        "context_tokens": 1000,
        "output_tokens_max": 100,
        "rates": {"input": {"0": 1_000_000_000}, "output": {"0": 2_000_000_000}},
    }
    file = tmp_path / "models.json"
    file.write_text(
        json.dumps({"format": "bluegpt-models-1", "as_of": "2030-01-01", "models": [model]})
    )

    refreshed = old_copy.run("models", "refresh", str(file))
    listed = old_copy.run("models", "list")

    assert refreshed.code == 0, refreshed.err
    assert "price version 2 is in force" in refreshed.out
    # 100 credits for a US dollar, and 20 % on top.
    assert re.search(r"^openai/next +Next +1,000 +120 +240 ", listed.out, re.MULTILINE)
    assert "anthropic/" not in listed.out
    assert "sandbox/writer" in listed.out


def test_a_file_that_is_no_catalogue_changes_nothing(
    old_hand: Installation, tmp_path: Path
) -> None:
    file = tmp_path / "models.json"
    before = old_hand.run("models", "list").out

    missing = old_hand.run("models", "refresh", str(file))
    refused = [missing]
    for content in (b"", b"no json", b"[]", b'{"models": 5}', b"\xff\xfe{"):
        file.write_bytes(content)
        refused.append(old_hand.run("models", "refresh", str(file)))

    assert [said.code for said in refused] == [2] * 6
    assert all(_is_one_sentence(said.err) for said in refused)
    assert old_hand.run("models", "list").out == before


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        ((), "COMMAND"),
        (("nothing",), "nothing"),
        (("user",), "COMMAND"),
        (("user", "create"), "EMAIL"),
        (("serve", "--port", "70000"), "70000"),
        (("serve", "--workers", "0"), "above zero"),
        (("serve", "--work", "2"), "--work"),
    ],
)
def test_what_was_typed_wrongly_is_named_in_a_sentence(
    installation: Installation, words: tuple[str, ...], hint: str
) -> None:
    said = installation.run(*words)

    assert said.code == 2
    assert hint in said.err
    assert _is_one_sentence(said.err)
    assert not installation.data_dir.exists()


@pytest.mark.parametrize(
    ("settings", "hint"),
    [
        ({"BLUEGPT_ENV": "staging"}, "BLUEGPT_ENV"),
        ({"BLUEGPT_CREDITS_WELCOME": "many"}, "BLUEGPT_CREDITS_WELCOME"),
        ({"BLUEGPT_DATABASE_URL": "mysql://x/y"}, "postgresql://"),
        ({"BLUEGPT_SMTP_URL": "http://x"}, "BLUEGPT_SMTP_URL"),
    ],
)
def test_a_setting_that_cannot_be_is_named_in_a_sentence(
    tmp_path: Path, settings: dict[str, str], hint: str
) -> None:
    said = Installation(tmp_path / "data", settings).run("credits", "balance", ALICE)

    assert said.code == 2
    assert hint in said.err
    assert _is_one_sentence(said.err)


def test_a_data_folder_that_cannot_be_is_named_in_a_sentence(tmp_path: Path) -> None:
    occupied = tmp_path / "file"
    occupied.write_text("")

    said = Installation(occupied).run("credits", "balance", ALICE)

    assert said.code == 2
    assert said.err.startswith("The data folder cannot be used")
    assert _is_one_sentence(said.err)


def test_help_needs_no_data_folder(installation: Installation) -> None:
    said = from_the_beginning(installation).run("credits", "grant", "--help")

    assert said.code == 0
    assert "--reason TEXT" in said.out
    assert not installation.data_dir.exists()


def _is_one_sentence(said: str) -> bool:
    return said.count("\n") == 1 and "Traceback" not in said
