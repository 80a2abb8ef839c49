"""What people do in the image studio and in the gallery, said once."""

from io import BytesIO

from PIL import Image
from playwright.sync_api import FilePayload, Locator, Page, expect

from tests.end_to_end.browsing import Visit

PAINTER = "sandbox/painter"
QUICK = "sandbox: pace_ms=0"
# Unfinished pictures stay for about a second each: longer than a test needs to see one.
SLOW = "sandbox: pace_ms=150"
WIDTH, HEIGHT = 256, 192
BLUE, YELLOW = (30, 90, 200), (240, 200, 80)


def open_studio(visit: Visit, *, query: str = "") -> Page:
    """The studio with the sandbox's painter chosen, at its smallest size and cheapest quality."""
    visit.go(f"/images?model={PAINTER}&quality=low&size=512x512{query}")
    return visit.page


def wish(page: Page, text: str) -> None:
    """Put a wish into words and send it."""
    page.get_by_label("Describe the image").fill(text)
    page.get_by_role("button", name="Create").click()


def make(page: Page, text: str, *, number: int = 1) -> Locator:
    """Have pictures made; the card of the finished wish."""
    page.locator(f"input[name=number][value='{number}']").check(force=True)
    wish(page, f"{text}\n{QUICK}")
    card = page.locator(".creation", has_text=text).first
    expect(card.locator(".cost")).to_be_visible()
    return card


def sea() -> bytes:
    """A blue picture with a yellow island in its right half."""
    picture = Image.new("RGB", (WIDTH, HEIGHT), BLUE)
    picture.paste(YELLOW, (150, 60, 230, 140))
    out = BytesIO()
    picture.save(out, format="PNG")
    return out.getvalue()


def attach(page: Page, name: str = "sea.png") -> Locator:
    """Give a picture to work from."""
    payload = FilePayload(name=name, mimeType="image/png", buffer=sea())
    page.locator("input[type=file][name=files]").set_input_files([payload])
    reference = page.locator(".reference")
    expect(reference.locator("img").first).to_be_visible()
    return reference


def picture_of(visit: Visit, tile: Locator) -> Image.Image:
    """The file behind a tile."""
    asset_id = tile.get_attribute("data-asset")
    answer = visit.context.request.get(f"{visit.base}/assets/{asset_id}")
    return Image.open(BytesIO(answer.body())).convert("RGB")
