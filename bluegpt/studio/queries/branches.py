"""The branch on show: from a leaf up to the root, in one recursive statement."""

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from django.db import connection

from bluegpt.studio.models import Message

_PATH = """
WITH RECURSIVE path(id, parent_id, depth) AS (
    SELECT id, parent_id, 0 FROM studio_message WHERE id = %s AND conversation_id = %s
    UNION ALL
    SELECT above.id, above.parent_id, path.depth + 1
    FROM studio_message above JOIN path ON above.id = path.parent_id
    WHERE path.depth + 1 < %s
)
SELECT message.* FROM path JOIN studio_message message ON message.id = path.id
ORDER BY path.depth DESC
"""


def path_to(leaf_id: UUID, *, conversation_id: UUID, limit: int) -> list[Message]:
    """The `limit` messages that end at a leaf, oldest first; empty for an unknown leaf."""
    field = Message._meta.get_field("id")
    params = [field.get_db_prep_value(key, connection) for key in (leaf_id, conversation_id)]
    return list(Message.objects.raw(_PATH, [*params, limit]))


def siblings_of(messages: Sequence[Message]) -> dict[UUID, list[UUID]]:
    """For each message, all alternatives at its place in order of birth, itself included."""
    if not messages:
        return {}
    rows = Message.objects.filter(conversation_id=messages[0].conversation_id)
    parents = {message.parent_id for message in messages}
    by_parent: dict[UUID | None, list[UUID]] = defaultdict(list)
    under = rows.filter(parent_id__in=parents - {None})
    for key, parent in under.order_by("id").values_list("id", "parent_id"):
        by_parent[parent].append(key)
    if None in parents:
        roots = rows.filter(parent=None).order_by("id").values_list("id", flat=True)
        by_parent[None] = list(roots)
    return {message.id: by_parent[message.parent_id] for message in messages}


def leaf_below(message_id: UUID, *, conversation_id: UUID) -> UUID:
    """The end of the newest branch below a message; the message itself when nothing follows."""
    field = Message._meta.get_field("id")
    params = [field.get_db_prep_value(key, connection) for key in (message_id, conversation_id)]
    with connection.cursor() as cursor:
        cursor.execute(_NEWEST_LEAF, [*params])
        row = cursor.fetchone()
    return message_id if row is None else UUID(str(row[0]))


_NEWEST_LEAF = """
WITH RECURSIVE below(id) AS (
    SELECT id FROM studio_message WHERE id = %s AND conversation_id = %s
    UNION ALL
    SELECT child.id FROM below JOIN studio_message child ON child.id = (
        SELECT candidate.id FROM studio_message candidate
        WHERE candidate.parent_id = below.id ORDER BY candidate.id DESC LIMIT 1
    )
)
SELECT below.id FROM below
WHERE NOT EXISTS (SELECT 1 FROM studio_message child WHERE child.parent_id = below.id)
"""
