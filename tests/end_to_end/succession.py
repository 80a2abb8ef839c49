"""The service about to change hands: `python -m tests.end_to_end.succession begin`, or `end`."""

import sys
from importlib import import_module


def _begin() -> None:
    successions = import_module("bluegpt.privacy.services.successions")
    declared = import_module("bluegpt.privacy.types.successions").Declared
    new_id = import_module("bluegpt.core.ids").new_id
    told = declared(
        acquirer="Grue SAS",
        country="be",
        contact="rgpd@grue.example",
        changes="Your account goes on at Grue.",
    )
    succession_id = successions.declare(actor_id=new_id(), told=told)
    for _colleague in range(2):
        successions.approve(actor_id=new_id(), succession_id=succession_id)


def _end() -> None:
    successions = import_module("bluegpt.privacy.services.successions")
    live = import_module("bluegpt.privacy.queries.successions").live
    successions.abandon(actor_id=None, succession_id=live().id)


if __name__ == "__main__":
    import_module("bluegpt.core.settings").use_django()
    import_module("django").setup()
    {"begin": _begin, "end": _end}[sys.argv[1]]()
