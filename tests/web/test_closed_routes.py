"""A model whose route has closed stays on the list, greyed out, with the reason."""

from pathlib import Path

import pytest
from django.test import Client

from bluegpt.accounts.models import Person
from bluegpt.core.personal_data import DataClass
from bluegpt.privacy.errors.gate import TransferLapsed
from bluegpt.privacy.services import choices, gate
from bluegpt.providers.queries import catalogue as offers
from bluegpt.providers.services import catalogue
from bluegpt.web.studio import shown
from bluegpt.web.studio.shown import ModelRow
from tests.web.overlays import laid_over

LAPSED = "[transfers.us_standard_clauses]\nreview_by = 2026-01-31\n"
WHY = "Closed: what allows sending data there was not reviewed in time"

pytestmark = pytest.mark.django_db(databases=["default", "vault"])


@pytest.fixture(autouse=True)
def packaged_models(db: None) -> None:
    catalogue.load_packaged()
    offers.forget()


def rows(person: Person | None) -> dict[str, ModelRow]:
    groups = shown.model_groups(person.id if person else None)
    return {row.model.recipient: row for group in groups for row in group.rows}


def test_a_lapsed_transfer_greys_its_models_and_no_others(person: Person, tmp_path: Path) -> None:
    before = rows(person)

    with laid_over(tmp_path, LAPSED):
        after = rows(person)
        with pytest.raises(TransferLapsed):
            gate.clear(
                person_id=person.id,
                purpose="chat_answer",
                recipient="openai",
                data_classes={DataClass.CONTENT},
            )

    assert {key for key, row in after.items() if row.reason == WHY} == {"openai", "anthropic"}
    assert not after["openai"].is_usable
    assert after["google"].reason == before["google"].reason  # rests on another instrument
    assert after["sandbox"].reason == before["sandbox"].reason


def test_everybody_reads_the_reason_and_the_persons_own_limit_does_not_hide_it(
    browser_of: Client, person: Person, tmp_path: Path
) -> None:
    choices.allow_only_eea(person_id=person.id)

    with laid_over(tmp_path, LAPSED):
        picker = browser_of.get("/models", headers={"X-Fragment": "1"}).content.decode()
        strangers = rows(None)

    assert WHY in picker
    assert "Closed by your limit: outside the European Economic Area" in picker  # google
    assert strangers["openai"].reason == WHY
