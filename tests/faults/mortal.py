"""A warm process whose children die where they are told: `python -m tests.faults.mortal ADDRESS`.

It has imported everything and opened nothing. Each line on its standard input is a job for one
child, made by fork: a child costs milliseconds where a new process would cost a second. The reply
is one line: how the child ended, and what it said.
"""

import gc
import json
import os
import sys
import traceback
from collections.abc import Callable
from importlib import import_module
from typing import Any

from bluegpt.core.settings import use_django

Job = Callable[[dict[str, Any]], dict[str, Any]]


def _serve(jobs: dict[str, Job]) -> None:
    for line in sys.stdin:
        job = json.loads(line)
        sys.stdout.write(json.dumps(_in_child(jobs[job["do"]], job)) + "\n")
        sys.stdout.flush()


def _in_child(work: Job, job: dict[str, Any]) -> dict[str, Any]:
    """Fork, let the child work, and tell how it went: {"signal": …, "said": …}."""
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(reading)
        _work(work, job, writing)
    os.close(writing)
    with os.fdopen(reading, encoding="utf-8") as pipe:
        said = pipe.read()
    _pid, status = os.waitpid(pid, 0)
    return {
        "signal": os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0,
        "said": json.loads(said) if said else {},
    }


def _work(work: Job, job: dict[str, Any], writing: int) -> None:
    """The child's life. It never returns into its parent's loop."""
    status = 0
    with os.fdopen(writing, "w", encoding="utf-8") as pipe:
        try:
            json.dump(work(job), pipe)
        except BaseException:  # noqa: BLE001 - whatever it is, the test has to see it
            json.dump({"error": traceback.format_exc()}, pipe)
            status = 1
    os._exit(status)


if __name__ == "__main__":
    use_django()
    import_module("django").setup()
    lives = import_module("tests.faults.lives")
    picture_lives = import_module("tests.faults.picture_lives")
    gc.collect()
    gc.freeze()  # what was imported is shared with the children, and never copied to be looked at
    lives.remember_sandbox(sys.argv[1])
    _serve(lives.JOBS | picture_lives.JOBS)
