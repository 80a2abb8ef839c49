"""Each measure that the policy lists is looked at now, and a missing one is named."""

import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.utils.translation import override
from pytest_django import Settings

from bluegpt.accounts.models import Person
from bluegpt.accounts.services import people
from bluegpt.core import clock
from bluegpt.core.personal_data import DataClass
from bluegpt.credits.models import Verification
from bluegpt.credits.queries import evidence as credits
from bluegpt.ops import evidence as ops
from bluegpt.ops.backups import pruning
from bluegpt.ops.backups.archives import Named
from bluegpt.ops.commands import privacy_audit
from bluegpt.ops.parser import parser
from bluegpt.privacy.adapters import chapters, proofs
from bluegpt.privacy.errors.evidence import NoEvidence
from bluegpt.privacy.models import StaffGrant
from bluegpt.privacy.queries import measures
from bluegpt.privacy.queries.evidence import desk
from bluegpt.privacy.queries.evidence import measures as evidence
from bluegpt.privacy.queries.manifest import manifest, policy_digest
from bluegpt.privacy.rules import documents, linting, reading
from bluegpt.privacy.types.backups import BackupKind
from bluegpt.vault.models import ClassKey
from bluegpt.vault.queries import evidence as sealing
from bluegpt.vault.services import seal

pytestmark = pytest.mark.django_db(databases=["default", "vault"])


def test_each_measure_has_a_probe_that_looks_now() -> None:
    found = measures.probed()

    assert {each.measure.key for each in found} == set(manifest().measures)
    assert all(callable(proofs.object_at(each.measure.probe)) for each in found)
    assert all(each.found.endswith(".") for each in found)


def test_a_measure_that_is_not_in_place_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    looked_up = proofs.object_at
    monkeypatch.setattr(proofs, "object_at", lambda place: lambda: f"{place}.")
    assert f"{len(manifest().measures)} measures were probed" in evidence.probed()

    def fails() -> str:
        raise NoEvidence("Nobody made one.")

    monkeypatch.setattr(
        proofs,
        "object_at",
        lambda place: fails if "backups" in place else looked_up(place),
    )

    with override("en"), pytest.raises(NoEvidence, match=r"Backups: Nobody made one"):
        evidence.probed()


def test_a_probe_must_be_evidence() -> None:
    other = {"measures": {"backups": {"probe": "bluegpt.ops.evidence.backups_end.x.Y"}}}
    twice = {"measures": {"backups": {"probe": manifest().measures["books"].probe}}}

    for overlay, finding in ((other, "no function"), (twice, "another measure")):
        document = documents.merged(chapters.packaged(), overlay)
        assert any(finding in each for each in linting.findings(reading.read(document)))


def test_another_probe_is_no_new_policy_and_another_measure_is(
    overlay: Callable[[str], None],
) -> None:
    before = policy_digest()

    overlay('[measures.books]\nprobe = "bluegpt.credits.queries.evidence.cases"\n')
    assert policy_digest() == before

    overlay('[measures.books]\nwhat = "Sometimes."\n')
    assert policy_digest() != before


def test_the_audit_shows_what_the_probes_found(capsys: pytest.CaptureFixture[str]) -> None:
    privacy_audit.show(parser().parse_args(["privacy", "audit"]))

    lines = capsys.readouterr().out.splitlines()
    assert {key for key in manifest().measures if any(each.startswith(key) for each in lines)} == (
        set(manifest().measures)
    )


def test_a_key_that_does_not_open_is_noticed() -> None:
    seal.seal(b"words", person_id=uuid4(), data_class=DataClass.CONTENT, context="x:1")
    found = sealing.keys()
    assert "newest 1" in found

    ClassKey.objects.update(data_class="metering")

    with pytest.raises(sealing.VaultUnsound):
        sealing.keys()


def test_a_root_key_within_reach_of_others_is_noticed(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "root.key"
    path.write_bytes(os.urandom(32))
    monkeypatch.setattr(sealing, "_path", lambda: path)
    path.chmod(0o600)
    assert "600" in sealing.root_key_file()

    path.chmod(0o640)

    with pytest.raises(sealing.VaultUnsound):
        sealing.root_key_file()


@pytest.mark.parametrize(("hours", "is_young"), [(1, True), (49, False)])
def test_a_backup_that_is_old_is_noticed(
    monkeypatch: pytest.MonkeyPatch, hours: int, is_young: bool
) -> None:
    with pytest.raises(NoEvidence, match="no backup"):
        ops.backups_are_young()
    made_at = clock.now() - timedelta(hours=hours)
    monkeypatch.setattr(
        pruning,
        "last",
        lambda kind: Named(path=Path("x"), kind=BackupKind(kind), made_at=made_at),
    )

    if is_young:
        assert f"{hours} hours" in ops.backups_are_young()
    else:
        with pytest.raises(NoEvidence, match="older"):
            ops.backups_are_young()


def test_a_role_without_a_second_step_is_noticed() -> None:
    assert "All 0 people" in desk.second_factors()
    nora: Person = people.create_person(email="nora@example.org", password="Correct-horse-9-x")
    now = clock.now()
    StaffGrant.objects.create(
        person_id=nora.id,
        role="protection",
        granted_at=now,
        ends_at=now + timedelta(days=1),
    )

    with pytest.raises(NoEvidence, match="1 people"):
        desk.second_factors()


def test_books_that_nobody_verified_last_night_are_noticed() -> None:
    assert "No night" in credits.verification()
    long_ago = clock.now() - timedelta(hours=37)
    Verification.objects.create(
        started_at=long_ago,
        finished_at=long_ago,
        last_sequence=0,
        transfer_count=0,
        is_sound=True,
        findings=[],
    )

    with pytest.raises(credits.BooksUnsound, match="36 hours"):
        credits.verification()
