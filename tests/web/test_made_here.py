"""Whether a file was made here, for anybody, by its digest: without a cookie, without a trace."""

from hashlib import sha256
from io import BytesIO

import pytest
from django.core.cache import cache
from django.test import Client

from bluegpt.studio.services import made_files
from bluegpt.studio.types.media import Kind
from bluegpt.web.studio.views import made_here
from tests.web.conftest import NewVisit

PATH = "/made-here"
FILE = b"the bytes of a picture" * 9_000
DIGEST = sha256(FILE).hexdigest()

YES, NO = "this image was made here by AI", "This very file is not known here"


def upload(data: bytes, name: str = "holiday.png") -> BytesIO:
    file = BytesIO(data)
    file.name = name
    return file


@pytest.fixture
def made(db: None) -> None:
    cache.clear()
    made_files.note(digests=[DIGEST], kind=Kind.PICTURE)


@pytest.mark.parametrize(
    "asked",
    [
        {"file": upload(FILE)},
        {"digest": DIGEST},
        {"digest": f" SHA256:{DIGEST.upper()} "},
        {"file": upload(FILE), "digest": "0" * 64},
    ],
    ids=["a file", "its digest", "as pasted", "the file counts"],
)
def test_a_file_made_here_is_known(visitor: Client, made: None, asked: dict[str, object]) -> None:
    answer = visitor.post(PATH, asked)

    assert (answer.status_code, YES in answer.content.decode()) == (200, True)
    assert not answer.cookies
    assert "holiday" not in answer.content.decode()


def test_a_film_is_called_one(visitor: Client, db: None) -> None:
    made_files.note(digests=[DIGEST], kind=Kind.FILM)

    assert "this video was made here" in visitor.post(PATH, {"digest": DIGEST}).content.decode()


@pytest.mark.parametrize("asked", [{"file": upload(FILE + b"\0")}, {"digest": "0" * 64}])
def test_another_file_is_not_known_and_what_that_means_is_said(
    visitor: Client, made: None, asked: dict[str, object]
) -> None:
    page = visitor.post(PATH, asked).content.decode()

    assert NO in page
    assert "That does not mean that a human made it" in page


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({}, "Choose a file, or paste its SHA-256."),
        ({"file": upload(b"")}, "Choose a file, or paste its SHA-256."),
        ({"digest": "abc"}, "This is no SHA-256"),
        ({"digest": "g" * 64}, "This is no SHA-256"),
    ],
)
def test_what_cannot_be_asked_is_said(
    visitor: Client, db: None, asked: dict[str, object], said: str
) -> None:
    answer = visitor.post(PATH, asked)

    assert answer.status_code == 422
    assert said in answer.content.decode()


def test_nobody_needs_a_cookie_or_a_token(db: None, plain_static_files: None) -> None:
    strict = Client(enforce_csrf_checks=True)

    assert strict.get(PATH).status_code == 200
    answer = strict.post(f"{PATH}?language=fr", {"digest": DIGEST})

    assert not strict.cookies
    assert "Ce fichier précis n’est pas connu ici." in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]


def test_one_network_asks_so_often_and_no_more(
    visitor: Client, made: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(made_here, "_TIMES_AN_HOUR", 2)

    answers = [visitor.post(PATH, {"digest": DIGEST}) for _each in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 422]
    assert YES not in answers[-1].content.decode()
    cache.clear()


@pytest.mark.parametrize("has_scripts", [True, False])
def test_a_browser_sends_the_digest_and_keeps_the_file(
    new_visit: NewVisit, has_scripts: bool
) -> None:
    visit = new_visit(is_logged_in=False, java_script_enabled=has_scripts)
    visit.open(PATH)
    own = visit.page.get_by_text("the file stays on your device")
    (own if has_scripts else visit.page.get_by_text("The file is sent, at most")).wait_for()
    assert own.is_visible() is has_scripts

    visit.page.set_input_files(
        "input[type=file]", {"name": "holiday.png", "mimeType": "image/png", "buffer": FILE}
    )
    with visit.page.expect_request(lambda request: request.method == "POST") as posting:
        visit.page.get_by_role("button", name="Ask", exact=True).click()
    visit.page.get_by_text(NO).wait_for()

    assert visit.page.locator("code").inner_text() == DIGEST
    sent_bytes = int(posting.value.all_headers()["content-length"])
    assert sent_bytes < 2_000 if has_scripts else sent_bytes > len(FILE)
    assert visit.page.context.cookies() == []
    assert visit.complaints == []
