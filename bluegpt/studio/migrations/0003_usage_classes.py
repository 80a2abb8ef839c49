"""An answer keeps all that a provider can count, and what it said when that was not believed."""

from django.db import migrations, models

_COUNTS = (
    "image_input_tokens",
    "audio_input_tokens",
    "image_output_tokens",
    "audio_output_tokens",
    "searches",
    "tool_calls",
)


class Migration(migrations.Migration):
    """The index serves the comparison with a provider's report, a day at a time."""

    dependencies = (("studio", "0002_call_request_digest"), ("studio", "0002_ceilings"))
    operations = (
        *(
            migrations.AddField("call", name, models.PositiveBigIntegerField(default=0))
            for name in _COUNTS
        ),
        migrations.AddField("call", "reported_usage", models.JSONField(default=dict)),
        migrations.AddIndex(
            "call",
            models.Index(
                fields=["recipient", "dispatched_at", "id"], name="studio_calls_of_recipient"
            ),
        ),
    )
