"""Every staff page in a browser, wide and narrow: axe is content, and nothing sticks out."""

import json
import sys
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from bluegpt.backoffice.areas import PLACES
from tests import warm
from tests.end_to_end.browsing import AXE
from tests.furnished import furnish
from tests.ops.conftest import Installation

LISTS = (
    "/staff/",
    *(f"/staff/{place.route.removeprefix('staff:')}" for place in PLACES),
    *("/staff/requests/answered", "/staff/consents/verification"),
)
WIDE, NARROW = 1_280, 320
_SERIOUS = """() => axe.run(document, {resultTypes: ['violations']}).then(found =>
  found.violations.filter(each => ['serious', 'critical'].includes(each.impact))
    .flatMap(each => each.nodes.map(node => `${each.id}: ${node.html.slice(0, 160)}`)))"""


@pytest.fixture(scope="module")
def walked(
    chromium: Browser, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Page, str, list[str]]]:
    """A window of somebody of the staff, the address of the site, and every page to walk to."""
    site = Installation(furnish(tmp_path_factory.mktemp("staff") / "data"))
    with site.serving() as server:
        done = warm.run(
            [sys.executable, "-m", "tests.backoffice.filled"],
            env=site.environment() | {"BLUEGPT_DATA_DIR": str(site.data_dir)},
        )
        assert done.returncode == 0, done.stderr
        facts = json.loads(done.stdout.splitlines()[-1])
        context = chromium.new_context(locale="fr-FR", reduced_motion="reduce")
        context.add_cookies([{"name": "sessionid", "value": facts["session"], "url": server.url}])
        yield context.new_page(), server.url, [*LISTS, *facts["paths"]]
        context.close()


def test_every_staff_page_is_for_everybody(walked: tuple[Page, str, list[str]]) -> None:
    page, url, paths = walked
    wrong = []
    for path in paths:
        page.set_viewport_size({"width": WIDE, "height": 800})
        answer = page.goto(f"{url}{path}")
        assert answer is not None
        assert answer.status == 200, path
        # The policy of the page allows no script tag, so the text is evaluated.
        page.evaluate(AXE.read_text(encoding="utf-8"))
        for width in (WIDE, NARROW):
            page.set_viewport_size({"width": width, "height": 800})
            page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
            wrong += [f"{path} at {width}: {each}" for each in page.evaluate(_SERIOUS)]
            needed = page.evaluate("document.documentElement.scrollWidth")
            wrong += [f"{path} at {width}: needs {needed}"] if needed > width else []

    assert wrong == []
