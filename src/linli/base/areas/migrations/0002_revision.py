from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("areas", "0001_initial")]
    operations = [
        migrations.RunSQL(
            "INSERT INTO areas_boundary_revision (id, revision) VALUES (1, 1)",
            "DELETE FROM areas_boundary_revision",
        )
    ]
