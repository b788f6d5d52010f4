from django.db import migrations, models

from wagtail_petition.migrations._concurrently import AddIndexConcurrently


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("wagtail_petition", "0027_home_tie"),
    ]

    operations = [
        AddIndexConcurrently(
            model_name="signature",
            index=models.Index(
                condition=models.Q(("home_country", ""), _negated=True),
                fields=["home_country", "-id"],
                name="petition_sig_home_country",
            ),
        ),
        AddIndexConcurrently(
            model_name="signature",
            index=models.Index(
                condition=models.Q(("home_region", ""), _negated=True),
                fields=["home_region", "-id"],
                name="petition_sig_home_region",
            ),
        ),
        AddIndexConcurrently(
            model_name="signature",
            index=models.Index(
                condition=models.Q(("home_tie", ""), _negated=True),
                fields=["home_tie", "-id"],
                name="petition_sig_home_tie",
            ),
        ),
        AddIndexConcurrently(
            model_name="signature",
            index=models.Index(
                condition=models.Q(("home_district", ""), _negated=True),
                fields=["home_district", "home_region", "-id"],
                name="petition_sig_home_district",
            ),
        ),
    ]
