"""The words of wishes alone, for the pictures that a page names by them."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from bluegpt.studio.models import Creation
from bluegpt.studio.queries.opened import open_texts


def prompts(*, person_id: UUID, creation_ids: Iterable[UUID]) -> Mapping[UUID, str]:
    """What was asked for, by the wish; those that are not theirs are not in it. One query."""
    mine = Creation.objects.filter(id__in=set(creation_ids), person_id=person_id)
    rows = list(mine.values_list("prompt_sealed", "id"))
    opened = open_texts(rows, person_id=person_id, place="creation.prompt")
    return {row_id: prompt for (_sealed, row_id), prompt in zip(rows, opened, strict=True)}
