from django.db import migrations, models

from wagtail_petition.migrations._concurrently import AddIndexConcurrently, AddUniqueConcurrently


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("wagtail_petition", "0034_update"),
    ]

    operations = [
        AddIndexConcurrently(
            model_name="signature",
            index=models.Index(
                condition=models.Q(("status", "confirmed"), ("wants_news", True)),
                fields=["petition", "id"],
                name="petition_sig_news",
            ),
        ),
        AddIndexConcurrently(
            model_name="outgoingemail",
            index=models.Index(
                condition=models.Q(("update__isnull", False)),
                fields=["update", "state"],
                name="petition_mail_of_update",
            ),
        ),
        AddUniqueConcurrently(
            model_name="outgoingemail",
            constraint=models.UniqueConstraint(
                condition=models.Q(("update__isnull", False)),
                fields=("update", "signature"),
                name="petition_mail_one_update",
            ),
        ),
    ]
