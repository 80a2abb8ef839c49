"""All that the sandbox remembers: digests of prefixes, and calls without their content."""

import hashlib
from collections import OrderedDict, deque
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from typing import Any

from bluegpt.providers.adapters.sandbox import tokens
from bluegpt.providers.adapters.sandbox.ask import Ask, Said
from bluegpt.providers.adapters.sandbox.pieces import Pieces

CACHED_TOKENS_MIN = 256
CACHED_ANSWER_TOKENS_MAX = 16_384
PREFIXES_MAX = 4_096
CALLS_MAX = 256

RUNNING, DONE, CLIENT_GONE = "running", "done", "client_gone"


@dataclass(slots=True, kw_only=True)
class Call:
    """One call, for tests and benchmarks. Nothing of what was said is in it."""

    id: str
    wire: str
    model: str = ""
    state: str = RUNNING
    tokens_sent: int = 0
    user_id: str = ""
    is_stored: bool | None = None


class Calls:
    """The last calls, oldest first."""

    def __init__(self) -> None:
        self._calls: deque[Call] = deque(maxlen=CALLS_MAX)

    def begin(self, *, id: str, wire: str) -> Call:
        call = Call(id=id, wire=wire)
        self._calls.append(call)
        return call

    def facts(self) -> list[dict[str, Any]]:
        return [asdict(call) for call in self._calls]


@dataclass(frozen=True, slots=True)
class Cached:
    """How many tokens of an input were read from the cache, and how many written to it."""

    read_tokens: int = 0
    written_tokens: int = 0


class PrefixCache:
    """Which beginnings of conversations were seen before, per caller and model, as digests."""

    def __init__(self) -> None:
        self._seen: OrderedDict[bytes, None] = OrderedDict()

    def look_up(self, ask: Ask, *, caller: str) -> Cached:
        """Find the longest known prefix of a call, and remember all of its prefixes."""
        read_tokens, longest, fresh = 0, 0, []
        for digest, length in self._prefixes(ask, caller):
            longest = length
            if digest in self._seen:
                self._seen.move_to_end(digest)
                read_tokens = length
            else:
                fresh.append(digest)
        self._remember(fresh)
        written = 0 if ask.caches_by_itself else longest - read_tokens
        return Cached(read_tokens, written)

    def remember_answer(self, ask: Ask, text: Pieces, *, caller: str) -> None:
        """Let the next turn find this answer in the cache, where caching goes by itself."""
        if ask.caches_by_itself and CACHED_TOKENS_MIN <= text.length <= CACHED_ANSWER_TOKENS_MAX:
            answered = (*ask.turns, Said(role="assistant", text=text.text()))
            *_, (digest, _) = self._prefixes(replace(ask, turns=answered), caller)
            self._remember([digest])

    def _prefixes(self, ask: Ask, caller: str) -> Iterator[tuple[bytes, int]]:
        """The prefixes that are long enough to be cached, shortest first."""
        turns = len(ask.turns) if ask.caches_by_itself else 0
        if ask.cache_mark is not None:
            turns = ask.cache_mark.turns
        elif not ask.caches_by_itself:
            return
        digest = hashlib.sha256(f"{caller}\0{ask.model}\0{ask.system}".encode())
        length = tokens.system_tokens(ask)
        if ask.system and length >= CACHED_TOKENS_MIN:
            yield digest.digest(), length
        for said in ask.turns[:turns]:
            digest.update(repr((said.role, said.text, said.attachments)).encode())
            length += tokens.turn_tokens(said)
            if length >= CACHED_TOKENS_MIN:
                yield digest.digest(), length

    def _remember(self, digests: list[bytes]) -> None:
        self._seen.update(dict.fromkeys(digests))
        while len(self._seen) > PREFIXES_MAX:
            self._seen.popitem(last=False)
