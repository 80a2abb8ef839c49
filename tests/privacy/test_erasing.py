"""Erasure: everything ends in order, whatever is cut off, and the receipt proves it."""

import json
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.core import mail

from bluegpt.accounts.models import ApiKey, Person
from bluegpt.core import clock
from bluegpt.core.jobs import Again
from bluegpt.core.personal_data import DataClass, Erasure, declared
from bluegpt.core.worker import Worker
from bluegpt.credits.models import Case, Grant
from bluegpt.credits.queries.verification import verify
from bluegpt.ops.cli import main
from bluegpt.privacy.errors.receipts import (
    ErasureUnconfirmed,
    ErasureUnderWay,
    ReceiptBroken,
    UnknownReceipt,
)
from bluegpt.privacy.models import Disclosure, ErasureRun, LegalHold, Receipt
from bluegpt.privacy.queries import receipts
from bluegpt.privacy.queries.erasure import ending_tables, preview
from bluegpt.privacy.queries.receipt_check import check
from bluegpt.privacy.services import erasing
from bluegpt.privacy.types.receipts import ErasureScope
from bluegpt.studio.models import Attachment, Call, Conversation, Message
from bluegpt.studio.types.calls import CallState
from bluegpt.vault.models import ClassKey
from bluegpt.vault.services import files
from tests.privacy.belongings import Belongings, call_of, settle_down

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "vault"]),
    pytest.mark.both_databases,
]
CONTENT, ACCOUNT = ErasureScope.CONTENT, ErasureScope.ACCOUNT


@pytest.fixture
def ada() -> Belongings:
    return settle_down()


def ordered(ada: Belongings, scope: ErasureScope) -> None:
    erasing.order(person_id=ada.person.id, scope=scope, typed=ada.person.email, language="fr")


def erased(ada: Belongings, scope: ErasureScope) -> dict[str, Any]:
    """Order, work, and the receipt behind the link of the last mail."""
    ordered(ada, scope)
    Worker().run_pending()
    return receipt_of_last_mail()


def receipt_of_last_mail() -> dict[str, Any]:
    found = re.search(r"/privacy/receipts/([\w-]+)", str(mail.outbox[-1].body))
    assert found is not None
    return dict(receipts.receipt(erasing.link_sha256(found.group(1))))


def is_stored(file_key: str) -> bool:
    return bool(async_to_sync(files.exists)(file_key))


def test_an_erased_account_leaves_no_row_no_key_and_no_file(ada: Belongings) -> None:
    other = settle_down("grace@example.org")

    erased(ada, ACCOUNT)

    mine = {"person_id": ada.person.id}
    assert not Person.objects.filter(id=ada.person.id).exists()
    assert not ApiKey.objects.filter(**mine).exists()
    for model in (Conversation, Message, Attachment):
        assert not model._default_manager.filter(**mine).exists()
        assert model._default_manager.filter(person_id=other.person.id).exists()
    assert not ClassKey.objects.filter(**mine).exists()
    assert ClassKey.objects.filter(person_id=other.person.id).exists()
    assert not is_stored(ada.file_key)
    assert is_stored(other.file_key)
    assert not ErasureRun.objects.exists()


def test_a_content_erasure_ends_every_table_of_content(ada: Belongings) -> None:
    """Whatever stays keeps the rows that it hangs on: no table may keep content here that way."""
    of_content = {
        table.model
        for table in declared()
        if DataClass.CONTENT in table.claims and table.erasure is Erasure.DELETE
    }

    assert of_content <= {table.model for table in ending_tables(CONTENT, ada.person.id)}


def test_the_books_stay_balanced_and_name_nobody(ada: Belongings) -> None:
    erased(ada, ACCOUNT)

    assert Grant.objects.filter(wallet__owner_id=ada.person.id).exists()
    assert Disclosure.objects.filter(person_id=ada.person.id).count() == 2
    (case,) = Case.objects.filter(person_id=ada.person.id)
    assert bytes(case.words_sealed) == b""
    assert [found.title for found in verify() if found.is_broken] == []


def test_the_receipt_says_what_went_what_stays_and_who_has_copies(ada: Belongings) -> None:
    found = erased(ada, ACCOUNT)

    counts = {each["name"]: each["count"] for each in found["erased"]}
    assert counts["Messages"] == 3
    assert counts["Pièces jointes"] == 1
    assert found["files"] == 1
    assert found["keys"] == 1
    assert found["made_at"] < found["horizon"]["sealed_until"] <= found["horizon"]["clear_until"]
    assert [probe["left"] for probe in found["probes"]] == [0, 0, 0]
    assert all(probe["places"] for probe in found["probes"])
    (openai,) = found["recipients"]
    assert openai["country"] == "US"
    assert "30 jours" in openai["keeps"]
    kept = {each["name"]: each for each in found["stays"]}
    assert "2224" in kept["Réponses payées"]["law"]
    assert kept["Réponses payées"]["until"].startswith("5 ans")
    assert "files_probed" not in found


def test_the_receipt_names_nobody(ada: Belongings) -> None:
    found = erased(ada, ACCOUNT)

    text = json.dumps(found)
    assert ada.person.email not in text
    assert str(ada.person.id) not in text


def test_the_receipt_goes_to_the_address_before_the_address_goes(ada: Belongings) -> None:
    erased(ada, ACCOUNT)

    assert mail.outbox[-1].to == ["ada@example.org"]
    assert not ErasureRun.objects.filter(address="ada@example.org").exists()


