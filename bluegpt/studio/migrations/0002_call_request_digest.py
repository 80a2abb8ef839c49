from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("studio", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="call",
            name="request_digest",
            field=models.CharField(default="", max_length=32),
        ),
    ]
