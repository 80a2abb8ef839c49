"""Whose data the tables of pictures and films hold, and how they end."""

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
from bluegpt.studio.queries import archived_gallery
from bluegpt.studio.queries.portable_schemas import GALLERY_SCHEMAS
from bluegpt.studio.services import returning_gallery

_CONTENT = DataClass.CONTENT

declare(
    Table(
        model="studio.Creation",
        claims={
            DataClass.CONTENT: ("prompt_sealed", "made_by_sealed"),
            DataClass.METERING: ("kind", "settings", "created_at"),
            DataClass.TECHNICAL: ("id", "person", "call", "message", "source", "input_ids"),
        },
        person_path="person_id",
        export=Export.FULL,
        erasure=Erasure.DELETE,
        retention_trigger="account_closed",
        sealed=(
            SealedColumn(
                column="prompt_sealed",
                place="studio.creation.prompt",
                data_class=DataClass.CONTENT,
            ),
            SealedColumn(
                column="made_by_sealed",
                place="studio.creation.made_by",
                data_class=DataClass.CONTENT,
            ),
        ),
        name=_("Wishes for pictures and videos"),
        labels={
            "call": _("Paid call"),
            "message": _("Message"),
            "source": _("Changes or carries on"),
            "kind": _("Kind"),
            "prompt_sealed": _("Text"),
            "made_by_sealed": _("Who made it, as the archive said that it came back in"),
            "settings": _("Settings"),
            "input_ids": _("Works from"),
        },
    ),
    Table(
        model="studio.Asset",
        claims={
            DataClass.CONTENT: ("name_sealed", "file_key", "thumbnail_key", "poster_key"),
            DataClass.METERING: (
                "kind",
                "origin",
                "place",
                "media_type",
                "size_bytes",
                "width_px",
                "height_px",
                "duration_ms",
                "has_sound",
                "favourite_at",
                "created_at",
            ),
            DataClass.TECHNICAL: ("id", "person", "creation"),
        },
        person_path="person_id",
        export=Export.FULL,
        erasure=Erasure.DELETE,
        retention_trigger="account_closed",
        sealed=(
            SealedColumn(
                column="name_sealed", place="studio.asset.name", data_class=DataClass.CONTENT
            ),
        ),
        files=(
            SealedFile(
                column="file_key",
                place="studio.asset.file",
                data_class=_CONTENT,
                name_column="name_sealed",
                media_type_column="media_type",
            ),
            SealedFile(
                column="thumbnail_key",
                place="studio.asset.thumbnail",
                data_class=_CONTENT,
                media_type="image/webp",
            ),
            SealedFile(
                column="poster_key",
                place="studio.asset.poster",
                data_class=_CONTENT,
                media_type="image/jpeg",
            ),
        ),
        name=_("Pictures and videos"),
        labels={
            "creation": _("Made for"),
            "kind": _("Kind"),
            "origin": _("Made here or given by you"),
            "place": _("Number among those made at once"),
            "name_sealed": _("Name"),
            "file_key": _("File"),
            "thumbnail_key": _("Thumbnail"),
            "poster_key": _("First frame"),
            "media_type": _("Kind of file"),
            "size_bytes": _("Size in bytes"),
            "width_px": _("Width in pixels"),
            "height_px": _("Height in pixels"),
            "duration_ms": _("Length in milliseconds"),
            "has_sound": _("With sound"),
            "favourite_at": _("Favourite"),
        },
    ),
    Table(
        model="studio.FilmJob",
        claims={
            DataClass.CONTENT: ("ref_sealed", "file_key"),
            DataClass.METERING: (
                "step",
                "percent",
                "deadline_at",
                "wants_mail",
                "provider_code",
            ),
            DataClass.TECHNICAL: ("creation", "faults"),
        },
        person_path="creation__person_id",
        export=Export.FULL,
        erasure=Erasure.DELETE,
        retention_trigger="account_closed",
        sealed=(
            SealedColumn(
                column="ref_sealed", place="studio.film_job.ref", data_class=DataClass.CONTENT
            ),
        ),
        # Half a film, removed with its row. A whole one is an asset's, and opens there only.
        files=(SealedFile(column="file_key", place="studio.film_job.file", data_class=_CONTENT),),
        name=_("Videos in the making"),
        labels={
            "creation": _("Made for"),
            "step": _("State"),
            "ref_sealed": _("The provider's name of it"),
            "percent": _("Done, in percent"),
            "file_key": _("File"),
            "deadline_at": _("Given up after"),
            "wants_mail": _("A mail when it is done"),
            "provider_code": _("The provider's reason"),
        },
    ),
    Table(
        model="studio.Album",
        claims={
            DataClass.CONTENT: ("name_sealed",),
            DataClass.METERING: ("created_at",),
            DataClass.TECHNICAL: ("id", "person"),
        },
        person_path="person_id",
        export=Export.FULL,
        erasure=Erasure.DELETE,
        retention_trigger="account_closed",
        sealed=(
            SealedColumn(
                column="name_sealed", place="studio.album.name", data_class=DataClass.CONTENT
            ),
        ),
        name=_("Albums"),
        labels={"name_sealed": _("Name")},
    ),
    Table(
        model="studio.AlbumEntry",
        claims={
            # Of the class of what it ties together: it must not outlive that, nor keep it here.
            DataClass.CONTENT: ("added_at",),
            DataClass.TECHNICAL: ("id", "album", "asset"),
        },
        person_path="album__person_id",
        export=Export.FULL,
        erasure=Erasure.DELETE,
        retention_trigger="account_closed",
        name=_("What is in albums"),
        labels={"album": _("Album"), "asset": _("Picture or video"), "added_at": _("Added")},
    ),
    Table(
        model="studio.MadeFile",
        claims={DataClass.TECHNICAL: ("digest", "kind", "made_on")},
        person_path="",
        export=Export.NONE,
        erasure=Erasure.NOT_PERSONAL,
        retention_trigger="",
        name=_("Digests of files made here"),
    ),
)

register_reading(
    Reading(
        key="gallery",
        name=_("Images and videos"),
        covers=("studio.Creation", "studio.Asset", "studio.Album", "studio.AlbumEntry"),
        pages=archived_gallery.pages,
    )
)
# After "studio": what a conversation shows hangs on its messages.
register_portable(
    Portable(
        key="studio_gallery",
        data_class=DataClass.CONTENT,
        schemas=GALLERY_SCHEMAS,
        records=archived_gallery.records,
        back=Return(
            is_empty=returning_gallery.is_empty,
            check=returning_gallery.check,
            take_in=returning_gallery.take_in,
        ),
    )
)
