from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_sign_in_limits")]

    operations = [
        migrations.AddField(
            model_name="grantrow", name="past", field=models.JSONField(default=list)
        )
    ]
