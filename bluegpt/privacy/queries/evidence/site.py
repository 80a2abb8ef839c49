"""How the pages and the letters of this process are set up."""

import re
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from bluegpt.privacy.errors.evidence import NoEvidence

# A field that people fill with words or files of their own; staff pages have none.
_ASKS_CONTENT = re.compile(r"<textarea[^>]*name=\"(?:text|system)\"|<input[^>]*name=\"files\"")
_INCLUDED = re.compile(r"{% include \"([^\"]+)\"")
_REMINDER = "studio/_others_reminder.html"
_OWN = frozenset({"'self'", "'none'", "data:", "blob:"})


def embedding() -> str:
    """No page may load anything from elsewhere, and links do not say where one came from."""
    directives: Any = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    named = {each for sources in directives.values() for each in sources if isinstance(each, str)}
    foreign = named - _OWN  # what is no string is the nonce of the page's own scripts
    if foreign or settings.SECURE_REFERRER_POLICY != "same-origin":
        raise NoEvidence(_("Something foreign may be loaded."))
    return _("%(count)d directives, none naming another site; no referrer leaves.") % {
        "count": len(directives)
    }


def letters() -> str:
    """The letters that exist: all of them are plain text."""
    engines: list[dict[str, Any]] = settings.TEMPLATES
    folders = [Path(folder) for engine in engines for folder in engine["DIRS"]]
    found = [path for folder in folders for path in folder.rglob("email/*_message.*")]
    if any(path.suffix != ".txt" for path in found):
        raise NoEvidence(_("A letter is no plain text."))
    return _("%(count)d kinds of letters, all in plain text.") % {"count": len(found)}


def reminders() -> str:
    """Every field for what people write or attach says what holds for data about others.

    Raises NoEvidence with the templates where one does not.
    """
    engines: list[dict[str, Any]] = settings.TEMPLATES
    folders = [Path(folder) for engine in engines for folder in engine["DIRS"]]
    asking = {
        str(path.relative_to(folder)): words
        for folder in folders
        for path in folder.rglob("*.html")
        if _ASKS_CONTENT.search(words := path.read_text(encoding="utf-8"))
    }
    silent = sorted(name for name, words in asking.items() if not _reminds(words, folders))
    if silent or not asking:
        raise NoEvidence(
            _("Nothing about other people is said in: %(places)s.") % {"places": ", ".join(silent)}
        )
    return _("%(count)d forms take content, each with the reminder about other people.") % {
        "count": len(asking)
    }


def _reminds(words: str, folders: list[Path]) -> bool:
    """Whether a template has the reminder, itself or in a piece that it includes."""
    if _REMINDER in words:
        return True
    pieces = (folder / name for name in _INCLUDED.findall(words) for folder in folders)
    return any(_REMINDER in piece.read_text(encoding="utf-8") for piece in pieces if piece.exists())


def connections() -> str:
    """Every connection is encrypted, and no cookie travels otherwise."""
    cookies = (
        settings.SESSION_COOKIE_SECURE,
        settings.CSRF_COOKIE_SECURE,
        settings.LANGUAGE_COOKIE_SECURE,
    )
    if not (settings.SECURE_SSL_REDIRECT and settings.SECURE_HSTS_SECONDS and all(cookies)):
        raise NoEvidence(_("This installation does not insist on encrypted connections."))
    return _("Plain connections are sent to HTTPS, which browsers remember for %(days)d days.") % {
        "days": settings.SECURE_HSTS_SECONDS // 86_400
    }
