"""`bluegpt serve`, end to end: a real process, real requests, real signals."""

import json
import re
import signal
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import redis

from tests.furnished import furnish
from tests.ops.conftest import Installation, Server, from_the_beginning

END_S = 5
_ANSWER_S = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondStart:
    """A server on a folder that has been served before, for tests that leave it running."""

    site: Installation
    server: Server
    static_before: dict[Path, int]


@pytest.fixture(scope="module")
def second_start(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SecondStart]:
    """One start for all tests that only look at it, or add people."""
    site = Installation(furnish(tmp_path_factory.mktemp("second") / "data"))
    before = _changes(site)
    with site.serving() as server:
        yield SecondStart(site=site, server=server, static_before=before)


def _changes(site: Installation) -> dict[Path, int]:
    """When each static file was last written, in nanoseconds."""
    return {path: path.stat().st_mtime_ns for path in (site.data_dir / "static").rglob("*")}


def test_it_says_where_it_is_and_who_to_be_there(installation: Installation) -> None:
    with from_the_beginning(installation).serving() as server:
        assert re.search(r"^BlueGPT is at http://127\.0\.0\.1:\d+$", server.welcome, re.MULTILINE)
        assert "demo@bluegpt.example" in server.welcome
        assert str(installation.data_dir / "mail") in server.welcome
        assert "the sandbox answers" in server.welcome
        status, headers, body = server.get("/")

    assert status == 200
    assert "server" not in {name.lower() for name in headers}
    assert re.search(r"/static/css/main\.[0-9a-f]{12}\.css", body)


def test_it_is_ready_and_says_what_that_rests_on(second_start: SecondStart) -> None:
    server = second_start.server

    body = server.ready()
    live, _headers, _body = server.get("/health/live")

    said = json.loads(body)
    # The first verification is a job of the first start; this start may or may not find it done.
    assert said.pop("books") in {"not verified", "sound"}
    assert said == {
        "status": "ready",
        "checks": dict.fromkeys(("database", "vault", "erasures", "migrations", "worker"), True),
    }
    assert live == 200


def test_the_demo_account_has_the_printed_password_and_the_welcome_credits(
    second_start: SecondStart,
) -> None:
    site = second_start.site
    email = "demo@bluegpt.example"
    password = re.search(r"^ +Password +(\S+)$", second_start.server.welcome, re.MULTILINE)

    assert password
    balance = site.run("credits", "balance", email)
    assert balance.out.startswith("100 credits available")
    again = site.run("user", "create", email, "--password-stdin", typed=f"{password.group(1)}\n")
    assert again.code == 2


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_in_good_order(running: Installation, number: signal.Signals) -> None:
    with from_the_beginning(running).serving() as server:
        server.ready()
        asked_s = time.monotonic()
        server.process.send_signal(number)
        code = server.process.wait(timeout=END_S)
        took_s = time.monotonic() - asked_s
        assert server.process.stderr
        said = server.process.stderr.read()

    assert code == 0
    assert took_s < END_S
    assert "Traceback" not in said


def test_a_second_start_gathers_no_static_files_again(second_start: SecondStart) -> None:
    second_start.server.get("/health/live")

    assert second_start.static_before
    assert _changes(second_start.site) == second_start.static_before


def test_commands_work_beside_a_running_server(second_start: SecondStart) -> None:
    second_start.site.with_person()

    assert second_start.site.run("ledger", "verify").code == 0


def test_a_port_that_is_taken_is_said_so(second_start: SecondStart, tmp_path: Path) -> None:
    port = second_start.server.url.rpartition(":")[2]

    second = Installation(tmp_path / "other").run("serve", "--port", port)

    assert second.code == 1
    assert second.err.startswith(f"Port {port} is taken by another program.")
    assert second.err.count("\n") == 1


def test_an_address_that_is_not_ours_is_said_so(running: Installation) -> None:
    said = running.run("serve", "--host", "192.0.2.1", "--port", "0")

    assert said.code == 1
    assert said.err == "192.0.2.1 is not an address of this machine.\n"


