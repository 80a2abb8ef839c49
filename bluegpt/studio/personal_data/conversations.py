"""Whose data the tables of conversations hold, and how they end."""

from django.utils.translation import gettext_lazy as _

from bluegpt.core.personal_data import (
    DataClass,
    Erasure,
    Export,
    SealedColumn,
    SealedFile,
    Table,
    declare,
)
from bluegpt.core.portable import Portable, Reading, Return, register_portable, register_reading
from bluegpt.studio.queries import archived
from bluegpt.studio.queries.portable_schemas import SCHEMAS
from bluegpt.studio.services import returning

declare(
    Table(
        model="studio.Conversation",
        claims={
            DataClass.CONTENT: ("title_sealed", "system_sealed"),
            DataClass.METERING: (
                "model_key",
                "created_at",
                "last_message_at",
                "pinned_at",
                "archived_at",
            ),
            DataClass.TECHNICAL: ("id", "person", "title_is_chosen", "leaf_id"),
        },
        person_path="person_id",
        export=Export.FULL,
        erasure=Erasure.DELETE,
        retention_trigger="account_closed",
        sealed=(
            SealedColumn(
                column="title_sealed",
                place="studio.conversation.title",
                data_class=DataClass.CONTENT,
            ),
            SealedColumn(
                column="system_sealed",
                place="studio.conversation.system",
                data_class=DataClass.CONTENT,
            ),
        ),
        name=_("Conversations"),
        labels={
            "title_sealed": _("Title"),
            "system_sealed": _("Instructions for every answer"),
            "model_key": _("Model"),
            "last_message_at": _("Last message"),
            "pinned_at": _("Pinned"),
            "archived_at": _("Archived"),
            "title_is_chosen": _("You chose the title"),
            "leaf_id": _("Last message on show"),
        },
    ),
    Table(
        model="studio.Message",
        claims={
            DataClass.CONTENT: ("text_sealed", "reasoning_sealed", "made_by_sealed"),
            DataClass.METERING: ("created_at",),
            DataClass.TECHNICAL: ("id", "person", "conversation", "parent", "role", "call"),
        },
        person_path="person_id",
        export=Export.FULL,
        erasure=Erasure.DELETE,
        retention_trigger="account_closed",
        sealed=(
            SealedColumn(
                column="text_sealed", place="studio.message.text", data_class=DataClass.CONTENT
            ),
            SealedColumn(
                column="reasoning_sealed",
                place="studio.message.reasoning",
                data_class=DataClass.CONTENT,
            ),
            SealedColumn(
                column="made_by_sealed",
                place="studio.message.made_by",
                data_class=DataClass.CONTENT,
            ),
        ),
        name=_("Messages"),
        labels={
            "conversation": _("Conversation"),
            "parent": _("Answers to"),
            "role": _("Written by"),
            "text_sealed": _("Text"),
            "reasoning_sealed": _("Reasoning"),
            "made_by_sealed": _("Who made it, as the archive said that it came back in"),
            "call": _("Paid answer"),
        },
    ),
    Table(
        model="studio.Attachment",
        claims={
            DataClass.CONTENT: ("name_sealed", "file_key"),
            DataClass.METERING: (
                "media_type",
                "size_bytes",
                "width_px",
                "height_px",
                "pages",
                "created_at",
            ),
            DataClass.TECHNICAL: ("id", "person", "message"),
        },
        person_path="person_id",
        export=Export.FULL,
        erasure=Erasure.DELETE,
        retention_trigger="account_closed",
        sealed=(
            SealedColumn(
                column="name_sealed", place="studio.attachment.name", data_class=DataClass.CONTENT
            ),
        ),
        files=(
            SealedFile(
                column="file_key",
                place="studio.attachment.file",
                data_class=DataClass.CONTENT,
                name_column="name_sealed",
                media_type_column="media_type",
            ),
        ),
        name=_("Attachments"),
        labels={
            "message": _("Message"),
            "name_sealed": _("Name"),
            "file_key": _("File"),
            "media_type": _("Kind of file"),
            "size_bytes": _("Size in bytes"),
            "width_px": _("Width in pixels"),
            "height_px": _("Height in pixels"),
            "pages": _("Pages"),
        },
    ),
)

register_reading(
    Reading(
        key="conversations",
        name=_("Conversations"),
        covers=("studio.Conversation", "studio.Message", "studio.Attachment"),
        pages=archived.pages,
    )
)
register_portable(
    Portable(
        key="studio",
        data_class=DataClass.CONTENT,
        schemas=SCHEMAS,
        records=archived.records,
        back=Return(is_empty=returning.is_empty, check=returning.check, take_in=returning.take_in),
    )
)
