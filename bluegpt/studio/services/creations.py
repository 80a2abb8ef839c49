"""A wish in the database: written with its paid call, and ended with what came of it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from bluegpt.core import clock
from bluegpt.core.ids import new_id
from bluegpt.core.writing import written
from bluegpt.privacy.queries.standing import check_not_restricted
from bluegpt.studio.models import Asset, Call, Creation
from bluegpt.studio.services import answers, made_files
from bluegpt.studio.services.answers import Beginning, Ending, Progress
from bluegpt.studio.services.conversations import delete_files_soon
from bluegpt.studio.services.sealing import seal_text
from bluegpt.studio.types.calls import Asked, CallState, CallView
from bluegpt.studio.types.media import Kind, Origin


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCreation:
    """What is written of a wish beside its call. `settings` by the request's field names."""

    creation_id: UUID = field(default_factory=new_id)
    kind: Kind
    prompt: str
    settings: dict[str, str | int | bool]
    input_ids: Sequence[UUID] = ()
    source_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredMedia:
    """A picture or film whose sealed files are already in the store."""

    asset_id: UUID
    kind: Kind
    place: int
    media_type: str
    size_bytes: int
    width_px: int
    height_px: int
    file_key: str
    thumbnail_key: str = ""
    poster_key: str = ""
    duration_ms: int = 0
    has_sound: bool = False

    @property
    def keys(self) -> list[str]:
        """The keys of all its files."""
        return [key for key in (self.file_key, self.thumbnail_key, self.poster_key) if key]


@written
def begin(*, beginning: Beginning, creation: NewCreation) -> Asked:
    """Hold what it can cost and write the wish, or nothing. Raises what `answers.begin` does.

    In a conversation its question and the answer that shows it are written too.
    """
    asked = answers.begin(beginning)
    Creation.objects.create(
        id=creation.creation_id,
        person_id=beginning.person_id,
        call_id=asked.call_id,
        message_id=asked.answer_id,
        source_id=creation.source_id,
        kind=creation.kind,
        prompt_sealed=seal_text(
            creation.prompt,
            person_id=beginning.person_id,
            place="creation.prompt",
            row_id=creation.creation_id,
        ),
        settings=creation.settings,
        input_ids=[str(asset_id) for asset_id in creation.input_ids],
        created_at=asked.begun_at,
    )
    return asked


@written
def end(
    *,
    call_id: UUID,
    ending: Ending,
    progress: Progress | None,
    made: Sequence[StoredMedia] = (),
    digests: Sequence[str] = (),
) -> CallView:
    """Settle and write what was made, or give it all back. Once.

    `digests` are those of the files that are handed out, kept or not. What was made for a creation
    that was deleted meanwhile is paid, and its files go.
    """
    is_first = Call.objects.select_for_update().filter(id=call_id, state=CallState.LIVE).exists()
    call = answers.end(call_id=call_id, ending=ending, progress=progress)
    if is_first and ending.state is CallState.COMPLETE:
        made_files.note(digests=digests, kind=Kind.PICTURE)
        _keep(call_id, made)
    return call


def _keep(call_id: UUID, made: Sequence[StoredMedia]) -> None:
    creation = Creation.objects.filter(call_id=call_id).first()
    if creation is None:
        delete_files_soon([key for one in made for key in one.keys])
        return
    rows = [_asset(creation.person_id, one, origin=Origin.MADE) for one in made]
    for row in rows:
        row.creation = creation
    Asset.objects.bulk_create(rows)


@written
def take(*, person_id: UUID, given: StoredMedia, name: str) -> None:
    """Keep a picture that somebody gives to work from. Raises UseRestricted."""
    check_not_restricted(person_id)
    row = _asset(person_id, given, origin=Origin.GIVEN)
    row.name_sealed = seal_text(
        name, person_id=person_id, place="asset.name", row_id=given.asset_id
    )
    row.save(force_insert=True)


def _asset(person_id: UUID, made: StoredMedia, *, origin: Origin) -> Asset:
    return Asset(
        id=made.asset_id,
        person_id=person_id,
        kind=made.kind,
        origin=origin,
        place=made.place,
        media_type=made.media_type,
        size_bytes=made.size_bytes,
        width_px=made.width_px,
        height_px=made.height_px,
        duration_ms=made.duration_ms,
        has_sound=made.has_sound,
        file_key=made.file_key,
        thumbnail_key=made.thumbnail_key,
        poster_key=made.poster_key,
        created_at=clock.now(),
    )
