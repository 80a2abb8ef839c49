"""The bundle holds what was announced, of those who were told and stayed, and of nobody else."""

import hashlib
import json
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import orjson
import pytest
import time_machine
from pytest_django import Settings

from bluegpt.accounts.models import Person
from bluegpt.accounts.services import closing
from bluegpt.core.ids import new_id
from bluegpt.core.worker import Worker
from bluegpt.privacy.errors.matters import AlreadyDecided
from bluegpt.privacy.errors.successions import (
    HandedOverAlready,
    NoticesUndelivered,
    SomebodyLeft,
)
from bluegpt.privacy.models import StaffAct, SuccessionBundle, SuccessionNotice
from bluegpt.privacy.queries import successions as queries
from bluegpt.privacy.queries.receipt_check import check
from bluegpt.privacy.services import (
    bundle_writing,
    choices,
    erasing,
    succession_bundles,
    succession_notices,
    successions,
)
from bluegpt.privacy.services.bundle_writing import BundleWriter
from bluegpt.privacy.types.receipts import ErasureScope
from bluegpt.studio.models import Message
from bluegpt.studio.services.sealing import seal_text
from bluegpt.vault.errors import NoParcelKey
from tests.privacy import changing_hands
from tests.privacy.belongings import ANSWER, QUESTION, Belongings, picture, settle_down
from tests.privacy.changing_hands import PUBLIC, opened, told, worked

pytestmark = [
    pytest.mark.both_databases,
    pytest.mark.django_db(transaction=True, databases=["default", "vault"]),
]


@pytest.fixture(autouse=True)
def _mail(settings: Settings) -> None:
    settings.EMAIL_BACKEND = changing_hands.BACKEND
    changing_hands.unreachable.clear()
    changing_hands.deadly.clear()


@pytest.fixture
def ada() -> Belongings:
    return settle_down()


def somebody(name: str) -> tuple[Belongings, str]:
    """A person, and a sentence in their conversation that nobody else wrote."""
    made, words = settle_down(f"{name}@example.org"), f"The heron of {name} is grey."
    sealed = seal_text(
        words, person_id=made.person.id, place="message.text", row_id=made.question_id
    )
    Message.objects.filter(id=made.question_id).update(text_sealed=sealed)
    return made, words


def built(tmp_path: Path, *, left_out: tuple[UUID, ...] = (), name: str = "bundle") -> Path:
    """The bundle of the first day on which it may be made."""
    out = tmp_path / name
    day = queries.live().bundle_from
    assert day is not None
    with time_machine.travel(day, tick=False):
        succession_bundles.build(out=out, to=PUBLIC, left_out=left_out)
    return out


def test_who_stays_is_handed_over_with_what_was_announced_and_no_more(
    ada: Belongings, tmp_path: Path
) -> None:
    told()

    out = built(tmp_path)

    inside = opened(out)
    index = json.loads(inside.pop("bundle.json"))
    rows = b"".join(content for name, content in inside.items() if name.endswith(".jsonl"))
    lines = [orjson.loads(line) for line in rows.splitlines()]
    assert {line["person"] for line in lines} == {str(ada.person.id)}
    tables = {line["table"] for line in lines}
    assert {"accounts.Person", "studio.Message", "credits.Case", "account.EmailAddress"} <= tables
    assert not {"privacy.Disclosure", "privacy.Request", "usersessions.UserSession"} & tables
    said = [line["row"].get("text") for line in lines if line["table"] == "studio.Message"]
    assert {QUESTION, ANSWER} <= set(said)
    assert picture() in inside.values()
    assert index["people"] == 1
    assert index["rows"]["studio.Message"] == len(said)
    password = Person.objects.get(id=ada.person.id).password
    for secret in (password, ada.secret, "last_login", "secret_sha256"):
        assert secret.encode() not in rows
    assert QUESTION.encode() not in out.read_bytes()


def test_nothing_of_whoever_objected_or_left_is_in_the_bundle(
    ada: Belongings, tmp_path: Path
) -> None:
    gone = {name: somebody(name) for name in ("objector", "closer", "frozen", "erased")}
    ids = {name: person.person.id for name, (person, _words) in gone.items()}
    told()
    succession_notices.object_to(person_id=ids["objector"])
    closing.close(person_id=ids["closer"])
    choices.restrict(person_id=ids["frozen"])
    erasing.order(
        person_id=ids["erased"],
        scope=ErasureScope.ACCOUNT,
        typed="erased@example.org",
        language="en",
    )
    Worker().run_pending()

    everything = b"".join(opened(built(tmp_path)).values())

    assert ada.person.email.encode() in everything
    for person, words in gone.values():
        for trace in (person.person.email, str(person.person.id), words, str(person.question_id)):
            assert trace.encode() not in everything
    handed = SuccessionNotice.objects.filter(handed_over_at__isnull=False)
    assert [each.person_id for each in handed] == [ada.person.id]


