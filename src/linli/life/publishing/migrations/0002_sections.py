from django.db import migrations

SECTIONS = (
    ("news", "要闻动态"),
    ("notice", "通知公告"),
    ("affairs", "居务公开"),
    ("activity", "社区活动"),
    ("service", "便民服务"),
    ("culture", "文体教育"),
    ("volunteer", "志愿服务"),
)


def begin(apps, _editor):
    section = apps.get_model("publishing", "Section")
    for order, (code, name) in enumerate(SECTIONS, start=1):
        section.objects.get_or_create(code=code, defaults={"name": name, "order": order * 10})


class Migration(migrations.Migration):
    dependencies = [("publishing", "0001_initial")]
    operations = [migrations.RunPython(begin, migrations.RunPython.noop)]
