"""Valkey's errors, where its client is installed."""

from importlib import import_module
from importlib.util import find_spec

# Without the client there is nothing that could raise them.
CacheError: type[Exception] = (
    import_module("redis.exceptions").RedisError if find_spec("redis") else ImportError
)
