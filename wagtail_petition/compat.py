"""The differences between the supported versions of Django and Wagtail.

Versions are compared with ``>=``, newest first, so that an old version's branch is easy to remove.
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

# Whether Django's EmailMessage.message() takes a policy of Python's email package.
MESSAGES_HAVE_A_POLICY = django.VERSION >= (6, 0)

# Whether Wagtail gets a model's permission policy from a registry instead of the viewset.
POLICIES_ARE_REGISTERED = wagtail.VERSION >= (8, 0)

# Whether the site replaces wagtailcore.Page with its own base page.
PAGE_IS_SWAPPED = False
if wagtail.VERSION >= (8, 0):
    # Wagtail does the same, but may be loaded after us.
    swapper.set_app_prefix("wagtailcore", "wagtail")
    PAGE_IS_SWAPPED = bool(swapper.is_swapped("wagtailcore", "Page"))


def open_mailer(timeout: int) -> BaseEmailBackend:
    """Django's default mail backend. ``timeout`` is in seconds, unless the site sets its own."""
    if django.VERSION >= (6, 1):
        mailer = mail.mailers.default
    else:
        mailer = mail.get_connection()
    # Only backends with a server have this attribute.
    if not getattr(mailer, "timeout", True):
        mailer.timeout = timeout  # type: ignore[attr-defined]
    return mailer


def register_policies(policies: Mapping[type[Model], ModelPermissionPolicy]) -> None:
    """Register ``{model: policy}`` with Wagtail, if it has a registry."""
    if POLICIES_ARE_REGISTERED:
        from wagtail.permissions import register_permission_policy  # Not in older versions.

        for model, policy in policies.items():
            register_permission_policy(model, policy)


def mend_site_history() -> None:
    """Fix Wagtail's site history on SQLite with more than two log models. Ours is the third.

    It makes a union of unions. From Django 6.1, an inner union keeps its model's ordering, and
    SQLite fails with "ORDER BY not allowed in subqueries".
    """
    if django.VERSION >= (6, 1):
        from wagtail.admin.views.reports.audit_logging import (
            LogEntriesView,
        )  # Needs all apps to be loaded.

        original = LogEntriesView.get_filtered_queryset

        def get_filtered_queryset(self: LogEntriesView) -> QuerySet:
            entries = original(self)
            for query in entries.query.combined_queries:
                query.clear_ordering(force=True)
            return entries

        LogEntriesView.get_filtered_queryset = get_filtered_queryset
