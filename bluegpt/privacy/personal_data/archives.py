"""Archives that people ask for, their pieces, and what became of those that came back."""

from django.utils.translation import gettext_lazy as _

from bluegpt.core.personal_data import DataClass, Erasure, Export, SealedFile, Table, declare

declare(
    Table(
        model="privacy.Archive",
        claims={
            DataClass.ARCHIVE: (
                "person_id",
                "kind",
                "language",
                "asked_at",
                "alerted_at",
                "ready_at",
                "taken_at",
                "size_bytes",
            ),
            DataClass.TECHNICAL: ("id", "state"),
        },
        person_path="person_id",
        export=Export.FULL,
        erasure=Erasure.DELETE,
        retention_trigger="archive_ready",
        recorded_at="ready_at",
        name=_("Archives you asked for"),
        labels={
            "kind": _("Kind"),
            "state": _("State"),
            "language": _("Language"),
            "asked_at": _("Asked for"),
            "ready_at": _("Ready"),
            "size_bytes": _("Size in bytes"),
        },
    ),
    Table(
        model="privacy.ArchivePiece",
        claims={DataClass.ARCHIVE: ("file_key",), DataClass.TECHNICAL: ("id", "archive", "number")},
        person_path="archive__person_id",
        export=Export.NONE,
        erasure=Erasure.DELETE,
        retention_trigger="archive_ready",
        recorded_at="archive__ready_at",
        files=(
            SealedFile(
                column="file_key",
                place="privacy.archive_piece.file",
                data_class=DataClass.ARCHIVE,
            ),
        ),
    ),
)

declare(
    Table(
        model="privacy.ArchiveReturn",
        claims={
            DataClass.CONTENT: (
                "person_id",
                "sha256",
                "brought_at",
                "begun_at",
                "ended_at",
                "refusal",
                "counts",
            ),
            DataClass.TECHNICAL: ("id",),
        },
        person_path="person_id",
        export=Export.FULL,
        erasure=Erasure.DELETE,
        retention_trigger="account_closed",
        name=_("Archives you brought back"),
        labels={
            "sha256": _("SHA-256 of the archive"),
            "brought_at": _("Brought"),
            "begun_at": _("Found whole"),
            "ended_at": _("Ended"),
            "refusal": _("Refused because"),
            "counts": _("What came back"),
        },
    )
)
