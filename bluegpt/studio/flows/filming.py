"""A film's way through our worker: submit → watch → fetch → end, from wherever it stands.

Each step first writes down that it begins, so whoever comes after a crash knows what may have
happened: what may have left is not sent again, and what may have been written is removed first.
"""

from uuid import UUID

from bluegpt.core import clock
from bluegpt.core.errors import BlueError
from bluegpt.core.personal_data import DataClass
from bluegpt.core.threads import in_thread
from bluegpt.privacy.services import gate
from bluegpt.providers.errors import (
    FilmGone,
    MalformedReply,
    PromptRefused,
    ProviderDown,
    StreamCut,
)
from bluegpt.providers.queries import catalogue
from bluegpt.providers.services import films as provider
from bluegpt.providers.types.films import FilmProgress, FilmRequest, FilmState
from bluegpt.providers.types.models import Model
from bluegpt.providers.types.usage import Usage, UsageSource
from bluegpt.studio.errors import (
    FilmFailed,
    FilmLost,
    FilmRefused,
    FilmTooLate,
)
from bluegpt.studio.flows import film_files
from bluegpt.studio.flows.chat import PURPOSE
from bluegpt.studio.flows.film_files import FilmStopped
from bluegpt.studio.queries import film_plans, films
from bluegpt.studio.queries.films import Standing
from bluegpt.studio.rules.filming import FAULTS_MAX, back_off_s, charged_usage, look_again_s
from bluegpt.studio.rules.pricing import cost_nanousd
from bluegpt.studio.services import films as steps
from bluegpt.studio.services.films import End
from bluegpt.studio.types.calls import CallState
from bluegpt.studio.types.media import FilmStep

_NO_FILM = {
    FilmState.FAILED: FilmFailed.code,
    FilmState.REFUSED: FilmRefused.code,
    FilmState.GONE: FilmGone.code,
}
# After these nobody knows whether the provider has taken the wish on.
_UNCERTAIN = (ProviderDown, StreamCut, MalformedReply)


async def walk(creation_id: UUID) -> float | None:
    """Take a film on as far as it goes now; the seconds until the next look, None at its end."""
    for _step in FilmStep:  # more steps than it has are never one after the other
        at = await in_thread(films.standing, creation_id)
        if at is None or at.step is FilmStep.ENDED:
            return None
        delay_s = await _step_on(at)
        if delay_s is not None:
            return delay_s
    return 0


async def forget(creation_id: UUID) -> float | None:
    """Have the provider delete what it holds of a film that has ended; seconds to the next try."""
    at = await in_thread(films.standing, creation_id)
    if at is None or at.step is not FilmStep.ENDED or not at.ref:
        return None
    try:
        await provider.forget(at.wish.model_key, at.ref)
    except BlueError:
        faults = await in_thread(steps.note_forget_fault, creation_id=creation_id)
        if faults < FAULTS_MAX:
            return back_off_s(faults)
    await in_thread(steps.note_forgotten, creation_id=creation_id)
    return None


async def _step_on(at: Standing) -> float | None:
    if at.is_stop_asked:
        return await _end(at, End(state=CallState.STOPPED, is_borne=True))
    if clock.now() >= at.deadline_at:
        return await _no_film(at, FilmTooLate.code)
    if at.step is FilmStep.SUBMIT:
        return await _submit(at)
    if at.step is FilmStep.SUBMITTING:
        return await _no_film(at, FilmLost.code)
    if at.step is FilmStep.WATCH:
        return await _look(at)
    return await _fetch(at)


async def _submit(at: Standing) -> float | None:
    try:
        request = await _request(at, with_picture=True)
        clearance = await in_thread(
            gate.clear,
            person_id=at.person_id,
            purpose=PURPOSE,
            recipient=request.model.recipient,
            data_classes=frozenset({DataClass.CONTENT}),
        )
        is_ours = await in_thread(steps.leave, creation_id=at.creation_id, clearance=clearance)
    except BlueError as error:
        return await _no_film(at, error.code)
    if not is_ours:
        return None
    try:
        ref = await provider.submit(request, clearance=clearance)
    except PromptRefused as refusal:
        how = End(
            state=CallState.FAILED,
            error_code=FilmRefused.code,
            provider_code=refusal.provider_code,
        )
        return await _end(at, how)
    except BlueError as error:
        return await _no_film(at, error.code, is_borne=isinstance(error, _UNCERTAIN))
    if not await in_thread(
        steps.watch, creation_id=at.creation_id, person_id=at.person_id, ref=ref
    ):
        await provider.forget(at.wish.model_key, ref)
    return None


