"""The manifest: read whole or refused, named by its digest, overlaid by the operator."""

from collections.abc import Callable
from datetime import date

import pytest
from django.utils.translation import override

from bluegpt.core.personal_data import DataClass
from bluegpt.privacy.adapters import chapters
from bluegpt.privacy.errors.gate import NotCleared
from bluegpt.privacy.errors.manifest import ManifestBroken
from bluegpt.privacy.queries.manifest import manifest, policy_digest, recipient, recipients
from bluegpt.privacy.rules import documents, linting, reading


def test_the_packaged_chapters_break_no_rule() -> None:
    policy = reading.read(chapters.packaged())

    assert list(linting.findings(policy)) == []


def test_every_data_class_of_the_code_is_described() -> None:
    assert set(manifest().classes) == set(DataClass)


def test_the_digest_names_the_content_and_not_its_spelling() -> None:
    document = chapters.packaged()
    reordered = {name: dict(reversed(table.items())) for name, table in document.items()}

    assert documents.digest(dict(reversed(reordered.items()))) == documents.digest(document)
    assert len(documents.digest(document)) == 64


def test_any_change_is_a_new_version_of_the_policy(overlay: Callable[[str], None]) -> None:
    before = policy_digest()

    overlay('[operator]\npost = "elsewhere"\n')

    assert policy_digest() != before


def test_canonical_json_is_the_same_bytes_everywhere() -> None:
    assert documents.canonical_json({"b": [1, "é"], "a": {"on": date(2027, 5, 31)}}) == (
        '{"a":{"on":"2027-05-31"},"b":[1,"é"]}'.encode()
    )


def test_an_overlay_replaces_facts_and_keeps_the_rest(overlay: Callable[[str], None]) -> None:
    overlay('[operator]\ncompany = "Institut Exemple"\n')

    operator = manifest().operator

    assert operator.company == "Institut Exemple"
    assert operator.age_minimum_years == 15


@pytest.mark.parametrize(
    ("lines", "finding"),
    [
        ("[operator]\nmotto = 'x'\n", "operator: motto is not a key that is known here"),
        ("[operator]\ncompany = 5\n", "operator: company must be of type str"),
        ("[operator]\nage_minimum_years = true\n", "age_minimum_years must be of type int"),
        ("[newsletter]\n", "newsletter: the chapter is unknown"),
        ("[data_classes.dreams]\norigin = 'given'\n", "dreams does not exist"),
        ("[retention.calls]\nduration = 'soon'\n", "'soon' is not a duration"),
        ("[operator]\ncompany = \n", "privacy.toml"),
        ("[recipients]\nopenai = 'x'\n", "recipients: openai must be a table"),
        ("[purposes.account.name]\nfr = ' '\n", "purposes.account: name.fr says nothing"),
        ("[purposes.account.name]\nde = 'Konto'\n", "name needs the languages en and fr"),
        ("[transfers.within_eea]\ncountries = ['FR', 'FR']\n", "names something twice"),
        ("[purposes.account.bases]\nidentity = 'habit'\n", "one of contract, consent"),
    ],
)
def test_an_overlay_that_cannot_be_understood_is_refused_by_name(
    overlay: Callable[[str], None], lines: str, finding: str
) -> None:
    overlay(lines)

    with pytest.raises(ManifestBroken) as broken:
        manifest()

    assert any(finding in sentence for sentence in broken.value.findings)


def test_everything_wrong_is_said_at_once(overlay: Callable[[str], None]) -> None:
    overlay("[operator]\ncompany = 5\nmotto = 'x'\n[newsletter]\n")

    with pytest.raises(ManifestBroken) as broken:
        manifest()

    assert len(broken.value.findings) >= 3


def test_recipients_speak_the_readers_language() -> None:
    with override("fr"):
        french = recipient("openai")
    with override("en"):
        english = recipient("openai")

    assert "30 jours" in french.retention
    assert "30 days" in english.retention
    assert french.company == english.company.replace(", with ", ", avec ")


def test_every_recipient_can_be_shown() -> None:
    keys = [each.key for each in recipients()]

    assert keys == [
        *("anthropic", "compatible", "google", "local", "mistral", "openai", "sandbox"),
        *("vertex", "xai"),
    ]
    assert all(each.company and each.retention for each in recipients())


def test_nobody_is_a_recipient_by_chance() -> None:
    with pytest.raises(NotCleared):
        recipient("somebody")
