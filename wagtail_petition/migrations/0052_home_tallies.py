"""Counts by where people vote get a table of their own, without days."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Sum

CELL = ("petition", "day", "country", "language", "source", "origin")
HOME_CELL = ("petition", "home_region", "country")
BATCH = 5000


def divide(apps, schema_editor):
    """Count by home region apart, and join the tallies that differ in nothing else."""
    alias = schema_editor.connection.alias
    Tally = apps.get_model("wagtail_petition", "Tally")
    HomeTally = apps.get_model("wagtail_petition", "HomeTally")
    tallies = Tally.objects.using(alias).order_by()
    if schema_editor.connection.vendor == "postgresql":
        # Whoever signs meanwhile waits, instead of being counted in rows that are replaced.
        table = schema_editor.quote_name(Tally._meta.db_table)
        schema_editor.execute(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")
    homes = tallies.exclude(home_region="").values(*HOME_CELL).annotate(sum=Sum("count"))
    HomeTally.objects.using(alias).bulk_create(
        (_make(HomeTally, row) for row in homes), batch_size=BATCH
    )
    petitions = list(HomeTally.objects.using(alias).values_list("petition", flat=True).distinct())
    for petition in petitions:
        theirs = tallies.filter(petition=petition)
        joined = [_make(Tally, row) for row in theirs.values(*CELL).annotate(sum=Sum("count"))]
        theirs.delete()
        Tally.objects.using(alias).bulk_create(joined, batch_size=BATCH)
    if schema_editor.connection.vendor == "postgresql":
        # PostgreSQL checks new rows at the end, and doesn't change a table before.
        schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        schema_editor.execute("SET CONSTRAINTS ALL DEFERRED")


def _make(model, row):
    return model(petition_id=row.pop("petition"), count=row.pop("sum"), **row)


class Migration(migrations.Migration):
    dependencies = [
        ("wagtail_petition", "0051_recipients_accept"),
    ]

    operations = [
        migrations.CreateModel(
            name="HomeTally",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("home_region", models.CharField(max_length=12)),
                ("country", models.CharField(blank=True, max_length=2)),
                ("count", models.PositiveIntegerField(default=0)),
                (
                    "petition",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="home_tallies",
                        to="wagtail_petition.petition",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="hometally",
            constraint=models.UniqueConstraint(
                fields=("petition", "home_region", "country"), name="petition_home_tally_unique"
            ),
        ),
        # Backwards, the regions of days are lost; ``check_petition_counts --repair`` counts them.
        migrations.RunPython(divide, migrations.RunPython.noop),
        migrations.RemoveConstraint(
            model_name="tally",
            name="petition_tally_unique",
        ),
        migrations.RemoveField(
            model_name="tally",
            name="home_region",
        ),
        migrations.AddConstraint(
            model_name="tally",
            constraint=models.UniqueConstraint(
                fields=("petition", "day", "country", "language", "source", "origin"),
                name="petition_tally_unique",
            ),
        ),
    ]
