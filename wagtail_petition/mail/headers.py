"""Headers of emails to signers.

``List-Unsubscribe`` is written so that mail programs can read it. Django 6.0 and later use Python's
modern email policy. It turns every word longer than a line of 78 characters into encoded words
(``=?utf-8?q?=3Chttps=3A//…``). RFC 2369, section 2, allows none in ``List-Unsubscribe``, and no mail
program decodes them there, so the link would be lost. This header is therefore written on one line,
up to the longest that RFC 5322 allows, and so is ``Message-ID``.

The Message-ID has the id of the email and its keyed hash. A report that an email couldn't be
delivered repeats it. So nobody can make up reports about emails that they didn't get themselves.
"""

import re
from email import policy as email_policy
from email.headerregistry import HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.utils import parseaddr
from typing import Any

from django.core.mail import EmailMultiAlternatives
from django.utils.encoding import punycode

from wagtail_petition.compat import MESSAGES_HAVE_A_POLICY
from wagtail_petition.conf import settings
from wagtail_petition.identity.hashing import email_hash, is_email_hash

# In characters (RFC 5322, section 2.1.1).
LONGEST_LINE = 998
OUR_MESSAGE_ID = re.compile(r"<petition-(\d{1,18})-([0-9a-f]{32})@")


class _OneLineHeader(UnstructuredHeader):
    """An ASCII header that is never encoded, whatever its length."""

    def fold(self, *, policy: email_policy.EmailPolicy) -> str:
        return super().fold(policy=policy.clone(max_line_length=LONGEST_LINE))


def _with_plain_links(policy: email_policy.EmailPolicy) -> email_policy.EmailPolicy:
    registry = HeaderRegistry()
    # ``ignore``: typeshed wants a whole header class, but the registry adds BaseHeader itself.
    for name in ("list-unsubscribe", "message-id"):
        registry.map_to_type(name, _OneLineHeader)  # type: ignore[arg-type]
    return policy.clone(header_factory=registry)


class LinkedMessage(EmailMultiAlternatives):
    """An email to a signer. Its ``List-Unsubscribe`` is never encoded, on all versions of Django."""

    def mark(self, pk: int) -> None:
        """Make it recognisable as the email with this id, if a mail server returns it."""
        sender = str(self.from_email)
        domain = punycode(parseaddr(sender)[1].rpartition("@")[2])
        self.extra_headers["Message-ID"] = f"<petition-{pk}-{email_hash(pk)}@{domain}>"
        if settings.BOUNCE_ADDRESS:
            # Django takes the envelope's sender from here.
            self.from_email = settings.BOUNCE_ADDRESS
            self.extra_headers["From"] = sender

    def message(self, **options: Any) -> EmailMessage:
        """Django's message. ``options`` may hold ``policy`` from Django 6.0 on."""
        if MESSAGES_HAVE_A_POLICY:
            given = options.get("policy", email_policy.default)
            options["policy"] = _with_plain_links(given)
        return super().message(**options)


def find_our_email(text: str) -> int | None:
    """The id of the first email of ours that ``text`` names by its Message-ID; None if none."""
    for pk, found in OUR_MESSAGE_ID.findall(text):
        if is_email_hash(int(pk), found):
            return int(pk)
    return None
