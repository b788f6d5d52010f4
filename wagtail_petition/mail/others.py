"""Emails to others than signers: to the recipient of a delivery, for example.

The room that such emails belong to registers a function for their kind, and queues them with
``ledger.queue_emails_to``. The function is called when an email is sent. It knows from the payload
to whom it goes and what it says.
"""

from collections.abc import Callable

from django.core.mail import EmailMessage

from wagtail_petition.models.email import OutgoingEmail

# Makes the message, or returns None if it is no longer wanted. It is called again for each attempt
# to send, and an error it raises postpones the email.
Make = Callable[[OutgoingEmail], EmailMessage | None]

_makers: dict[str, Make] = {}


def register(kind: OutgoingEmail.Kind, make: Make) -> None:
    """Let ``make`` make the emails of ``kind``. Called in ``apps``, so that any process can."""
    _makers[kind] = make


def make_message(mail: OutgoingEmail) -> EmailMessage | None:
    """The message of ``mail``, None to drop it. Raises ``KeyError`` for an unknown kind."""
    return _makers[mail.kind](mail)
