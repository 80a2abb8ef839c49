"""Jobs that make films: in memory only, each with the switches that it was begun with."""

import asyncio
import contextlib
from collections import OrderedDict
from dataclasses import dataclass, field

from bluegpt.core import clock, ids
from bluegpt.providers.adapters.sandbox import projection
from bluegpt.providers.adapters.sandbox.switches import Switches, without_switches

JOBS_MAX = 256
# What a fault of the kind "wrong size" makes the film smaller by.
_SMALLER_PX = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class FilmOrder:
    """What a film is to be. `seconds` is its whole length, `picture` what it begins with."""

    model: str
    prompt: str
    seconds: int
    size: str
    has_sound: bool
    picture: bytes = field(default=b"", repr=False)
    source_id: str = ""
    billed_seconds: int = 0  # of a film that goes on from another: those that are new


@dataclass(slots=True, kw_only=True)
class FilmJob:
    """One film on its way."""

    id: str
    order: FilmOrder
    told: Switches
    began_s: float  # of the monotonic clock
    created: int  # seconds since 1970
    making: asyncio.Task[bytes]
    looks: int = 0
    is_cancelled: bool = False
    is_file_deleted: bool = False
    deliveries: int = 0  # replies that the film lay in

    @property
    def state(self) -> str:
        """`queued`, `running`, `done`, `failed`, `rejected` or `cancelled`."""
        if self.is_cancelled:
            return "cancelled"
        if self.part < 1 or self.told.film == "stuck" or not self.making.done():
            return "queued" if self.part < 0.1 else "running"
        return self.told.film if self.told.film in ("failed", "rejected") else "done"

    @property
    def part(self) -> float:
        """How much of its time has passed, 0 to 1."""
        spent_ms = (clock.monotonic_s() - self.began_s) * 1_000
        return min(1.0, spent_ms / self.told.job_ms) if self.told.job_ms else 1.0

    @property
    def percent(self) -> int:
        """What can honestly be said: a film that is not done is not whole."""
        if self.state == "done":
            return 100
        return min(99, int(100 * self.part)) if self.told.film != "stuck" else 60

    @property
    def is_kept(self) -> bool:
        """Whether the film can still be fetched."""
        return self.told.film != "expired" and not self.is_file_deleted

    def content(self) -> bytes:
        """The bytes of a film that is done."""
        return self.making.result()

    def stumbles(self) -> bool:
        """Count a look; whether it is one of those that fail on the server's side."""
        self.looks += 1
        return self.looks <= self.told.look_errors


class FilmJobs:
    """The last jobs, the oldest forgotten first."""

    def __init__(self) -> None:
        self._jobs: OrderedDict[str, FilmJob] = OrderedDict()

    def begin(self, order: FilmOrder, told: Switches, *, prefix: str = "video_") -> FilmJob:
        job = FilmJob(
            id=prefix + ids.new_id().hex,
            order=order,
            told=told,
            began_s=clock.monotonic_s(),
            created=int(clock.now().timestamp()),
            making=asyncio.create_task(_made(order, told)),
        )
        self._jobs[job.id] = job
        while len(self._jobs) > JOBS_MAX:
            self.forget(next(iter(self._jobs)))
        return job

    def find(self, job_id: str) -> FilmJob | None:
        """The job, unless it is not known (any more)."""
        job = self._jobs.get(job_id)
        return None if job is None or job.told.film == "unknown" else job

    def of(self, model: str) -> list[FilmJob]:
        """The known jobs of a model, newest first."""
        jobs = [job for job in self._jobs.values() if job.order.model == model]
        return [job for job in reversed(jobs) if job.told.film != "unknown"]

    def forget(self, job_id: str) -> bool:
        job = self._jobs.pop(job_id, None)
        if job is not None:
            job.making.cancel()
        return job is not None

    async def close(self) -> None:
        """Break off what is still being made."""
        for job in self._jobs.values():
            job.making.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await job.making
        self._jobs.clear()


async def _made(order: FilmOrder, told: Switches) -> bytes:
    film = await asyncio.to_thread(_film, order, told)
    if told.film == "corrupt":
        return b"\0" * 64 + film[64:]
    return film[: len(film) // 2] if told.film == "cut_short" else film


def _film(order: FilmOrder, told: Switches) -> bytes:
    width, height = map(int, order.size.split("x"))
    size = (width - _SMALLER_PX if told.film == "wrong_size" else width, height)
    has_sound = order.has_sound and told.film != "silent"
    if order.picture:
        backdrop = projection.backdrop_from(order.picture, size)
        return projection.filmed_from(backdrop, size, order.seconds, has_sound)
    hue = projection.hue_of(without_switches(order.prompt))
    return projection.filmed(hue, size, order.seconds, has_sound)
