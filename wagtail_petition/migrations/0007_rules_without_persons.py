from django.db import migrations, models

from wagtail_petition.models.moderation import masked
from wagtail_petition.identity.hashing import address_hash


def hash_addresses(apps, schema_editor):
    """Keep the keyed hashes of addresses that are blocked or allowed, instead of the addresses."""
    BlockRule = apps.get_model("wagtail_petition", "BlockRule")
    for rule in BlockRule.objects.filter(kind="address", hint=""):
        rule.hint, rule.value = masked(rule.value), address_hash(rule.value)
        rule.save(update_fields=["hint", "value"])


class Migration(migrations.Migration):
    dependencies = [
        ("wagtail_petition", "0006_email_priority"),
    ]

    operations = [
        migrations.AddField(
            model_name="blockrule",
            name="hint",
            field=models.CharField(blank=True, editable=False, max_length=254),
        ),
        migrations.AddField(
            model_name="invalidation",
            name="erased_fields",
            field=models.JSONField(default=list, editable=False),
        ),
        migrations.RunPython(hash_addresses, migrations.RunPython.noop, elidable=False),
    ]
