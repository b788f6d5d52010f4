from django.db import migrations, models
from django.db.models import Q

STATISTICS = 500


def keep_finer_statistics(apps, schema_editor):
    """As for names: so that PostgreSQL tells a frequent postcode from a rare one."""
    _set_statistics(apps, schema_editor, STATISTICS)


def keep_default_statistics(apps, schema_editor):
    _set_statistics(apps, schema_editor, -1)


def _set_statistics(apps, schema_editor, target):
    if schema_editor.connection.vendor != "postgresql":
        return
    table = apps.get_model("wagtail_petition", "Signature")._meta.db_table
    quote = schema_editor.quote_name
    schema_editor.execute(
        f"ALTER TABLE {quote(table)} ALTER COLUMN {quote('postcode')} SET STATISTICS {target}"
    )


class Migration(migrations.Migration):
    dependencies = [("wagtail_petition", "0007_rules_without_persons")]

    operations = [
        migrations.AddIndex(
            model_name="signature",
            index=models.Index(
                fields=["postcode", "-id"],
                condition=~Q(postcode=""),
                name="petition_sig_postcode",
            ),
        ),
        migrations.RunPython(keep_finer_statistics, keep_default_statistics),
    ]
