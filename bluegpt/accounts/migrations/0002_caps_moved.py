"""Spending caps of API keys live in the ledger, which enforces them."""

from django.db import migrations


class Migration(migrations.Migration):
    """After the first tables; the ledger's own migration has taken the limits over before."""

    dependencies = (("accounts", "0001_initial"),)
    operations = (
        migrations.RemoveConstraint(model_name="apikey", name="accounts_cap_is_positive"),
        migrations.RemoveField(model_name="apikey", name="monthly_cap_microcredits"),
    )
