"""Words are found wherever they are written, and a French sentence that cannot stand is named."""

from pathlib import Path
from typing import NamedTuple

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import read_mo

from tools.messages import catalogue
from tools.messages.__main__ import check, update
from tools.messages.findings import findings
from tools.messages.sources import found_in


class Project(NamedTuple):
    """A package with words in it, and where its French is kept."""

    root: Path
    french: Path

    def write(self, place: str, text: str) -> None:
        path = self.root / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def found(self) -> set[tuple[str, str]]:
        return {catalogue.key_of(message) for message in found_in(self.root) if message.id}

    def translate(self, english: str | tuple[str, str], *french: str, context: str = "") -> None:
        """Put a translation into the catalogue and compile it."""
        known = catalogue.read(self.french)
        known.delete(english, context or None)
        known.add(english, french if len(french) > 1 else french[0], context=context or None)
        catalogue.write(known, self.french)

    def wrong(self) -> list[str]:
        return sorted(findings(self.root, self.french))


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path / "package", tmp_path / "locale" / "fr" / "django.po")


def test_words_in_python_are_found_under_every_name(project: Project) -> None:
    project.write(
        "app/errors.py",
        "from django.utils.translation import gettext as _, gettext_lazy as _lazy, ngettext\n"
        "from django.utils.translation import pgettext_lazy\n"
        "a = _('One ' \n      'sentence.')\n"
        "b = _lazy('Another.')\n"
        "c = ngettext('%(count)d file', '%(count)d files', 2)\n"
        "d = pgettext_lazy('of a price', 'free')\n",
    )

    assert project.found() == {
        ("", "One sentence."),
        ("", "Another."),
        ("", "%(count)d file"),
        ("of a price", "free"),
    }


def test_a_function_that_only_looks_like_gettext_is_not_asked(project: Project) -> None:
    project.write("app/loops.py", "for _ in range(3):\n    print(_)\n_('not a message')\n")

    assert project.found() == set()


def test_migrations_say_nothing_to_people(project: Project) -> None:
    project.write(
        "app/migrations/0001_initial.py",
        "from django.utils.translation import gettext_lazy as _\nname = _('a column')\n",
    )

    assert project.found() == set()


def test_words_in_templates_are_found_in_every_form(project: Project) -> None:
    project.write(
        "web/templates/page.html",
        '{% load i18n %}\n  <h1>{% translate "Your credits" %}</h1>\n'
        '{% translate "May" context "month" as may %}\n'
        '{% include "_field.html" with label=_("Your name") %}\n'
        '{{ name|default:_("nobody") }}\n'
        "{% blocktranslate with name=person.name trimmed %}\n"
        "    Hello, {{ name }}:\n    100% sure?\n"
        "{% endblocktranslate %}\n"
        "    {% blocktranslate count n=files %}{{ n }} file{% plural %}{{ n }} files"
        "{% endblocktranslate %}\n",
    )

    assert project.found() == {
        ("", "Your credits"),
        ("month", "May"),
        ("", "Your name"),
        ("", "nobody"),
        ("", "Hello, %(name)s: 100%% sure?"),
        ("", "%(n)s file"),
    }


def test_both_forms_of_a_plural_are_kept(project: Project) -> None:
    project.write(
        "web/templates/page.html",
        "{% blocktranslate count n=files %}One file{% plural %}{{ n }} files"
        "{% endblocktranslate %}",
    )

    ids = [message.id for message in found_in(project.root) if message.id]

    assert ids == [("One file", "%(n)s files")]


def test_a_message_without_french_is_missing_until_it_is_translated(project: Project) -> None:
    project.write("a.py", "from django.utils.translation import gettext\ngettext('Good day')\n")
    before = project.wrong()

    update(project.root, project.french)
    taken_in = project.wrong()
    project.translate("Good day", "Bonjour")

    assert "missing: a.py: 'Good day'" in before
    assert taken_in == ["untranslated: a.py: 'Good day'"]
    assert project.wrong() == []


def test_a_plural_needs_all_its_french_forms(project: Project) -> None:
    project.write(
        "a.py",
        "from django.utils.translation import ngettext\nngettext('%(n)d day', '%(n)d days', 1)\n",
    )
    project.translate(("%(n)d day", "%(n)d days"), "%(n)d jour", "")

    assert project.wrong() == ["untranslated: '%(n)d day'"]


def test_a_plural_may_leave_out_what_one_english_form_leaves_out(project: Project) -> None:
    project.write(
        "a.py",
        "from django.utils.translation import ngettext\nngettext('One day', '%(n)d days', 1)\n",
    )
    project.translate(("One day", "%(n)d days"), "Un jour", "%(n)d jours")

    assert project.wrong() == []


