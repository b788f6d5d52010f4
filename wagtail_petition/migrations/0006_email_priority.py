from django.db import migrations, models

# As OutgoingEmail.PRIORITIES was when this was written; the default is right for all others.
PRIORITIES = {"receipt": 20, "reminder": 50, "last_call": 50, "delivered": 60}


def give_priorities(apps, schema_editor):
    """Emails that wait get their place. Those that were sent need none."""
    emails = apps.get_model("wagtail_petition", "OutgoingEmail").objects.filter(state="due")
    for kind, priority in PRIORITIES.items():
        emails.filter(kind=kind).update(priority=priority)


class Migration(migrations.Migration):
    dependencies = [("wagtail_petition", "0005_delivery_files")]

    operations = [
        migrations.RemoveIndex(model_name="outgoingemail", name="petition_mail_due"),
        migrations.AddField(
            model_name="outgoingemail",
            name="priority",
            field=models.PositiveSmallIntegerField(
                choices=[
                    (10, "Confirmation"),
                    (20, "Receipt"),
                    (30, "Organiser"),
                    (40, "Webhook"),
                    (50, "Reminder"),
                    (60, "Update"),
                ],
                default=10,
            ),
        ),
        migrations.AddIndex(
            model_name="outgoingemail",
            index=models.Index(
                condition=models.Q(("state", "due")),
                fields=["priority", "due_at"],
                name="petition_mail_next",
            ),
        ),
        migrations.RunPython(give_priorities, migrations.RunPython.noop),
    ]