def test_a_server_that_others_reach_warns_of_the_public_password(
    running: Installation,
) -> None:
    with running.serving("--host", "0.0.0.0") as server:  # noqa: S104 - to be warned of
        assert "the demo password is public" in server.welcome
        status, _headers, _body = server.get("/health/live")

    assert status == 200


def test_several_workers_without_valkey_are_refused(installation: Installation) -> None:
    said = installation.run("serve", "--port", "0", "--workers", "2")

    assert said.code == 2
    assert "BLUEGPT_VALKEY_URL" in said.err
    assert said.err.count("\n") == 1


@pytest.mark.valkey
def test_several_workers_serve_one_site(running: Installation, valkey_url: str) -> None:
    several = Installation(running.data_dir, {"BLUEGPT_VALKEY_URL": valkey_url})

    with from_the_beginning(several).serving("--workers", "2") as server:
        assert '"ready"' in server.ready()
        _fail_to_log_in(server, "heron.of.brackwater@example.org")
        kept = _everything_in(valkey_url)
        server.process.send_signal(signal.SIGTERM)
        code = server.process.wait(timeout=2 * END_S)

    assert code == 0
    assert any(b"login" in key for key in kept), "the throttle counts there"
    assert not any(b"brackwater" in words for pair in kept.items() for words in pair)


def _fail_to_log_in(server: Server, address: str) -> None:
    """Two wrong passwords for one address, as a browser sends them."""
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
    page = f"{server.url}/account/login/"
    for _attempt in range(2):
        html = browser.open(page, timeout=_ANSWER_S).read().decode()
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', html)
        assert token is not None
        form = {"csrfmiddlewaretoken": token[1], "login": address, "password": "not-this-1-either"}
        sent = urllib.request.Request(
            page, urllib.parse.urlencode(form).encode(), headers={"Referer": page}
        )
        with browser.open(sent, timeout=_ANSWER_S) as answer:
            assert answer.status == 200


def _everything_in(url: str) -> dict[bytes, bytes]:
    """Every key, and its value as the server would write it to a file."""
    with redis.Redis.from_url(url) as session:
        return {key: session.dump(key) or b"" for key in session.scan_iter()}


def test_production_has_no_demo_account(tmp_path: Path) -> None:
    production = _production(tmp_path)

    with production.serving() as server:
        assert "demo@" not in server.welcome
        assert "https://site.example" in server.welcome

    stranger = production.run("credits", "balance", "demo@bluegpt.example")
    assert stranger.code == 2


def test_production_refuses_a_folder_with_the_demo_account(tmp_path: Path) -> None:
    production = _production(tmp_path)
    furnish(production.data_dir)

    said = production.run("serve", "--port", "0")

    assert said.code == 1
    assert said.err.startswith("This data folder has the demo account")


def test_production_refuses_an_operator_who_is_nobody(tmp_path: Path) -> None:
    said = Installation(
        tmp_path / "data", {"BLUEGPT_ENV": "production", "BLUEGPT_URL": "https://site.example"}
    ).run("serve", "--port", "0")

    assert said.code == 1
    assert said.err.startswith("This installation cannot serve yet:")
    assert "privacy.toml" in said.err
    assert "Traceback" not in said.err


def _production(tmp_path: Path) -> Installation:
    """A production site with an operator who is somebody."""
    data_dir = tmp_path / "production"
    data_dir.mkdir(mode=0o700)
    (data_dir / "privacy.toml").write_text(
        '[operator]\ncompany = "Institut Exemple"\nlegal_form = "association"\n'
        'share_capital = "none"\nregister = "RNA W313000000"\n'
        'seat = "1 rue de l\'Essai, 31000 Toulouse"\nemail = "privacy@institut.example"\n'
        'post = "1 rue de l\'Essai, 31000 Toulouse"\n[operator.dpo_reason]\n'
        'en = "Fewer than ten people and no large-scale monitoring."\n'
        'fr = "Moins de dix personnes et pas de suivi à grande échelle."\n',
        encoding="utf-8",
    )
    return Installation(
        data_dir, {"BLUEGPT_ENV": "production", "BLUEGPT_URL": "https://site.example"}
    )
