"""What an operator may lay over the packaged policy, for tests of what then appears."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from django.conf import settings
from django.test import override_settings

from bluegpt.privacy.queries.manifest import manifest

# A tracer that needs an agreement: visits counted by another site.
AUDIENCE = """
[purposes.audience]
name.en = "Counting visits"
name.fr = "Compter les visites"
why.en = "To see which pages are read."
why.fr = "Pour savoir quelles pages sont lues."
role = "controller"
recipients = []
[purposes.audience.bases]
connection = "consent"

[tracers.items.audience]
kind = "cookie"
category = "performance"
purpose = "audience"
does.en = "Tells one visit from the next."
does.fr = "Distingue une visite de la suivante."
lifetime = "P90D"
same_site = "lax"
hosts = ["https://count.example"]
"""


@contextmanager
def laid_over(data_dir: Path, lines: str) -> Iterator[None]:
    """The policy with these lines of an operator over it."""
    (data_dir / "privacy.toml").write_text(lines, encoding="utf-8")
    site = replace(settings.BLUEGPT.site, data_dir=data_dir)
    with override_settings(BLUEGPT=replace(settings.BLUEGPT, site=site)):
        manifest.cache_clear()
        yield
    manifest.cache_clear()
