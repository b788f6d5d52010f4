"""Headers that mail programs must be able to read as they are.

Django 6.0 and later write headers with Python's modern email policy, which turns every word that
is longer than a line of 78 characters into encoded words (``=?utf-8?q?=3Chttps=3A//…``). No mail
program decodes those in ``List-Unsubscribe`` (RFC 2369, section 2, allows none there): a link
with a token would be lost. Such a header may be as long as RFC 5322 lets a line be.
"""

from email import policy as email_policy
from email.headerregistry import HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from typing import Any

from django.core.mail import EmailMultiAlternatives

from wagtail_petition.compat import MESSAGES_HAVE_A_POLICY

# Characters on one line at most (RFC 5322, section 2.1.1).
LONGEST_LINE = 998


class _OneLineHeader(UnstructuredHeader):
    """A header of ASCII text that is never encoded, however long its words are."""

    def fold(self, *, policy: email_policy.EmailPolicy) -> str:
        return super().fold(policy=policy.clone(max_line_length=LONGEST_LINE))


def _with_plain_links(policy: email_policy.EmailPolicy) -> email_policy.EmailPolicy:
    registry = HeaderRegistry()
    # The registry adds BaseHeader itself, as it does to the classes it knows.
    registry.map_to_type("list-unsubscribe", _OneLineHeader)  # type: ignore[arg-type]
    return policy.clone(header_factory=registry)


class LinkedMessage(EmailMultiAlternatives):
    """An email whose ``List-Unsubscribe`` arrives as it was written, on every Django."""

    def message(self, **options: Any) -> EmailMessage:
        """The message as Django makes it; from Django 6.0 on for a ``policy`` from ``email``."""
        if MESSAGES_HAVE_A_POLICY:
            given = options.get("policy", email_policy.default)
            options["policy"] = _with_plain_links(given)
        return super().message(**options)
