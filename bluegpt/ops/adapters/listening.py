"""The socket that the site is served on."""

import errno
import socket

from bluegpt.ops.errors import Complaint

_BACKLOG = 2048


def listen(host: str, port: int) -> socket.socket:
    """Listen on an address; port 0 takes a free one. Raises Complaint when that cannot be had."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except OSError:
        raise Complaint(f"{host} is not an address or a name of this machine.") from None
    family, kind, protocol, _name, address = found[0]
    listener = socket.socket(family, kind, protocol)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(address)
        # At once: a port that is only bound can still be taken by somebody else.
        listener.listen(_BACKLOG)
    except OSError as error:
        listener.close()
        raise Complaint(_sentence(error, host, port), exit_code=1) from None
    listener.set_inheritable(True)
    return listener


def url_of(listener: socket.socket) -> str:
    """Where a browser on this machine finds what is served on a listening socket."""
    host, port = listener.getsockname()[:2]
    if host in {"0.0.0.0", "::"}:  # noqa: S104 - compared, not listened on
        host = "127.0.0.1"
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def is_private(listener: socket.socket) -> bool:
    """Whether only this machine reaches it."""
    host: str = listener.getsockname()[0]
    return host == "::1" or host.startswith("127.")


def _sentence(error: OSError, host: str, port: int) -> str:
    match error.errno:
        case errno.EADDRINUSE:
            return (
                f"Port {port} is taken by another program."
                " Choose another with --port, or a free one with --port 0."
            )
        case errno.EACCES:
            return f"Port {port} is reserved for the system. Choose one above 1023 with --port."
        case errno.EADDRNOTAVAIL:
            return f"{host} is not an address of this machine."
        case _:
            return f"Nothing can listen on {host}, port {port}: {error.strerror}."
