"""`bluegpt serve`"""

import argparse
from importlib.util import find_spec

from django.conf import settings
from django.core.checks import ERROR, run_checks

from bluegpt.core.settings import Environment
from bluegpt.ops import boot, demo, statics
from bluegpt.ops.adapters import server
from bluegpt.ops.adapters.listening import is_private, listen, url_of
from bluegpt.ops.errors import Complaint
from bluegpt.ops.stock import restock
from bluegpt.ops.welcome import welcome
from bluegpt.vault.services import erasures


def serve(arguments: argparse.Namespace) -> int:
    """Make everything ready, say where to go, serve until told to stop."""
    if arguments.workers > 1:
        _insist_on_valkey()
    with boot.serving():
        return _serve(arguments)


def _serve(arguments: argparse.Namespace) -> int:
    # First of all: a port that is taken should not cost anybody a minute of waiting.
    listener = listen(arguments.host, arguments.port)
    boot.ready_databases(may_upgrade=True)
    erasures.insist_on_replay()
    demo.refuse_in_production()
    _insist_on_sound_settings()
    restock()
    with boot.one_at_a_time("static"):
        statics.gather()
    is_demo = settings.BLUEGPT.site.environment is Environment.DEMO
    lines = welcome(
        url_of(listener),
        is_private=is_private(listener),
        demo_password=demo.ready_account() if is_demo else None,
    )
    return server.run(listener, workers=arguments.workers, welcome="\n".join(lines))


def _insist_on_valkey() -> None:
    if not settings.BLUEGPT.site.valkey_url:
        raise Complaint(
            "Several workers must count log-in attempts together: set BLUEGPT_VALKEY_URL to a"
            " Valkey or Redis server, or leave --workers at 1."
        )
    if find_spec("redis") is None:
        raise Complaint("Valkey needs the package redis: pip install 'bluegpt[valkey]'.")


def _insist_on_sound_settings() -> None:
    """Raises Complaint with what Django's and our own checks hold against starting."""
    wrong = [message for message in run_checks() if message.level >= ERROR]
    if wrong:
        found = "\n".join(f"  {message.msg}" for message in wrong)
        raise Complaint(f"This installation cannot serve yet:\n{found}", exit_code=1)
