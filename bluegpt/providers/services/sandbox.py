"""The sandbox as a part of this process: started and stopped with it."""

from bluegpt.providers.adapters.sandbox.server import Sandbox

_running: list[Sandbox] = []  # one at most


async def start() -> None:
    """Listen on a free port of this machine, in the running event loop. Twice is once."""
    if not _running:
        _running.append(Sandbox())
        await _running[0].start()


async def stop() -> None:
    """Stop listening; what still runs is broken off."""
    while _running:
        await _running.pop().stop()
