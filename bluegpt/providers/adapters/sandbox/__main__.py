"""The sandbox alone, for SDKs and benchmarks: `python -m bluegpt.providers.adapters.sandbox`."""

import argparse
import asyncio
import signal
import sys
from importlib import import_module

from bluegpt.providers.adapters.sandbox.server import Sandbox


def _new_loop() -> asyncio.AbstractEventLoop:
    if sys.platform == "win32":  # there is no uvloop for it
        return asyncio.new_event_loop()
    loop: asyncio.AbstractEventLoop = import_module("uvloop").new_event_loop()
    return loop


async def _serve(port: int) -> None:
    sandbox = Sandbox()
    sys.stdout.write(f"{await sandbox.start(port=port)}\n")
    sys.stdout.flush()
    stopped = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stopped.set)
    await stopped.wait()
    await sandbox.stop()


def main() -> None:
    """Print the address, then serve until a signal."""
    parser = argparse.ArgumentParser(prog="python -m bluegpt.providers.adapters.sandbox")
    parser.add_argument("--port", type=int, default=0, help="0 picks a free one")
    port = parser.parse_args().port
    with asyncio.Runner(loop_factory=_new_loop) as runner:
        runner.run(_serve(port))


main()
