"""Bounces and complaints that the email provider reports to django-anymail (optional).

Its webhooks understand the providers' formats, and send a signal for each event. An error here
makes the provider report the event again.
"""

from typing import Any

from django.core.exceptions import ValidationError

from wagtail_petition import ledger
from wagtail_petition.extras import has_extra
from wagtail_petition.identity.emails import normalise_email
from wagtail_petition.models.signature import Signature

from .opt_out import opt_out

State = Signature.EmailState

# Reasons to give up the address. Others concern the message, or a full mailbox.
HARD = ("bounced", "invalid")


def connect() -> None:
    """Listen to django-anymail, if it is installed."""
    if has_extra("anymail"):
        from anymail.signals import tracking  # An optional extra.

        tracking.connect(follow, dispatch_uid="wagtail_petition")


def follow(sender: Any, event: Any, **kwargs: Any) -> None:
    """Store a bounce, complaint or unsubscription. Other events, such as "opened", are ignored."""
    try:
        email = normalise_email(event.recipient or "")
    except ValidationError:
        return
    kind = event.event_type
    if kind in ("bounced", "rejected") and event.reject_reason in HARD:
        ledger.set_email_state(email, State.BOUNCED)
    elif kind == "complained":
        ledger.set_email_state(email, State.COMPLAINED)
        stop(email)
    elif kind == "unsubscribed":
        stop(email)


def stop(email: str) -> None:
    """Stop all emails to an address, as its holder asked the email provider to do."""
    ledger.stop_updates(email)
    opt_out(email)
