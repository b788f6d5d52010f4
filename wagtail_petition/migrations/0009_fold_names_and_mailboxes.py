"""Search keys as they are made now, and one key for each mailbox.

Not one transaction: people sign meanwhile, and millions of rows take minutes. Stopped half-way,
it is run again from the start, and finds nothing left to do where it has been.
"""

from django.db import IntegrityError, migrations, transaction

BATCH = 1000
# Of plain letters nothing is made anew.
PLAIN = r"^[a-z ]*$"
# Where a mailbox has more than one address; others keep their key.
DOMAINS = r"@(icloud|me|mac|proton|protonmail|pm|yandex|ya|yahoo|ymail|rocketmail)\."


def fold_names(apps, schema_editor):
    """Make the name keys anew that would be others today."""
    from wagtail_petition.models.search import fold

    signatures = apps.get_model("wagtail_petition", "Signature").objects
    fields = ("name_key", "family_key")
    rows = signatures.exclude(name_key__regex=PLAIN)
    for batch in _batches(rows.only("pk", "given_name", "family_name", *fields)):
        changed = []
        for row in batch:
            name = fold(f"{row.given_name} {row.family_name}")
            family = fold(f"{row.family_name} {row.given_name}")
            if (name, family) != (row.name_key, row.family_key):
                row.name_key, row.family_key = name, family
                changed.append(row)
        signatures.bulk_update(changed, fields)


def join_mailboxes(apps, schema_editor):
    """Give all addresses of a mailbox one key.

    Where that would make two signatures of one petition one person's, both stay as they were
    given: each was confirmed, and has its number.
    """
    from wagtail_petition.identity.emails import email_key

    signatures = apps.get_model("wagtail_petition", "Signature").objects
    rows = signatures.filter(email_key__regex=DOMAINS).exclude(email="")
    for batch in _batches(rows.only("pk", "email", "email_key")):
        for row in batch:
            key = email_key(row.email)
            if key == row.email_key:
                continue
            domain = key.rpartition("@")[2]
            try:
                with transaction.atomic():
                    signatures.filter(pk=row.pk).update(email_key=key, email_domain=domain)
            except IntegrityError:
                # Only the constraint of one signature per address can refuse it.
                continue


def _batches(rows):
    """The rows of a queryset in lists, by id: what is written meanwhile upsets no cursor."""
    last = 0
    while batch := list(rows.filter(pk__gt=last).order_by("pk")[:BATCH]):
        yield batch
        last = batch[-1].pk


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("wagtail_petition", "0008_postcode_index")]

    operations = [
        migrations.RunPython(fold_names, migrations.RunPython.noop),
        migrations.RunPython(join_mailboxes, migrations.RunPython.noop),
    ]
