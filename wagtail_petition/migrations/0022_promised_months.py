import re

from django.db import migrations


def note_months(apps, schema_editor):
    """Note with the oldest texts the months that they promise, if those are what holds so far.

    Texts signed before these fields existed say it in words alone. Unless it is noted, whoever
    lengthened the retention later would lengthen it for their signers too.
    """
    Petition = apps.get_model("wagtail_petition", "Petition")
    Signature = apps.get_model("wagtail_petition", "Signature")
    SignedText = apps.get_model("wagtail_petition", "SignedText")
    alias = schema_editor.connection.alias
    for petition in Petition.objects.using(alias):
        signed = Signature.objects.using(alias).filter(petition=petition).values("signed_text")
        texts = SignedText.objects.using(alias).filter(
            pk__in=signed, erase_at=None, retention_months=None
        )
        months = petition.retention_months
        for text in texts:
            if re.search(rf"\b{months}\b", text.consent):
                SignedText.objects.using(alias).filter(pk=text.pk).update(retention_months=months)


class Migration(migrations.Migration):
    dependencies = [("wagtail_petition", "0021_paper_counts")]

    operations = [migrations.RunPython(note_months, migrations.RunPython.noop)]
