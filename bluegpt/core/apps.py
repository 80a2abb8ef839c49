"""The ground's wiring: its own tables, declared."""

from importlib import import_module

from django.apps import AppConfig
from typing_extensions import override

from bluegpt.core.personal_data import DataClass, Erasure, Export, Table, declare


class CoreConfig(AppConfig):
    """Jobs, events, and the small things everybody stands on."""

    name = "bluegpt.core"

    @override
    def ready(self) -> None:
        import_module("bluegpt.core.events")  # the job that delivers them
        import_module("bluegpt.core.remains")
        declare(
            Table(
                model="core.Job",
                claims={
                    DataClass.TECHNICAL: (
                        "id",
                        "name",
                        "payload",  # ids only, see bluegpt.core.jobs.checked
                        "state",
                        "run_at",
                        "attempts",
                        "attempts_max",
                        "lease_until",
                        "worker",
                        "unique_key",
                        "fault",
                        "created_at",
                    )
                },
                person_path="",
                export=Export.NONE,
                erasure=Erasure.EXPIRES,
                retention_trigger="job_finished",
            ),
            Table(
                model="core.AppliedErasure",
                claims={
                    DataClass.SECURITY: ("id", "kind", "subject", "noted_at"),
                    DataClass.TECHNICAL: ("sequence",),
                },
                person_path="",
                export=Export.NONE,
                erasure=Erasure.EXPIRES,
                retention_trigger="erasure_noted",
                recorded_at="noted_at",
            ),
            Table(
                model="core.Schedule",
                claims={DataClass.TECHNICAL: ("name", "next_at")},
                person_path="",
                export=Export.NONE,
                erasure=Erasure.NOT_PERSONAL,
                retention_trigger="none",
            ),
        )
