"""The same for pictures that are kept: drawn until the process dies, recovered, asked for again."""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import aiohttp

from bluegpt.core.models import Job
from bluegpt.credits import jobs as credit_jobs
from bluegpt.providers.services.chat import close_clients
from bluegpt.providers.types.pictures import PictureFormat
from bluegpt.studio import jobs as studio_jobs
from bluegpt.studio.flows import assets, creations, ending, live
from bluegpt.studio.models import Asset, Creation
from bluegpt.studio.services import answers
from bluegpt.studio.services import creations as creation_services
from bluegpt.studio.services.conversations import DELETE_FILES_JOB
from bluegpt.studio.types.media import PictureWish
from bluegpt.vault.services import files as vault_files
from tests.faults import lives
from tests.faults.points import Points

PAINTER = "sandbox/painter"


def draw(job: dict[str, Any]) -> dict[str, Any]:
    """Two pictures from the wish to the settlement, or to `job["until"]`."""
    points = Points(last=job["until"])
    lives.newcomer(UUID(job["person_id"]))
    points.arm()
    lives.run(_draw(job, points))
    passed = tuple(points.passed)
    return _facts(job) | {"passed": passed}


def recover(job: dict[str, Any]) -> dict[str, Any]:
    """A new process, hours later: what the clock does; then the same wish once more."""
    lives.move_clocks()
    studio_jobs.settle_interrupted()
    credit_jobs.release_overdue_holds()
    for row in Job.objects.filter(name=DELETE_FILES_JOB):
        studio_jobs.delete_files(row.payload)
        row.delete()
    recovered = _facts(job) | {"broken": lives.broken()}
    lives.run(_draw(job, None))
    return {"recovered": recovered, "repeated": _facts(job)}


def _facts(job: dict[str, Any]) -> dict[str, Any]:
    person_id = UUID(job["person_id"])
    rows = list(Asset.objects.filter(person_id=person_id))
    named = {key for row in rows for key in (row.file_key, row.thumbnail_key)}
    stored = set(vault_files.every_key())
    return lives.facts(job) | {
        "creations": Creation.objects.filter(person_id=person_id).count(),
        "assets": len(rows),
        "named files that are there": len(named & stored),
        "all files": len(stored),
    }


async def _draw(job: dict[str, Any], points: Points | None) -> None:
    if points is not None:
        _mark(points)
    person_id = UUID(job["person_id"])
    await live.open_house()
    asked = await creations.draw(
        PictureWish(
            person_id=person_id,
            model_key=PAINTER,
            text="A lighthouse\nsandbox: first_ms=0",
            number=2,
            size="512x512",
            quality="low",
            background="auto",
            format=PictureFormat.JPEG,
            request_key=UUID(job["request_key"]),
        )
    )
    made = live.house.find(asked.call_id)
    if made is not None and made.task is not None:
        await made.task
    await live.close_house()
    await close_clients()


def _mark(points: Points) -> None:
    """Stand by the way. No checkpoint is made: nothing depends on time."""
    ending.CHECKPOINT_S = 3_600
    for module, step in (
        (creation_services, "begin"),
        (answers, "dispatch"),
        (creation_services, "end"),
    ):
        setattr(module, step, points.within(step, getattr(module, step)))
    request, put = aiohttp.ClientSession._request, assets.put

    async def request_between(*args: Any, **kwargs: Any) -> Any:
        points.step = "draw"
        points.reach("before the request leaves")
        response = await request(*args, **kwargs)
        points.reach("after the response's headers")
        return response

    aiohttp.ClientSession._request = request_between  # type: ignore[method-assign]
    assets.put = _between(points, put)  # type: ignore[assignment]


def _between(points: Points, put: Callable[..., Awaitable[None]]) -> Callable[..., Awaitable[None]]:
    async def put_between(*args: Any, **kwargs: Any) -> None:
        points.step = "keep"
        points.reach("before a file is stored")
        await put(*args, **kwargs)
        points.reach("after a file is stored")

    return put_between


def count(_job: dict[str, Any]) -> dict[str, Any]:
    """How many sealed files there are."""
    return {"all files": len(list(vault_files.every_key()))}


JOBS = {"draw": draw, "recover drawing": recover, "count files": count}
