from django.db import migrations, models

from wagtail_petition.migrations._concurrently import AddIndexConcurrently


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("wagtail_petition", "0036_email_state"),
    ]

    operations = [
        AddIndexConcurrently(
            model_name="signature",
            index=models.Index(
                condition=models.Q(("email_state", "ok"), _negated=True),
                fields=["petition", "-id"],
                name="petition_sig_bounced",
            ),
        ),
    ]
