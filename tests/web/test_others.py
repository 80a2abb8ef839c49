"""Who writes about other people is told what holds, where they write."""

from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

from bluegpt.privacy.errors.evidence import NoEvidence
from bluegpt.privacy.queries.evidence import site

REMINDER = "About other people, write only what they would agree to."
RULES = 'href="/privacy#others"'


@pytest.mark.django_db(databases=["default", "vault"])
@pytest.mark.parametrize("path", ["/conversations", "/conversations/temporary"])
def test_the_reminder_stands_where_people_write_and_leads_to_the_rules(
    browser_of: Client, path: str
) -> None:
    page = browser_of.get(path).content.decode()
    policy = browser_of.get("/privacy").content.decode()

    assert REMINDER in page
    assert RULES in page
    assert 'id="others"' in policy
    assert "Data about other people" in policy
    assert "They should agree" in policy


def test_a_form_without_the_reminder_is_no_evidence(tmp_path: Path, settings: Settings) -> None:
    assert "reminder about other people" in site.reminders()
    (tmp_path / "note.html").write_text('<textarea class="input" name="text"></textarea>')
    [engine] = settings.TEMPLATES

    settings.TEMPLATES = [engine | {"DIRS": [*engine["DIRS"], str(tmp_path)]}]

    with pytest.raises(NoEvidence, match=r"note\.html"):
        site.reminders()
