"""Where this process's sandbox listens, for the routes of the real adapters."""

_listening: list[str] = []  # the last one counts; more than one only in tests


def base_url() -> str | None:
    """`http://127.0.0.1:<port>` without a path, or None while no sandbox runs here."""
    return _listening[-1] if _listening else None


def remember(url: str) -> None:
    """A server has begun to listen at `url`."""
    _listening.append(url)


def forget(url: str) -> None:
    """The server at `url` has stopped."""
    _listening.remove(url)