def test_a_receipt_is_checked_with_nothing_but_the_file(
    ada: Belongings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = erased(ada, ACCOUNT)
    key = erasing.published_key()
    good, bad = tmp_path / "good.json", tmp_path / "bad.json"
    good.write_text(json.dumps(found))
    bad.write_text(json.dumps(found | {"keys": found["keys"] + 1}))

    assert check(found, expected_key=key["public_key"]) == key["fingerprint"]
    assert main(["privacy", "receipt", "check", str(good), "--key", key["public_key"]]) == 0
    assert main(["privacy", "receipt", "check", str(bad)]) == 1
    assert "BROKEN" in capsys.readouterr().out


@pytest.mark.parametrize("change", ["signature", "public_key", "format", "made_at"])
def test_a_receipt_that_was_altered_does_not_hold(ada: Belongings, change: str) -> None:
    found = erased(ada, CONTENT)

    with pytest.raises(ReceiptBroken):
        check(found | {change: "AAAA"}, expected_key=None)
    with pytest.raises(ReceiptBroken):
        check(found, expected_key="another")


def test_erased_content_leaves_the_account_usable(ada: Belongings) -> None:
    before = preview(CONTENT, ada.person.id)

    found = erased(ada, CONTENT)

    assert {each.name for each in before.goes} >= {"Messages", "Attachments"}
    assert Person.objects.filter(id=ada.person.id, is_active=True).exists()
    assert ApiKey.objects.filter(person_id=ada.person.id).exists()
    assert not Message.objects.exists()
    assert not is_stored(ada.file_key)
    assert not ClassKey.objects.filter(data_class=DataClass.CONTENT).exists()
    assert found["scope"] == "content"


@pytest.mark.parametrize("dying", ["end_keys", "end_rows", "give_receipt"])
@pytest.mark.parametrize("is_late", [False, True])
def test_an_erasure_that_was_cut_off_ends_all_the_same(
    ada: Belongings, monkeypatch: pytest.MonkeyPatch, dying: str, is_late: bool
) -> None:
    ordered(ada, ACCOUNT)
    step = getattr(erasing, dying)

    def die(*arguments: Any) -> None:
        if is_late:
            step(*arguments)
        raise KeyboardInterrupt

    subject = f"account:{ada.person.id}"
    with monkeypatch.context() as patch:
        patch.setattr(erasing, dying, die)
        with pytest.raises(KeyboardInterrupt):
            erasing.erase(subject)
    erasing.erase(subject)
    erasing.erase(subject)

    found = receipt_of_last_mail()
    assert {each["name"]: each["count"] for each in found["erased"]}["Messages"] == 3
    assert Receipt.objects.count() == 1
    assert not Person.objects.exists()
    assert not ClassKey.objects.filter(person_id=ada.person.id).exists()


def test_nothing_ends_before_a_running_answer_has(ada: Belongings) -> None:
    call = call_of(ada.person.id, state=CallState.LIVE)
    ordered(ada, CONTENT)

    with pytest.raises(Again):
        erasing.erase(f"content:{ada.person.id}")

    assert Message.objects.count() == 3
    assert Call.objects.get(id=call.id).stop_asked_at is not None
    Call.objects.filter(id=call.id).update(state=CallState.STOPPED)
    erasing.erase(f"content:{ada.person.id}")
    assert not Message.objects.exists()


def test_what_a_law_holds_stays_and_the_receipt_says_so(ada: Belongings) -> None:
    LegalHold.objects.create(
        person_id=ada.person.id,
        data_class=DataClass.CONTENT,
        text="Seized in case 12/345",
        law="Code de procédure pénale, art. 56",
        author_id=ada.person.id,
        created_at=clock.now(),
        ends_on=clock.now().date() + timedelta(days=90),
    )

    found = erased(ada, ACCOUNT)

    assert Message.objects.count() == 3
    assert is_stored(ada.file_key)
    assert ClassKey.objects.filter(data_class=DataClass.CONTENT).exists()
    kept = {each["name"]: each for each in found["stays"]}
    assert kept["Messages"]["law"] == "Code de procédure pénale, art. 56"
    assert not Person.objects.filter(email="ada@example.org").exists()
    assert not ApiKey.objects.exists()


def test_a_restored_backup_is_erased_again_without_a_second_receipt(ada: Belongings) -> None:
    erased(ada, CONTENT)
    letters = len(mail.outbox)
    back = settle_down("back@example.org")
    Conversation.objects.filter(person_id=back.person.id).update(person_id=ada.person.id)
    Message.objects.filter(person_id=back.person.id).update(person_id=ada.person.id)
    Attachment.objects.filter(person_id=back.person.id).update(person_id=ada.person.id)

    erasing.carry_on(f"content:{ada.person.id}")
    Worker().run_pending()

    assert not Message.objects.filter(person_id=ada.person.id).exists()
    assert len(mail.outbox) == letters


def test_an_erasure_is_confirmed_by_the_address_and_ordered_once(ada: Belongings) -> None:
    with pytest.raises(ErasureUnconfirmed):
        erasing.order(person_id=ada.person.id, scope=CONTENT, typed="grace@x.org", language="en")
    ordered(ada, CONTENT)

    with pytest.raises(ErasureUnderWay):
        ordered(ada, CONTENT)


def test_a_guessed_link_leads_to_no_receipt(ada: Belongings) -> None:
    erased(ada, CONTENT)

    with pytest.raises(UnknownReceipt):
        receipts.receipt(erasing.link_sha256("guess"))
