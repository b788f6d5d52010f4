import secrets

from django.db import migrations, models


def give_versions(apps, schema_editor):
    """Let processes keep the pages of each petition, not only of those that are saved again."""
    petitions = apps.get_model("wagtail_petition", "Petition").objects
    for pk in petitions.values_list("pk", flat=True):
        petitions.filter(pk=pk).update(pages_version=secrets.randbits(62))


class Migration(migrations.Migration):
    dependencies = [("wagtail_petition", "0028_home_indexes")]

    operations = [
        migrations.AddField(
            model_name="petition",
            name="pages_version",
            field=models.PositiveBigIntegerField(default=0, editable=False),
        ),
        migrations.RunPython(give_versions, migrations.RunPython.noop),
    ]
