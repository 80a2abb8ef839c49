"""How the pages and the letters of this process are set up."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from bluegpt.privacy.errors.evidence import NoEvidence

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
