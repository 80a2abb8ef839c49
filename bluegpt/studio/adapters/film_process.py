"""Films are decoded in a process of their own (`film_reader`), which can reach nothing but a pipe.

It asks for stretches of the film as it needs them. So nothing of a film lies on a disk unsealed, it
is never whole in memory, and bytes made to hang or to overrun a decoder end that process and
nothing else.
"""

import asyncio
import os
import signal
import struct
import sys
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import suppress
from pathlib import Path

Reader = Callable[[int, int], AsyncIterator[bytes]]  # from this byte to before that one

_SCRIPT = Path(__file__).with_name("film_reader.py")
_WORD = struct.Struct(">cQQ")
_SAID_BYTES_MAX = 20_000_000
# Who has closed the pipe is about to end.
_LEAVES_S_MAX = 1.0


class UnreadableFilm(Exception):
    """Not a whole film, or beyond the bounds; its words say why and hold nothing of it."""


async def said(
    read: Reader, *, size_bytes: int, act: str, given: bytes = b"", numbers: tuple[int, ...] = ()
) -> AsyncGenerator[tuple[bytes, bytes], None]:
    """What the process says of a film: each time a letter and bytes, as `film_reader` describes.

    It is ended when this is closed. Raises UnreadableFilm, and whatever `read` raises.
    """
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-I",
        str(_SCRIPT),
        act,
        *map(str, (size_bytes, len(given), *numbers)),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        # No key and no password is known where strangers' bytes are decoded. Windows starts nothing
        # without its own variables.
        env=None if sys.platform == "win32" else {},
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        process.stdin.write(given)
        while True:
            kind, first, second = _WORD.unpack(await process.stdout.readexactly(_WORD.size))
            if kind == b"E":
                return
            if kind == b"R":
                await _give(process.stdin, read, first, second, size_bytes)
                continue
            if first > _SAID_BYTES_MAX:
                raise UnreadableFilm("said more than anybody expects")
            yield kind, await process.stdout.readexactly(first)
    except (asyncio.IncompleteReadError, ConnectionError):
        with suppress(TimeoutError):
            async with asyncio.timeout(_LEAVES_S_MAX):
                await process.wait()
        raise UnreadableFilm(f"no film (exit {await _ended(process)})") from None
    finally:
        await _ended(process)


async def _give(
    pipe: asyncio.StreamWriter, read: Reader, start: int, stop: int, size_bytes: int
) -> None:
    if not start < stop <= size_bytes:
        raise UnreadableFilm("asked for what is not there")
    async for chunk in read(start, stop):
        pipe.write(chunk)
        await pipe.drain()


async def _ended(process: asyncio.subprocess.Process) -> int:
    """Make sure that it is gone; how it ended."""
    if process.returncode is None:
        with suppress(ProcessLookupError):
            if sys.platform == "win32":
                process.kill()
            else:
                # `kill` of asyncio looks first whether it has ended, and takes the code from the
                # thread that waits for it.
                os.kill(process.pid, signal.SIGKILL)
    return await process.wait()
