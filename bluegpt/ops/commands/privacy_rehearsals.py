"""`bluegpt privacy drill …`: what has to be done on a bad day, rehearsed beside the real data."""

import argparse
import tempfile
from pathlib import Path

from bluegpt.core.settings import use_folder_alone
from bluegpt.ops import boot

_LANGUAGES = ("en", "fr")


def breach(_arguments: argparse.Namespace) -> int:
    """A breach at a provider on made-up data, from awareness to closing; 1 when a step fails."""
    with tempfile.TemporaryDirectory(prefix="bluegpt-drill-") as folder:
        use_folder_alone(Path(folder))
        boot.start_django(None)
        boot.ready_databases()
        return _breach()


def _breach() -> int:
    # Django is loaded by now, on the scratch folder.
    from bluegpt.privacy.errors.matters import BreachStaysOpen  # noqa: PLC0415
    from bluegpt.privacy.queries import breach_letters, breaches, staff_log  # noqa: PLC0415
    from bluegpt.privacy.services import breaches as services  # noqa: PLC0415
    from bluegpt.privacy.services import drills  # noqa: PLC0415

    made = drills.rehearse_breach()
    found = made.breach
    print(f"Aware          {found.facts.aware_at:%Y-%m-%d %H:%M} UTC")
    print(f"Authority by   {found.authority.due_at:%Y-%m-%d %H:%M} UTC")
    print(f"People by      {found.people.due_at:%Y-%m-%d %H:%M} UTC")
    print(f"\nConcerned: {len(made.concerned)} people")
    for person_id in made.concerned:
        print(f"  {person_id}")
    for language in _LANGUAGES:
        draft = breach_letters.notification(found, language=language, affected=len(made.concerned))
        print(f"\n--- notification ({language}) ---\n{draft}")
        print(f"--- letter ({language}) ---\n{breach_letters.letter(found, language=language)}")
    try:
        services.close(actor_id=None, breach_id=found.id, evidence="too early")
    except BreachStaysOpen as refused:
        print(f"Closing is refused before anybody was told: {refused}")
    else:
        return _failed("it could be closed before anybody was told")
    services.file(actor_id=None, breach_id=found.id, reference="DRILL", is_complete=False)
    services.file(actor_id=None, breach_id=found.id, reference="DRILL", is_complete=True)
    services.told_people(actor_id=None, breach_id=found.id)
    services.close(actor_id=None, breach_id=found.id, evidence="Rehearsal: letters and receipt.")
    if frozenset(made.concerned) != made.expected:
        return _failed("the register did not find exactly the people concerned")
    if breaches.breach(found.id).closed_at is None or staff_log.verify().broken_at is not None:
        return _failed("the register or its log is not whole")
    print("\nFiled, completed, told and closed with evidence; the log holds. Nothing was real.")
    return 0


def adequacy_falls(_arguments: argparse.Namespace) -> int:
    """What closes when every adequacy decision falls today; nothing is changed by asking."""
    from bluegpt.privacy.queries.rehearsals import adequacy_fallen  # noqa: PLC0415
    from bluegpt.providers.queries import catalogue  # noqa: PLC0415

    closing = adequacy_fallen()
    if not closing:
        print("No open route rests on an adequacy decision.")
        return 0
    for route in closing:
        print(f"{route.recipient}: closes at once. {route.because}")
        models = [m.display_name for m in catalogue.models() if m.recipient == route.recipient]
        print(f"  refused by the gate from then on: {', '.join(models) or 'no model'}")
        for way in route.opens_again_by:
            print(f"  opens again over {way}: sign the standard clauses, assess the transfer,")
            print(
                f'  then write in privacy.toml: [recipients.{route.recipient}] transfer = "{way}"'
            )
            print("  and let two people of the staff approve it at /staff/onboarding")
        if not route.opens_again_by:
            print("  no other way to that country is described: the route stays closed")
    print("To close these routes in earnest, give the fallen transfer a review_by in the past.")
    return 0


def _failed(why: str) -> int:
    print(f"\nThe rehearsal failed: {why}.")
    return 1
