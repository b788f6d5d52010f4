"""Write ``List-Unsubscribe`` so that mail programs can read it.

Django 6.0 and later use Python's modern email policy. It turns every word longer than a line of
78 characters into encoded words (``=?utf-8?q?=3Chttps=3A//…``). RFC 2369, section 2, allows none
in ``List-Unsubscribe``, and no mail program decodes them there, so the link would be lost. This
header is therefore written on one line, up to the longest that RFC 5322 allows.
"""

from email import policy as email_policy
from email.headerregistry import HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from typing import Any

from django.core.mail import EmailMultiAlternatives

from wagtail_petition.compat import MESSAGES_HAVE_A_POLICY

# In characters (RFC 5322, section 2.1.1).
LONGEST_LINE = 998


class _OneLineHeader(UnstructuredHeader):
    """An ASCII header that is never encoded, whatever its length."""

    def fold(self, *, policy: email_policy.EmailPolicy) -> str:
        return super().fold(policy=policy.clone(max_line_length=LONGEST_LINE))


def _with_plain_links(policy: email_policy.EmailPolicy) -> email_policy.EmailPolicy:
    registry = HeaderRegistry()
    # The registry adds the base class BaseHeader.
    registry.map_to_type("list-unsubscribe", _OneLineHeader)  # type: ignore[arg-type]
    return policy.clone(header_factory=registry)


class LinkedMessage(EmailMultiAlternatives):
    """An email whose ``List-Unsubscribe`` is never encoded, on all versions of Django."""

    def message(self, **options: Any) -> EmailMessage:
        """Django's message. ``options`` may hold ``policy`` from Django 6.0 on."""
        if MESSAGES_HAVE_A_POLICY:
            given = options.get("policy", email_policy.default)
            options["policy"] = _with_plain_links(given)
        return super().message(**options)
