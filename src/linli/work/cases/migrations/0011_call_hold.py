import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0010_mediation")]

    operations = [
        migrations.CreateModel(
            name="CallHold",
            fields=[
                (
                    "task",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="cases.subtask",
                    ),
                ),
                ("account_id", models.BigIntegerField()),
                ("until", models.DateTimeField()),
            ],
            options={"db_table": "cases_call_hold"},
        )
    ]
