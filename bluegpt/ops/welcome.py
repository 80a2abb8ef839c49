"""What `serve` prints once the site answers: where to go, who to be, where the mail is."""

from collections.abc import Iterator

from django.conf import settings

from bluegpt.ops import demo
from bluegpt.ops.keys import NAMES
from bluegpt.ops.terminal import table


def welcome(url: str, *, is_private: bool, demo_password: str | None) -> list[str]:
    """The lines. `demo_password` is None without a demo account, "" when it was changed."""
    rows = list(_rows(demo_password))
    lines = [f"BlueGPT is at {url}", "", table(rows), ""]
    if demo_password and not is_private:
        lines.append("Other machines reach this address, and the demo password is public.")
    return [*lines, "Ctrl+C ends it."]


def _rows(demo_password: str | None) -> Iterator[tuple[str, str]]:
    site, providers = settings.BLUEGPT.site, settings.BLUEGPT.providers
    if site.public_url:
        yield "  Public at", site.public_url
    if demo_password is not None:
        yield "  Log in as", demo.EMAIL
        yield "  Password", demo_password or "the one that was chosen for it"
    if site.smtp_url:
        yield "  Mail", f"goes out through {settings.EMAIL_HOST}"
    else:
        yield "  Mail", f"is shown here and kept in {settings.EMAIL_FILE_PATH}"
    if providers.has_sandbox:
        yield "  Models", "the sandbox answers, and sends nothing anywhere"
    with_key = [name for key, name in NAMES.items() if getattr(providers, key).is_open]
    if with_key:
        yield "  Providers", ", ".join(with_key)
    yield "  Data", str(site.data_dir)
