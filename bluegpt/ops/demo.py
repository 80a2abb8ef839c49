"""The account that is ready when a newcomer opens the page. Its password is public: demo only."""

from django.conf import settings

from bluegpt.accounts.models import Person
from bluegpt.accounts.services import people
from bluegpt.core.settings import Environment
from bluegpt.ops.errors import Complaint

EMAIL = "demo@bluegpt.example"
PASSWORD = "Seven-Otters-Paint-42-Boats"  # noqa: S105 - shown to everybody who starts a demo


def ready_account() -> str:
    """Make sure that the demo account exists; its password, or "" when somebody changed it."""
    person = Person.objects.filter(email=EMAIL).first()
    if person is None:
        people.create_person(email=EMAIL, password=PASSWORD)
        return PASSWORD
    return PASSWORD if person.check_password(PASSWORD) else ""


def refuse_in_production() -> None:
    """A data folder that was tried out has an account that everybody can open. Raises Complaint."""
    if settings.BLUEGPT.site.environment is not Environment.PRODUCTION:
        return
    person = Person.objects.filter(email=EMAIL).first()
    if person is not None and person.check_password(PASSWORD):
        raise Complaint(
            f"This data folder has the demo account {EMAIL}, whose password is public."
            " Begin production with a data folder of its own.",
            exit_code=1,
        )
