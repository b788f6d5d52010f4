"""What differs between the versions of Django and Wagtail that we support, in one place.

Versions are compared with ``>=``, newest first, so that a branch goes when its version does.
"""

from collections.abc import Mapping

import django
import swapper
import wagtail
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.db.models import Model, QuerySet
from wagtail.permission_policies import ModelPermissionPolicy

if django.VERSION >= (6, 0):
    from django.tasks import task
else:
    from django_tasks import task  # type: ignore[no-redef]  # One or the other.

__all__ = [
    "MESSAGES_HAVE_A_POLICY",
    "PAGE_IS_SWAPPED",
    "POLICIES_ARE_REGISTERED",
    "mend_site_history",
    "open_mailer",
    "register_policies",
    "task",
]

# Whether Django makes emails by a policy of Python's email package, which message() takes.
MESSAGES_HAVE_A_POLICY = django.VERSION >= (6, 0)

# Whether Wagtail asks a registry for a model's permission policy, and no longer its viewset.
POLICIES_ARE_REGISTERED = wagtail.VERSION >= (8, 0)

# Whether the site has a base page of its own in place of wagtailcore.Page.
PAGE_IS_SWAPPED = False
if wagtail.VERSION >= (8, 0):
    # Wagtail says the same, but may come after us in INSTALLED_APPS.
    swapper.set_app_prefix("wagtailcore", "wagtail")
    PAGE_IS_SWAPPED = bool(swapper.is_swapped("wagtailcore", "Page"))


def open_mailer(timeout: int) -> BaseEmailBackend:
    """Django's default mail backend, which waits ``timeout`` seconds unless the site says else."""
    if django.VERSION >= (6, 1):
        mailer = mail.mailers.default
    else:
        mailer = mail.get_connection()
    # Only a backend that talks to a server has a timeout.
    if not getattr(mailer, "timeout", True):
        mailer.timeout = timeout  # type: ignore[attr-defined]
    return mailer


def register_policies(policies: Mapping[type[Model], ModelPermissionPolicy]) -> None:
    """Register ``{model: policy}`` with Wagtail, where it has a registry."""
    if POLICIES_ARE_REGISTERED:
        from wagtail.permissions import register_permission_policy

        for model, policy in policies.items():
            register_permission_policy(model, policy)


def mend_site_history() -> None:
    """Let Wagtail's site history show more than two kinds of log entries on SQLite.

    It makes a union of unions. Since Django 6.1 an inner one has the order of its model again, which
    SQLite refuses: "ORDER BY not allowed in subqueries". Ours is the third kind.
    """
    if django.VERSION >= (6, 1):
        from wagtail.admin.views.reports.audit_logging import LogEntriesView

        original = LogEntriesView.get_filtered_queryset

        def get_filtered_queryset(self: LogEntriesView) -> QuerySet:
            entries = original(self)
            for query in entries.query.combined_queries:
                query.clear_ordering(force=True)
            return entries

        LogEntriesView.get_filtered_queryset = get_filtered_queryset
