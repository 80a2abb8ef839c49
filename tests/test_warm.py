"""A warm process is as good as one from its very beginning, where the tests rely on it."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests import warm

_FACTS = """
import os, sys, django
django.setup()
from django.conf import settings
from django.db import connections
data_dir, keys = settings.BLUEGPT.site.data_dir, connections["vault"].settings_dict["NAME"]
print(os.getpid(), os.getcwd(), data_dir, keys, sys.stdin.read())
print("aside", file=sys.stderr)
sys.exit(7)
"""


@pytest.mark.parametrize("begin", [warm.start, subprocess.Popen])
def test_it_reads_its_own_settings_and_speaks_for_itself(tmp_path: Path, begin: warm.Start) -> None:
    data_dir = tmp_path / "data"
    own = {"BLUEGPT_DATA_DIR": str(data_dir), "BLUEGPT_VAULT_DATABASE_URL": "postgresql:///keys"}

    done = warm.run(
        [sys.executable, "-c", _FACTS],
        typed="words",
        begin=begin,
        cwd=tmp_path,
        env=os.environ | own,
    )

    pid, *facts = done.stdout.split()
    assert int(pid) not in {os.getpid(), os.getppid()}
    assert facts == [str(tmp_path), str(data_dir), "keys", "words"]
    assert done.stderr == "aside\n"
    assert done.returncode == 7


def test_the_next_one_knows_nothing_of_the_last_one() -> None:
    leave = "import os, sys; os.environ['LEFT'] = 'x'; sys.modules['left'] = os"
    look = "import os, sys; print('LEFT' in os.environ, 'left' in sys.modules)"

    warm.run([sys.executable, "-c", leave])

    assert warm.run([sys.executable, "-c", look]).stdout == "False False\n"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_a_signal_ends_it_and_is_told(number: signal.Signals) -> None:
    process = warm.start(
        [sys.executable, "-c", "import time; print('ready', flush=True); time.sleep(60)"],
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        assert process.poll() is None
        began_s = time.monotonic()
        process.send_signal(number)

    assert process.returncode == -number
    assert time.monotonic() - began_s < 30
