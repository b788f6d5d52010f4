from django.db import migrations, models

from wagtail_petition.migrations._concurrently import AddIndexConcurrently


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("wagtail_petition", "0052_home_tallies"),
    ]

    operations = [
        AddIndexConcurrently(
            model_name="signature",
            index=models.Index(
                condition=models.Q(
                    ("status__in", ["withdrawn", "invalidated"]),
                    models.Q(("home_region", ""), _negated=True),
                ),
                fields=["petition", "ended_at"],
                name="petition_sig_home_ended",
            ),
        ),
    ]
