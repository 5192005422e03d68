"""Index the names that stand already."""

from django.db import migrations

from linli.kernel.secrets.words import blind_words

BATCH = 2000


def index_names(apps, _schema_editor):
    """Hash the pieces of every name; they cannot be made inside the database."""
    Resident = apps.get_model("people", "Resident")
    rows = Resident.objects.filter(words__isnull=True).only("pk", "name").order_by("pk")
    while batch := list(rows[:BATCH]):
        for row in batch:
            row.words = blind_words(row.name)
        Resident.objects.bulk_update(batch, ["words"])


class Migration(migrations.Migration):
    dependencies = [("people", "0003_registers")]

    operations = [migrations.RunPython(index_names, migrations.RunPython.noop)]
