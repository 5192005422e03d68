from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]
    operations = [
        migrations.RunSQL(
            'INSERT INTO ledger_clock (id, "offset") VALUES (1, 0)',
            "DELETE FROM ledger_clock",
        )
    ]
