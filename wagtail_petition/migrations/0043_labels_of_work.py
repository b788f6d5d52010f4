from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("wagtail_petition", "0042_emails_to_others"),
    ]

    operations = [
        migrations.AlterField(
            model_name="bulkact",
            name="verb",
            field=models.CharField(max_length=16, verbose_name="action"),
        ),
        migrations.AlterField(
            model_name="signatureexport",
            name="format",
            field=models.CharField(max_length=32, verbose_name="format"),
        ),
    ]
