"""Mail through a server: what an address means in Django's settings."""

from typing import Any
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from bluegpt.core.settings import SettingsError

_DEFAULT_PORTS = {"smtp": 587, "smtps": 465}
_LOOPBACK = {"localhost", "127.0.0.1", "::1"}
_TIMEOUT_S = 30


def smtp_settings(url: str) -> dict[str, Any]:
    """Django's mail settings for smtp://user:password@host:port or smtps://.

    smtps:// speaks TLS from the first byte. smtp:// asks for it (STARTTLS) before anything is
    sent, except on this machine, or with "?starttls=no" for a relay on a network of one's own,
    which then must not ask for a password. Raises SettingsError.
    """
    parts = urlsplit(url)
    if parts.scheme not in _DEFAULT_PORTS:
        raise SettingsError("BLUEGPT_SMTP_URL starts with smtp:// or smtps://")
    if not parts.hostname or parts.path not in {"", "/"}:
        raise SettingsError("BLUEGPT_SMTP_URL has the form smtp://user:password@host:port")
    is_tls = parts.scheme == "smtps"
    is_starttls = not is_tls and _wants_starttls(parts)
    if parts.password and not (is_tls or is_starttls or parts.hostname in _LOOPBACK):
        raise SettingsError("BLUEGPT_SMTP_URL would send its password in the clear")
    return {
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": _port(parts),
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": is_tls,
        "EMAIL_USE_TLS": is_starttls,
        "EMAIL_TIMEOUT": _TIMEOUT_S,
    }


def _wants_starttls(parts: SplitResult) -> bool:
    options = parse_qs(parts.query, keep_blank_values=True)
    choice = options.pop("starttls", ["no" if parts.hostname in _LOOPBACK else "yes"])[-1]
    if options or choice not in {"yes", "no"}:
        raise SettingsError("BLUEGPT_SMTP_URL knows one option: ?starttls=yes or ?starttls=no")
    return choice == "yes"


def _port(parts: SplitResult) -> int:
    try:
        return parts.port or _DEFAULT_PORTS[parts.scheme]
    except ValueError:
        raise SettingsError("BLUEGPT_SMTP_URL has no usable port") from None