def test_an_objection_taken_back_in_time_goes_along_after_its_own_notice(
    ada: Belongings, tmp_path: Path
) -> None:
    other, words = somebody("waverer")
    changing_hands.unreachable.add(other.person.email)
    row = told()
    succession_notices.object_to(person_id=other.person.id)
    succession_notices.withdraw_objection(person_id=other.person.id)
    changing_hands.unreachable.clear()
    assert row.bundle_from is not None
    with time_machine.travel(row.bundle_from - timedelta(days=5), tick=False):
        succession_notices.go_on()
        worked()

    early = b"".join(opened(built(tmp_path)).values())
    with time_machine.travel(row.bundle_from + timedelta(days=60), tick=False):
        succession_bundles.build(out=tmp_path / "late", to=PUBLIC, left_out=())

    assert words.encode() not in early
    assert words.encode() in b"".join(opened(tmp_path / "late").values())


def test_nobody_who_was_not_told_is_handed_over(ada: Belongings, tmp_path: Path) -> None:
    other, words = somebody("unreachable")
    changing_hands.unreachable.add(other.person.email)
    told()

    with pytest.raises(NoticesUndelivered):
        built(tmp_path)
    with pytest.raises(NoticesUndelivered):
        built(tmp_path, left_out=(ada.person.id,))
    assert list(tmp_path.iterdir()) == []
    everything = b"".join(opened(built(tmp_path, left_out=(other.person.id,))).values())

    assert ada.person.email.encode() in everything
    assert words.encode() not in everything
    assert str(other.person.id).encode() not in everything


@pytest.mark.usefixtures("ada")
def test_whoever_leaves_while_it_is_made_ends_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    leaver, words = somebody("leaver")
    told()
    finish = BundleWriter.finish

    def and_meanwhile(self: BundleWriter, said: dict[str, object]) -> None:
        succession_notices.object_to(person_id=leaver.person.id)
        finish(self, said)

    with monkeypatch.context() as patch, pytest.raises(SomebodyLeft):
        patch.setattr(BundleWriter, "finish", and_meanwhile)
        built(tmp_path)

    assert list(tmp_path.iterdir()) == []
    assert not SuccessionBundle.objects.exists()
    assert not SuccessionNotice.objects.filter(handed_over_at__isnull=False).exists()
    assert words.encode() not in b"".join(opened(built(tmp_path)).values())


def test_the_receipt_the_register_and_the_person_know_of_it(
    ada: Belongings, tmp_path: Path
) -> None:
    row = told()
    with pytest.raises(AlreadyDecided):
        successions.conclude(actor_id=new_id(), succession_id=row.id)

    out = built(tmp_path)

    receipt = json.loads((tmp_path / "bundle.receipt.json").read_text())
    assert check(receipt, expected_key=erasing.published_key()["public_key"])
    digest = hashlib.sha256(out.read_bytes()).hexdigest()
    assert receipt["sha256"] == digest
    assert receipt["people"] == 1
    assert str(ada.person.id) not in json.dumps(receipt)
    assert SuccessionBundle.objects.get().sha256 == digest
    assert StaffAct.objects.get(verb="succession.bundle").facts["sha256"] == digest
    assert out.stat().st_mode & 0o777 == 0o600
    with pytest.raises(HandedOverAlready):
        succession_notices.object_to(person_id=ada.person.id)
    successions.conclude(actor_id=new_id(), succession_id=row.id)
    found = queries.own(ada.person.id)
    assert found is not None
    assert found.handed_over_at == row.bundle_from


@pytest.mark.usefixtures("ada")
def test_what_is_there_is_never_written_over(tmp_path: Path) -> None:
    told()
    first = built(tmp_path).read_bytes()

    with pytest.raises(FileExistsError):
        built(tmp_path)
    with pytest.raises(NoParcelKey):
        succession_bundles_of_day(tmp_path / "other", b"no key")

    assert (tmp_path / "bundle").read_bytes() == first
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bundle", "bundle.receipt.json"]


def succession_bundles_of_day(out: Path, to: bytes) -> None:
    day = queries.live().bundle_from
    assert day is not None
    with time_machine.travel(day, tick=False):
        succession_bundles.build(out=out, to=to, left_out=())


def test_rows_are_written_in_parts_and_none_is_lost(
    ada: Belongings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    somebody("grace")
    monkeypatch.setattr(bundle_writing, "ROWS_BYTES", 2_000)
    told()

    inside = opened(built(tmp_path))

    parts = [name for name in inside if name.startswith("rows-")]
    index = json.loads(inside["bundle.json"])
    assert len(parts) > 2
    assert max(len(inside[name]) for name in parts) < 6_000
    lines = sum(len(inside[name].splitlines()) for name in parts)
    assert lines == sum(index["rows"].values())
    digest = hashlib.sha256()
    for name, content in inside.items():
        if name != "bundle.json":
            digest.update(f"{name}\0{len(content)}\0".encode() + content)
    assert index["sha256"] == digest.hexdigest()
