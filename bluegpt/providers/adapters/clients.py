"""HTTP clients: one per event loop and route, pooled and kept alive, closed at shutdown."""

import asyncio
from weakref import WeakKeyDictionary

import aiohttp

# A connection that cannot be made in this time will not be made by waiting.
CONNECT_TIMEOUT_S = 10
KEEPALIVE_S = 60
# Above what one process can serve: the pool is never the queue.
CONNECTIONS_MAX = 20_000

_clients: WeakKeyDictionary[asyncio.AbstractEventLoop, dict[str, aiohttp.ClientSession]] = (
    WeakKeyDictionary()
)


def client(base_url: str) -> aiohttp.ClientSession:
    """The client of the running loop for the route with this base URL."""
    own = _clients.setdefault(asyncio.get_running_loop(), {})
    session = own.get(base_url)
    if session is None or session.closed:
        session = own[base_url] = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(
                limit=CONNECTIONS_MAX, limit_per_host=0, keepalive_timeout=KEEPALIVE_S
            ),
            # First byte and between events are timed where the stream is read.
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_TIMEOUT_S),
            cookie_jar=aiohttp.DummyCookieJar(),
            headers={"User-Agent": "BlueGPT", "Accept-Encoding": "identity"},
            trust_env=False,
        )
    return session


async def close_clients() -> None:
    """Close every client of the running loop."""
    for session in _clients.pop(asyncio.get_running_loop(), {}).values():
        await session.close()
