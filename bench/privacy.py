"""What privacy adds to a request: the middleware, and the gate before anything is sent out.

    python -m bench privacy

The same page is asked for with the two middlewares of privacy and without them, by turns in one
process, so that a noisy moment hits both; what they add is the median of the differences between
neighbours. The gate stands in front of an answer alone: a clearance, and the disclosure in the
transaction in which the call is made, are timed by themselves. SQLite, full sync.
"""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from statistics import median

from bench.figures import percentile, table
from bench.installation import data_folder

_PAIRS = 300
_AIM_MS = 0.3
_PRIVACY = (
    "bluegpt.web.privacy.jar.JarMiddleware",
    "bluegpt.web.privacy.middleware.AskAgainMiddleware",
)
_PATHS = ("/account", "/models")


def run() -> None:
    """Measure in a process of its own, on a data folder of its own."""
    with data_folder() as folder:
        done = subprocess.run(
            [sys.executable, "-m", "bench.privacy"],
            env={**os.environ, "BLUEGPT_DATA_DIR": str(folder), "BLUEGPT_ENV": "test"},
            capture_output=True,
            text=True,
            check=True,
        )
    rows = [line.split("\t") for line in done.stdout.splitlines()]
    table(
        f"What the privacy middleware adds to a page ({_PAIRS} pairs; aim: {_AIM_MS} ms)",
        ["page", "without p50 ms", "with p50 ms", "added ms", "ratio"],
        [row[1:] for row in rows if row[0] == "page"],
    )
    table(
        f"What the gate adds to an answer ({_PAIRS} times)",
        ["act", "p50 ms", "p95 ms", "queries"],
        [row[1:] for row in rows if row[0] == "gate"],
    )


def _measure() -> None:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bluegpt.config.settings")
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("migrate", database="vault", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    from bluegpt.accounts.services.people import create_person
    from bluegpt.providers.services.catalogue import load_packaged
    from bluegpt.studio.services.pricing import publish

    load_packaged()
    publish()
    person = create_person(email="bench@example.org", password="Correct-horse-9-battery")
    _pages(person)
    _gate(person)


def _pages(person) -> None:  # type: ignore[no-untyped-def]
    from django.conf import settings
    from django.test import Client, override_settings

    def browser(middleware: list[str]) -> Client:
        client = Client(headers={"Accept": "text/html"})
        client.force_login(person)
        with override_settings(MIDDLEWARE=middleware):
            assert client.get(_PATHS[0]).status_code == 200  # the chain is built here, once
        return client

    plain = browser([each for each in settings.MIDDLEWARE if each not in _PRIVACY])
    whole = browser(list(settings.MIDDLEWARE))
    for path in _PATHS:
        without, added, with_it = [], [], []
        for number in range(_PAIRS):
            order = (plain, whole) if number % 2 else (whole, plain)
            spans = {id(client): _ms(partial(client.get, path)) for client in order}
            without.append(spans[id(plain)])
            with_it.append(spans[id(whole)])
            added.append(spans[id(whole)] - spans[id(plain)])
        ratio = median(with_it) / median(without)
        _say("page", path, median(without), median(with_it), median(added), ratio)


def _gate(person) -> None:  # type: ignore[no-untyped-def]
    from django.db import connection, transaction
    from django.test.utils import CaptureQueriesContext

    from bluegpt.core.ids import new_id
    from bluegpt.core.personal_data import DataClass
    from bluegpt.privacy.services import gate

    def clear():  # type: ignore[no-untyped-def]
        return gate.clear(
            person_id=person.id,
            purpose="chat_answer",
            recipient="sandbox",
            data_classes={DataClass.CONTENT},
        )

    cleared = clear()  # type: ignore[no-untyped-call]

    def disclosed() -> None:
        gate.disclose(cleared, call_id=new_id())

    for name, act in {"clearance": clear, "disclosure": disclosed}.items():
        # In a transaction that is there anyway: its commit is the caller's.
        with transaction.atomic():
            with CaptureQueriesContext(connection) as queries:
                act()
            spans = [_ms(act) for _time in range(_PAIRS)]
        _say("gate", name, median(spans), percentile(spans, 0.95), str(len(queries)))


def _ms(act: Callable[[], object]) -> float:
    """Milliseconds of one call."""
    started = time.perf_counter()
    act()
    return (time.perf_counter() - started) * 1_000


def _say(*cells: str | float) -> None:
    print("\t".join(cell if isinstance(cell, str) else f"{cell:.3f}" for cell in cells))


if __name__ == "__main__":
    _measure()
