"""uvicorn, run from here: one process in this one, or several under a supervisor."""

import signal
import socket
from types import FrameType

import uvicorn
from typing_extensions import override
from uvicorn.config import STARTUP_FAILURE
from uvicorn.supervisors import Multiprocess

APPLICATION = "bluegpt.config.asgi:application"
GRACE_S = 20


def run(listener: socket.socket, *, workers: int, welcome: str) -> int:
    """Serve until told to stop; 0 after an orderly end, 1 when the start failed.

    `welcome` is printed when requests are answered; with several workers, when they can be made.
    """
    config = uvicorn.Config(
        APPLICATION,
        workers=workers,
        lifespan="on",
        interface="asgi3",
        ws="none",
        timeout_graceful_shutdown=GRACE_S,
        server_header=False,
        # Our own log says what matters; addresses of visitors are in none.
        access_log=False,
        log_config=None,
        log_level="warning",
    )
    if workers > 1:
        return _run_several(config, listener, welcome)
    server = _Server(config, welcome)
    # uvicorn raises the signal again once it has ended in good order; then there is no more to do.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _no_more_to_do)
    try:
        server.run(sockets=[listener])
    except SystemExit:
        return 1
    return 0 if server.started else 1


def _run_several(config: uvicorn.Config, listener: socket.socket, welcome: str) -> int:
    supervisor = Multiprocess(config, sockets=[listener])
    print(welcome, flush=True)
    supervisor.run()
    listener.close()
    failed = any(process.exitcode == STARTUP_FAILURE for process in supervisor.processes)
    return 1 if failed else 0


class _Server(uvicorn.Server):
    """Says where it is as soon as it answers."""

    def __init__(self, config: uvicorn.Config, welcome: str) -> None:
        super().__init__(config)
        self._welcome = welcome

    @override
    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        print(self._welcome, flush=True)


def _no_more_to_do(_number: int, _frame: FrameType | None) -> None:
    """The server has already ended in good order."""
