"""People with open sessions, made at once: `python -m tests.end_to_end.people COUNT`.

Log-in has tests of its own and slows down on purpose; the other tests begin behind it.
"""

import json
import sys
from dataclasses import asdict, dataclass
from importlib import import_module

PASSWORD = "Correct-horse-9-battery"
SESSIONS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A person with a confirmed address, and the cookies of two browsers of theirs."""

    email: str
    person_id: str
    sessions: tuple[str, ...]


def read(printed: str) -> list[Member]:
    """What the module has printed."""
    found = []
    for line in printed.splitlines():
        facts = json.loads(line)
        found.append(Member(**facts | {"sessions": tuple(facts["sessions"])}))
    return found


def _make(count: int) -> None:
    import_module("bluegpt.core.settings").use_django()
    import_module("django").setup()
    people = import_module("bluegpt.accounts.services.people")
    new_id = import_module("bluegpt.core.ids").new_id
    for _number in range(count):
        person = people.create_person(email=f"{new_id().hex}@bluegpt.example", password=PASSWORD)
        sessions = tuple(_session(person) for _browser in range(SESSIONS))
        member = Member(email=person.email, person_id=str(person.id), sessions=sessions)
        sys.stdout.write(json.dumps(asdict(member)) + "\n")


def _session(person) -> str:  # type: ignore[no-untyped-def]
    auth = import_module("django.contrib.auth")
    settings = import_module("django.conf").settings
    session = import_module("django.contrib.sessions.backends.db").SessionStore()
    session[auth.SESSION_KEY] = str(person.pk)
    session[auth.BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[auth.HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.save()
    return str(session.session_key)


if __name__ == "__main__":
    _make(int(sys.argv[1]))
