"""An installation in which much has happened: `python -m tests.backoffice.filled` fills it.

Prints a session of somebody of the staff, and the addresses of pages about one thing, as JSON.
"""

import json
import sys
import time
from dataclasses import replace
from datetime import timedelta
from importlib import import_module
from typing import Any

LONG = "aude.de.la.tour.du.pin@a-rather-long-domain.example.org"


def fill() -> dict[str, Any]:
    """People, requests in their states, breaches, holds, an access, an authority, consents."""
    import_module("bluegpt.ops.boot").start_django(None)
    people = import_module("bluegpt.accounts.services.people")
    made = [
        people.create_person(email=email, password="Correct-horse-9-battery", is_staff=is_staff)
        for email, is_staff in (
            ("nora@example.org", True),
            ("sam@example.org", True),
            (LONG, False),
        )
    ]
    nora, sam, ada = (person.id for person in made)
    _give_role(nora)
    paths = [
        *_requests(nora, sam, ada),
        *_breaches(nora),
        *_accesses(nora, sam, ada),
        *_consents(ada),
    ]
    _authority(nora, ada)
    _succession(nora, sam)
    return {"session": _session(made[0]), "paths": paths}


def _give_role(person_id: Any) -> None:
    now = import_module("bluegpt.core.clock").now()
    grants = import_module("bluegpt.privacy.models").StaffGrant.objects
    grants.create(
        person_id=person_id,
        role="protection",
        granted_at=now,
        ends_at=now + timedelta(days=30),
    )


def _requests(nora: Any, sam: Any, ada: Any) -> list[str]:
    desk = import_module("bluegpt.privacy.services.requests")
    acts = import_module("bluegpt.privacy.services.desk_acts")
    documents = import_module("bluegpt.privacy.services.identity_documents")
    contact = import_module("bluegpt.privacy.types.requests").Contact
    channel = import_module("bluegpt.privacy.types.requests").Channel
    right = import_module("bluegpt.privacy.types.rights").Right
    late = acts.record(
        actor_id=nora,
        contact=contact(name="Étienne de La Fontaine", post="12 bis, rue de l’Église\n75001 Paris"),
        right=right.HEIRS,
        channel=channel.POST,
        words="Mon père est décédé.",
        received_on=desk.today() - timedelta(days=60),
    )
    acts.act("doubt", documents.doubt, actor_id=sam, request_id=late, words="No act of death.")
    handled = desk.open_request(person_id=ada, right=right.RECTIFICATION, words="W" * 120)
    refused = desk.open_request(person_id=ada, right=right.PORTABILITY)
    acts.act(
        "refuse",
        desk.refuse,
        actor_id=sam,
        request_id=refused,
        ground="excessive",
        words="Answered last week.",
    )
    frozen = desk.open_request(person_id=ada, right=right.RESTRICTION)
    granting = import_module("bluegpt.privacy.services.granting")
    granting.grant(request_id=frozen, by=str(nora))
    asked = [f"/staff/requests/{each}" for each in (late, handled, refused, frozen)]
    return [*asked, f"/staff/requests/{refused}/letter"]


def _breaches(nora: Any) -> list[str]:
    now = import_module("bluegpt.core.clock").now()
    services = import_module("bluegpt.privacy.services.breaches")
    types = import_module("bluegpt.privacy.types.breaches")
    data_class = import_module("bluegpt.core.personal_data").DataClass
    found = services.record(
        actor_id=nora,
        facts=types.Facts(
            title="A backup was readable for an hour",
            natures=(types.Nature.CONFIDENTIALITY,),
            data_classes=(data_class.IDENTITY,),
            recipient="",
            started_at=now - timedelta(hours=9),
            ended_at=now - timedelta(hours=8),
            aware_at=now - timedelta(hours=7),
            people_about=3,
            records_about=120,
            consequences="Others may read it.",
            measures="The door is shut.",
            risk=types.Risk.HIGH,
        ),
    )
    services.amend(
        actor_id=nora,
        breach_id=found.id,
        facts=replace(
            found.facts, people_about=4, measures="The door is shut, and the key changed."
        ),
        reason="The log was read to its end.",
    )
    return [f"/staff/breaches/{found.id}"]


def _accesses(nora: Any, sam: Any, ada: Any) -> list[str]:
    services = import_module("bluegpt.privacy.services.accesses")
    ground = import_module("bluegpt.privacy.types.accesses").AccessGround
    asked = [
        services.ask(
            actor_id=who, person_id=ada, ground=ground.ABUSE, reason="A report.", minutes=15
        )
        for who in (nora, sam)
    ]
    services.approve(actor_id=sam, access_id=asked[0].id)
    return [f"/staff/accesses/{asked[0].id}"]


def _consents(ada: Any) -> list[str]:
    now = import_module("bluegpt.core.clock").now()
    services = import_module("bluegpt.privacy.services.consents")
    types = import_module("bluegpt.privacy.types.consents")
    services.decide(
        types.Deciding(
            person_id=ada,
            device="",
            decisions={"counting": types.ConsentAction.REFUSED},
            method=types.ConsentMethod.FORM,
            screen=types.Screen(text="May we count visits?\nAgree\nRefuse", language="en"),
            expires_at=now + timedelta(days=180),
        )
    )
    return [f"/staff/consents/people/{ada}", f"/staff/consents/people/{ada}/1"]


def _authority(nora: Any, ada: Any) -> None:
    """It places a hold as well."""
    now = import_module("bluegpt.core.clock").now()
    services = import_module("bluegpt.privacy.services.authorities")
    data_class = import_module("bluegpt.core.personal_data").DataClass
    demand = services.Demand(
        authority="Direction générale de la concurrence et de la répression des fraudes",
        reference="2026/4711-ABCDEFGHIJKLMNOPQRSTUVWXYZ",
        law="Code of criminal procedure, art. 60-1",
        data_classes=[data_class.IDENTITY],
        received_at=now,
        hold_until=now.date() + timedelta(days=60),
    )
    services.record(actor_id=nora, person_id=ada, demand=demand)


def _succession(nora: Any, sam: Any) -> None:
    successions = import_module("bluegpt.privacy.services.successions")
    declared = import_module("bluegpt.privacy.types.successions").Declared
    succession_id = successions.declare(
        actor_id=nora,
        told=declared(
            acquirer="Compagnie générale d’intelligence artificielle et de télécommunications",
            country="BE",
            contact="protection-des-donnees@compagnie-generale.example.org",
            changes="Your account goes on at another company.\n\nVotre compte continue ailleurs.",
        ),
    )
    for actor_id in (nora, sam):
        successions.approve(actor_id=actor_id, succession_id=succession_id)


def _session(person: Any) -> str:
    """A session in which the password and the second factor were shown just now."""
    auth = import_module("django.contrib.auth")
    settings = import_module("django.conf").settings
    key = import_module("allauth.account.authentication").AUTHENTICATION_METHODS_SESSION_KEY
    factor = import_module("allauth.mfa.models").Authenticator
    factor.objects.create(user=person, type=factor.Type.TOTP, data={"secret": "sealed"})
    session = import_module("django.contrib.sessions.backends.db").SessionStore()
    session[auth.SESSION_KEY] = str(person.pk)
    session[auth.BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[auth.HASH_SESSION_KEY] = person.get_session_auth_hash()
    session[key] = [{"method": method, "at": time.time()} for method in ("password", "mfa")]
    session[f"{key}_user"] = str(person.pk)
    session.save()
    return str(session.session_key)


if __name__ == "__main__":
    sys.stdout.write(json.dumps(fill()) + "\n")