async def _look(at: Standing) -> float | None:
    try:
        progress = await provider.look(at.ref, request=await _request(at))
    except BlueError as error:
        return await _fault(at, error.code)
    if progress.state in (FilmState.QUEUED, FilmState.RUNNING):
        await in_thread(steps.see, creation_id=at.creation_id, percent=progress.percent)
        return _next_look_s(at)
    if progress.state is FilmState.DONE:
        usage = progress.usage or Usage(source=UsageSource.MISSING)
        await in_thread(steps.begin_fetching, creation_id=at.creation_id, usage=usage)
        return None
    return await _refused(at, progress)


def _next_look_s(at: Standing) -> float:
    now = clock.now()
    waited_s = (now - (at.dispatched_at or now)).total_seconds()
    return min(look_again_s(waited_s), max((at.deadline_at - now).total_seconds(), 0))


async def _refused(at: Standing, progress: FilmProgress) -> float | None:
    """Without a film nothing is charged, but for what a provider bills a refusal with."""
    cost = 0
    if progress.usage is not None:
        request = await _request(at)
        cost = cost_nanousd(request.model, progress.usage)
    how = End(
        state=CallState.FAILED,
        error_code=_NO_FILM[progress.state],
        provider_code=progress.error_code,
        usage=progress.usage,
        cost_nanousd=cost,
        is_borne=progress.state is FilmState.GONE,
    )
    return await _end(at, how)


async def _fetch(at: Standing) -> float | None:
    await film_files.remove(at.file_key)
    key = film_files.new_key()
    if not await in_thread(steps.note_file, creation_id=at.creation_id, file_key=key):
        return None
    try:
        request = await _request(at)
        made, digest = await film_files.fetched(at, request, key=key)
    except FilmStopped:
        return None  # the next look at it sees why
    except FilmGone as gone:
        return await _no_film(at, gone.code)
    except BlueError as error:
        return await _fault(at, error.code)
    skills = request.model.filming
    how = End(
        state=CallState.COMPLETE,
        usage=charged_usage(at.usage, duration_ms=made.duration_ms),
        cost_nanousd=cost_nanousd(request.model, at.usage),
        is_kept_at_provider=skills is not None and (skills.remixes or skills.extends),
        made=made,
        digest=digest,
    )
    if not await in_thread(steps.end, creation_id=at.creation_id, how=how):
        await film_files.remove(key)
    return None


async def _fault(at: Standing, code: str) -> float | None:
    """Try again later, and not for ever."""
    faults = await in_thread(steps.note_fault, creation_id=at.creation_id)
    if faults < FAULTS_MAX:
        return back_off_s(faults)
    return await _no_film(at, code)


async def _no_film(at: Standing, code: str, *, is_borne: bool = True) -> float | None:
    """Everything goes back; what the provider may bill of what has left is our loss."""
    return await _end(at, End(state=CallState.FAILED, error_code=code, is_borne=is_borne))


async def _end(at: Standing, how: End) -> float | None:
    """End it without a film; what was written of one is removed first."""
    left = await in_thread(films.standing, at.creation_id)
    await film_files.remove(left.file_key if left else at.file_key)
    await in_thread(steps.end, creation_id=at.creation_id, how=how)
    return None


async def _request(at: Standing, *, with_picture: bool = False) -> FilmRequest:
    """What was asked for, as it was. Raises UnknownModel, UnknownAsset."""
    model: Model = await in_thread(catalogue.model, at.wish.model_key)
    picture = None
    if with_picture and at.wish.picture_id is not None:
        picture = await film_files.picture(at.person_id, at.wish.picture_id)
    return film_plans.request_of(model, at.wish, picture=picture, source_ref=at.source_ref)
