"""Providers' tables say nothing about anybody."""

from bluegpt.core.personal_data import DataClass, Erasure, Export, Table, declare

declare(
    Table(
        model="providers.CatalogueEntry",
        claims={DataClass.TECHNICAL: ("key", "position", "facts")},
        person_path="",
        export=Export.NONE,
        erasure=Erasure.NOT_PERSONAL,
        retention_trigger="",
    ),
    Table(
        model="providers.CatalogueEdition",
        claims={DataClass.TECHNICAL: ("id", "as_of", "digest", "is_packaged")},
        person_path="",
        export=Export.NONE,
        erasure=Erasure.NOT_PERSONAL,
        retention_trigger="",
    ),
)