@pytest.mark.parametrize(
    ("english", "french", "complaint"),
    [
        ("Hello %(name)s", "Bonjour %(nom)s", "other placeholders"),
        ("Hello {name}", "Bonjour", "other placeholders"),
        ("%s of %s", "%s sur", "other placeholders"),
        ("See <a href='/x'>this</a>", "Voir <a href='/y'>ceci</a>", "other tags"),
        ("More ", "Plus", "other space at the edges"),
    ],
)
def test_a_translation_that_would_break_the_page_is_named(
    project: Project, english: str, french: str, complaint: str
) -> None:
    project.write("a.py", f"from django.utils.translation import gettext\ngettext({english!r})\n")
    project.translate(english, french)

    assert [line.partition(":")[0] for line in project.wrong()] == [complaint]


def test_a_fuzzy_translation_does_not_count(project: Project) -> None:
    project.write("a.py", "from django.utils.translation import gettext\ngettext('Yes')\n")
    known = catalogue.read(project.french)
    known.add("Yes", "Oui", flags=["fuzzy"])
    catalogue.write(known, project.french)

    assert "fuzzy: 'Yes'" in project.wrong()


def test_words_that_nobody_says_any_more_are_unused_and_then_dropped(project: Project) -> None:
    project.write("a.py", "from django.utils.translation import gettext\ngettext('New')\n")
    project.translate("Old", "Ancien")
    project.translate("New", "Nouveau")
    before = project.wrong()

    update(project.root, project.french)

    assert before == ["unused: 'Old'"]
    assert project.wrong() == []
    assert "Ancien" not in project.french.read_text("utf-8")


def test_a_marked_obsolete_entry_is_named(project: Project) -> None:
    project.write("a.py", "")
    catalogue.write(Catalog(locale="fr"), project.french)
    with project.french.open("a") as file:
        file.write('\n#~ msgid "Gone"\n#~ msgstr "Parti"\n')

    assert project.wrong() == ["obsolete: 'Gone'"]


def test_a_compiled_file_that_says_something_else_is_stale(project: Project) -> None:
    project.write("a.py", "from django.utils.translation import gettext\ngettext('Yes')\n")
    project.translate("Yes", "Oui")
    text = project.french.read_text("utf-8")

    project.french.write_text(text.replace("Oui", "Si"), encoding="utf-8")

    assert project.wrong() == ["stale: django.mo is not what django.po says"]
    project.french.with_suffix(".mo").unlink()
    assert project.wrong() == ["stale: django.mo is not what django.po says"]


def test_the_compiled_file_is_what_django_will_read(project: Project) -> None:
    project.write(
        "a.py",
        "from django.utils.translation import ngettext\nngettext('%(n)d day', '%(n)d days', 1)\n",
    )
    project.translate(("%(n)d day", "%(n)d days"), "%(n)d jour", "%(n)d jours")

    with project.french.with_suffix(".mo").open("rb") as file:
        shipped = read_mo(file)

    message = shipped[("%(n)d day", "%(n)d days")]
    assert message is not None
    assert tuple(message.string or ()) == ("%(n)d jour", "%(n)d jours")


def test_updating_twice_changes_nothing(project: Project) -> None:
    project.write("a.py", "from django.utils.translation import gettext\ngettext('Yes')\n")
    update(project.root, project.french)
    once = project.french.read_bytes()

    update(project.root, project.french)

    assert project.french.read_bytes() == once
    assert b"Date" not in once
    assert str(project.root).encode() not in once


def test_check_lists_what_is_wrong_and_says_so_by_its_code(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    project.write("a.py", "from django.utils.translation import gettext\ngettext('Yes')\n")
    project.translate("Yes", "Oui")
    complete = check(project.root, project.french)
    project.write("b.py", "from django.utils.translation import gettext\ngettext('No')\n")

    assert complete == 0
    assert check(project.root, project.french) == 1
    assert "missing: b.py: 'No'" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Attention : rien ne va plus !", "Attention\u00a0: rien ne va plus\u202f!"),
        ("« Oui » ; « non » ?", "«\u00a0Oui\u00a0»\u202f; «\u00a0non\u00a0»\u202f?"),
        ("à 12:30, data:image et ?page=2", "à 12:30, data:image et ?page=2"),
    ],
)
def test_french_signs_stay_on_the_line_of_their_word(
    project: Project, typed: str, kept: str
) -> None:
    project.write("app/words.py", "from django.utils.translation import gettext as _\n_('Hello')\n")
    project.translate("Hello", typed)

    update(project.root, project.french)

    written = catalogue.read(project.french).get("Hello")
    assert written is not None
    assert written.string == kept
    assert project.wrong() == []
