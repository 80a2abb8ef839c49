"""When an account was last used, as far as it is known for those that are here."""

from typing import Any

from django.db import migrations, models
from django.db.models import F, Max, OuterRef, Subquery
from django.db.models.functions import Coalesce, Greatest

import bluegpt.core.clock


def fill(apps: Any, _schema_editor: Any) -> None:
    """The latest of what was recorded: the account made or confirmed, a log-in, a session, a key.

    A closed account is not counted from its use; it is when it is opened again.
    """
    person = apps.get_model("accounts", "Person")
    seen = _latest(apps.get_model("usersessions", "UserSession"), "user_id", "last_seen_at")
    called = _latest(apps.get_model("accounts", "ApiKey"), "person_id", "last_used_at")
    facts = [F("confirmed_at"), F("last_login"), seen, called]
    latest = Greatest(F("created_at"), *(Coalesce(fact, F("created_at")) for fact in facts))
    person.objects.filter(closed_at=None).update(last_active_at=latest)
    person.objects.exclude(closed_at=None).update(last_active_at=None)


def _latest(model: Any, owner: str, instant: str) -> Subquery:
    rows = model.objects.filter(**{owner: OuterRef("pk")}).order_by().values(owner)
    return Subquery(rows.annotate(latest=Max(instant)).values("latest"))


class Migration(migrations.Migration):
    dependencies = (("accounts", "0003_closing"), ("usersessions", "0001_initial"))
    operations = (
        migrations.AddField(
            model_name="person",
            name="last_active_at",
            field=models.DateTimeField(default=bluegpt.core.clock.now, null=True),
        ),
        migrations.AddIndex(
            model_name="person",
            index=models.Index(
                condition=models.Q(closed_at=None),
                fields=["last_active_at", "id"],
                name="accounts_unused",
            ),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    )
