"""Processes that begin where the imports end.

    done = warm.run([sys.executable, "-m", "bluegpt.ops.cli", "doctor"], env=environment)

A server process has imported everything, and has read no setting that counts and opened nothing.
Each program is a child of it, made by fork, with an id, an environment, a working folder, standard
streams, signals and an exit code of its own; it reads the settings anew. It costs some
milliseconds where a process from the beginning costs more than a second.

What proves how the program itself starts uses `subprocess`. So does everything where the kernel
gives no orphans away (it does on Linux): there, the children would not be ours to wait for.
"""

import atexit
import ctypes
import functools
import gc
import inspect
import json
import os
import pkgutil
import runpy
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
_PR_SET_CHILD_SUBREAPER = 36
_MESSAGE_BYTES_MAX = 200_000
_END_S = 120
Start = Callable[..., subprocess.Popen[Any]]
# What is imported by name only once there is something to do.
_LATE = (
    "argon2",
    "bluegpt.core.sqlite.base",
    "django.contrib.staticfiles.management.commands.collectstatic",
    "django.contrib.staticfiles.storage",
    "django.core.cache.backends.locmem",
    "django.core.management.commands.migrate",
    "django.db.backends.sqlite3.base",
    "django.template.backends.django",
    "servestatic.middleware",
    "servestatic.storage",
    "uvicorn.lifespan.on",
    "uvicorn.loops.auto",
    "uvicorn.protocols.http.httptools_impl",
)
# Reads the settings when it is imported, as the server of a site has to.
_SETTLED_BY_SETTINGS = {"bluegpt.config.asgi", "bluegpt.config.settings"}


class Program(subprocess.Popen[Any]):
    """`subprocess.Popen`, but for how the process comes into being."""

    def _execute_child(self, *given: Any) -> None:
        facts = inspect.signature(subprocess.Popen._execute_child).bind(self, *given).arguments  # type: ignore[attr-defined]
        python, *words = facts["args"]
        assert python == sys.executable
        job = {
            "words": words,
            "env": dict(os.environ if facts["env"] is None else facts["env"]),
            "cwd": str(facts["cwd"] or Path.cwd()),
        }
        ends = [facts["p2cread"], facts["c2pwrite"], facts["errwrite"]]
        streams = [number if end == -1 else end for number, end in enumerate(ends)]
        try:
            self.pid = _server().start(job, streams)
            self._child_created = True
        finally:
            self._close_pipe_fds(  # type: ignore[attr-defined]
                *(facts[name] for name in ("p2cread", "p2cwrite", "c2pread")),
                *(facts[name] for name in ("c2pwrite", "errread", "errwrite")),
            )


class _Server:
    """The process that has imported everything, and the line to it."""

    def __init__(self) -> None:
        self._line, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.warm", str(theirs.fileno())],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            pass_fds=[theirs.fileno()],
        )
        theirs.close()
        atexit.register(self.close)

    def start(self, job: dict[str, Any], streams: list[int]) -> int:
        """The id of a process that does the job, with these as its standard streams."""
        socket.send_fds(self._line, [json.dumps(job).encode()], streams)
        return int(self._line.recv(_MESSAGE_BYTES_MAX))

    def close(self) -> None:
        self._line.close()
        self._process.wait(timeout=10)


@functools.cache
def _server() -> _Server:
    """The server of this process, which adopts what the server's helpers leave behind."""
    wanted = ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    assert wanted == 0
    return _Server()


def start(command: Sequence[str], **options: Any) -> subprocess.Popen[Any]:
    """As `subprocess.Popen`: a Python of ours with `-m` and a module, or `-c` and a program."""
    make = Program if sys.platform == "linux" else subprocess.Popen
    return make(command, **options)


def run(
    command: Sequence[str], *, typed: str = "", begin: Start = start, **options: Any
) -> subprocess.CompletedProcess[str]:
    """Run a command to its end, as `subprocess.run` does. Raises TimeoutExpired."""
    pipe = subprocess.PIPE
    with begin(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True, **options) as process:
        try:
            out, err = process.communicate(typed, timeout=_END_S)
        except subprocess.TimeoutExpired:
            process.kill()
            raise
    return subprocess.CompletedProcess(command, process.returncode, out, err)


def _serve(line: socket.socket) -> None:
    while True:
        message, streams, _flags, _address = socket.recv_fds(line, _MESSAGE_BYTES_MAX, 3)
        if not message:
            return
        told, telling = os.pipe()
        helper = os.fork()
        if helper == 0:
            pid = os.fork()
            if pid == 0:
                for end in (line.fileno(), told, telling):
                    os.close(end)
                _become(json.loads(message), streams)
            os.write(telling, str(pid).encode())
            os._exit(0)  # an orphan is adopted by the next ancestor that wants to: by the tests
        os.waitpid(helper, 0)  # and before this returns
        line.send(os.read(told, _MESSAGE_BYTES_MAX))
        for end in (*streams, told, telling):
            os.close(end)


def _become(job: dict[str, Any], streams: list[int]) -> None:
    """Be the program: this ends with the process."""
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    os.chdir(job["cwd"])
    os.environ.clear()
    os.environ.update(job["env"])
    for text in (sys.stdout, sys.stderr):
        text.reconfigure(write_through=bool(job["env"].get("PYTHONUNBUFFERED")))  # type: ignore[union-attr]
    _forget_settings()
    how, what, *words = job["words"]
    sys.argv = [what, *words]
    if how == "-m":
        sys.modules.pop(what, None)  # it is run, not imported
        runpy.run_module(what, run_name="__main__", alter_sys=True)
    else:
        exec(what, {"__name__": "__main__"})  # noqa: S102 - a program of our own tests
    sys.exit()


def _forget_settings() -> None:
    """Whoever asks for a setting next reads them all, from the environment as it is now."""
    conf, db = import_module("django.conf"), import_module("django.db")
    conf.settings._wrapped = conf.empty
    del sys.modules["bluegpt.config.settings"]
    # Models ask their database how long a name may be. That is all it was asked.
    db.connections.__init__()
    del vars(db.connections)["settings"]


def _import_everything() -> None:
    import_module("bluegpt.core.settings").use_django()
    import_module("django").setup()
    for name in (*_LATE, *_our_modules()):
        import_module(name)
    db, cache, template = map(import_module, ("django.db", "django.core.cache", "django.template"))
    assert not any(
        connection.connection for connection in db.connections.all(initialized_only=True)
    )
    assert not {"settings", "templates"} & {*vars(cache.caches), *vars(template.engines)}


def _our_modules() -> Iterator[str]:
    package = import_module("bluegpt")
    for module in pkgutil.walk_packages(package.__path__, "bluegpt."):
        if module.name not in _SETTLED_BY_SETTINGS and not module.name.endswith(".__main__"):
            yield module.name


if __name__ == "__main__":
    _line = socket.socket(fileno=int(sys.argv[1]))
    _import_everything()
    gc.collect()
    gc.freeze()  # what was imported is shared with the children, and never copied to be looked at
    _serve(_line)
