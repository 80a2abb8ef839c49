"""`bluegpt privacy drill …`"""

import argparse
import tempfile
from importlib import import_module
from pathlib import Path

from bluegpt.core import settings as core_settings
from bluegpt.ops import boot
from bluegpt.ops.adapters import postgres


def restore(_arguments: argparse.Namespace) -> int:
    """Rehearse a restore in a scratch folder with scratch databases; 1 when something fails."""
    with tempfile.TemporaryDirectory(prefix="bluegpt-drill-") as folder:
        wanted = core_settings.use_scratch(Path(folder))
        with postgres.scratch(wanted):
            boot.start_django(None)
            try:
                return _rehearsed()
            finally:
                _let_go()


def _rehearsed() -> int:
    drill = import_module("bluegpt.ops.drills.restore")  # it needs Django's tables
    boot.ready_databases(may_upgrade=True)
    try:
        for shown in drill.rehearse():
            print(f"ok    {shown}", flush=True)
    except drill.DrillFailed as failed:
        print(f"FAILED  {failed}.")
        return 1
    print("The drill is passed: what was erased stays erased.")
    return 0


def _let_go() -> None:
    """Leave no connection to what is about to be dropped."""
    django_db = import_module("django.db")
    import_module("bluegpt.core.single_writer").stop_all()
    for alias in django_db.connections:
        connection = django_db.connections[alias]
        connection.close()
        if connection.vendor == "postgresql":
            connection.close_pool()
