"""The outbox as a Django task, for sites whose task backend runs elsewhere."""

try:
    from django.tasks import task
except ImportError:  # Django before 6.0
    from django_tasks import task

from . import outbox


@task()
def send_owed_mail():
    """Send what is due. Repeating it is harmless."""
    outbox.drain()
