"""What a model writes is hostile: shown with scripts allowed everywhere, nothing of it runs.

The policy of the site is switched off here, so that the sanitiser has to hold on its own.
"""

from pathlib import Path

import pytest

from tests.web.conftest import NewVisit, Visit

CORPUS = Path(__file__).with_name("hostile.txt").read_text().split("\n%%\n")

DRAW = """async ([source, piecewise]) => {
  const place = document.createElement("div")
  place.className = "markdown"
  place.id = "hostile"
  document.querySelector("main").append(place)
  if (piecewise) {
    const { Growing } = await import("lib/growing")
    const growing = new Growing(place)
    for (let at = 0; at < source.length; at += 6) {
      growing.add(source.slice(at, at + 6))
      await new Promise(requestAnimationFrame)
    }
    growing.finish()
  } else {
    const { render } = await import("lib/markdown")
    place.append(render(source))
  }
  await new Promise((done) => setTimeout(done, 60))
  for (const link of place.querySelectorAll("a")) link.focus()
  place.dispatchEvent(new MouseEvent("mouseover", { bubbles: true }))
  const elements = [...place.querySelectorAll("*")]
  const found = elements.flatMap((element) =>
    [...element.attributes].map(({ name, value }) => [element.localName, name, value]))
  const names = elements.map((element) => element.localName)
  place.remove()
  return { pwned: globalThis.pwnedTimes, found, names }
}"""
DANGEROUS = {
    *("script", "iframe", "object", "embed", "form", "input", "style", "link", "meta", "base"),
    *("img", "video", "audio", "source", "template", "noscript", "details"),
}


@pytest.fixture
def unguarded(new_visit: NewVisit) -> Visit:
    """The style guide without the site's content security policy."""
    visit = new_visit(is_logged_in=False, bypass_csp=True)
    visit.page.add_init_script("globalThis.pwnedTimes = 0; globalThis.pwned = () => pwnedTimes++")
    visit.open("/style-guide")
    return visit


@pytest.mark.parametrize("piecewise", [False, True], ids=["at once", "piece by piece"])
def test_nothing_that_a_model_writes_runs_or_loads(unguarded: Visit, piecewise: bool) -> None:
    foreign: list[str] = []
    unguarded.page.on("request", lambda request: foreign.append(request.url))

    for source in CORPUS:
        drawn = unguarded.page.evaluate(DRAW, [source, piecewise])

        assert drawn["pwned"] == 0, source
        assert not DANGEROUS & set(drawn["names"]), source
        for element, name, value in drawn["found"]:
            assert not name.startswith("on"), source
            assert name not in {"src", "srcset", "id", "name", "action"}, source
            if name == "href" and element == "a":
                assert value.startswith(("http://", "https://", "mailto:")), source
            if name == "data-behaviour":
                assert value == "copy-code", source

    assert [url for url in foreign if not url.startswith(unguarded.url)] == []
    assert unguarded.page.url == f"{unguarded.url}/style-guide"


def test_the_corpus_bites_where_nobody_guards(unguarded: Visit) -> None:
    """The control: without a sanitiser the same sources do run."""
    bites = unguarded.page.evaluate(
        """async (sources) => {
          const { marked } = await import("marked")
          for (const source of sources) {
            const place = document.createElement("div")
            document.body.append(place)
            place.innerHTML = marked.parse(source)
          }
          await new Promise((done) => setTimeout(done, 500))
          return globalThis.pwnedTimes
        }""",
        # One that leads the page away would take the count along.
        [source for source in CORPUS if "refresh" not in source.lower()],
    )

    assert bites > 10


def test_html_in_an_answer_is_shown_as_text(unguarded: Visit) -> None:
    text = unguarded.page.evaluate(
        """async () => {
          const { render } = await import("lib/markdown")
          const place = document.createElement("div")
          place.append(render("Use the <script> tag, H<sub>2</sub>O, or <b onclick=x>bold</b>."))
          return [place.textContent.trim(), place.querySelectorAll("sub").length]
        }"""
    )

    assert text == ["Use the <script> tag, H2O, or <b onclick=x>bold</b>.", 1]


def test_an_outbound_link_gives_nothing_away(unguarded: Visit) -> None:
    link = unguarded.page.locator(".markdown a", has_text="the encyclopedia")

    assert link.get_attribute("rel") == "noopener noreferrer"
    assert link.get_attribute("target") == "_blank"


def test_a_picture_from_elsewhere_is_a_link(unguarded: Visit) -> None:
    place = unguarded.page.locator(".unloaded-picture")

    assert place.locator("img").count() == 0
    assert place.locator("a").get_attribute("href") == "https://example.org/square.png"


def test_a_hostile_answer_does_not_break_out_of_the_stream(visit: Visit) -> None:
    visit.open("/conversations")
    visit.page.evaluate("globalThis.pwnedTimes = 0; globalThis.pwned = () => pwnedTimes++")

    visit.page.fill(
        "#composer-text",
        'x\nsandbox: pace_ms=0 text="<img src=x onerror=pwned()> [a](javascript:pwned()) </li>"',
    )
    visit.page.keyboard.press("Enter")
    visit.page.wait_for_selector(".cost")

    assert "<img src=x onerror=pwned()>" in visit.page.locator(".answer .markdown").inner_text()
    visit.page.reload()
    visit.page.wait_for_selector(".answer .markdown.is-drawn")
    assert visit.page.locator(".answer .markdown img").count() == 0
    assert visit.page.locator(".answer .markdown a").count() == 0
    assert visit.complaints == []


def test_a_table_keeps_its_alignment_and_a_list_its_first_number(unguarded: Visit) -> None:
    source = "| Sea | Depth |\n|:-:|---:|\n| North | 95 m |\n\n3. third\n4. fourth\n"

    drawn = unguarded.page.evaluate(DRAW, [source, False])

    assert ["td", "align", "center"] in drawn["found"]
    assert ["td", "align", "right"] in drawn["found"]
    assert ["ol", "start", "3"] in drawn["found"]
