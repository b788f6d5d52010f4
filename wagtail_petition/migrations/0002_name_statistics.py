from django.db import migrations

# A search by name is answered along the newest signatures if many match, and along the names if
# few do. With the hundred values PostgreSQL keeps by default, it takes a name that one in two
# hundred has for a rare one, and sorts tens of thousands of rows to show fifty.
TARGET = 500


def keep_finer_statistics(apps, schema_editor):
    _set_target(apps, schema_editor, TARGET)


def keep_default_statistics(apps, schema_editor):
    _set_target(apps, schema_editor, -1)


def _set_target(apps, schema_editor, target):
    if schema_editor.connection.vendor != "postgresql":
        return
    table = apps.get_model("wagtail_petition", "Signature")._meta.db_table
    for column in ("name_key", "family_key"):
        schema_editor.execute(
            f"ALTER TABLE {schema_editor.quote_name(table)} "
            f"ALTER COLUMN {schema_editor.quote_name(column)} SET STATISTICS {target}"
        )


class Migration(migrations.Migration):
    dependencies = [("wagtail_petition", "0001_initial")]

    operations = [migrations.RunPython(keep_finer_statistics, keep_default_statistics)]
