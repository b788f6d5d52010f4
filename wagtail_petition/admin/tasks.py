"""The admin's work as Django tasks, for sites whose task backend runs elsewhere."""

try:
    from django.tasks import task
except ImportError:  # Django before 6.0
    from django_tasks import task

from . import invalidating


@task()
def invalidate(pk):
    """Do the batches of one invalidation. Repeating it is harmless."""
    invalidating.work(pk)
