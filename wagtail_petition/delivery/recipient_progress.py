"""How far a delivery is with its recipient: sent, opened, answered, and when."""

from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Exists, Min, OuterRef, QuerySet, Subquery
from django.utils.translation import gettext as _

from wagtail_petition.models.delivery import Delivery
from wagtail_petition.models.delivery_email import DeliveryEmail
from wagtail_petition.models.email import OutgoingEmail
from wagtail_petition.models.recipient_link import Acknowledgement, RecipientVisit

State, Kind = OutgoingEmail.State, Acknowledgement.Kind


class Step(NamedTuple):
    """A step and when it was reached; without a time if it isn't yet, or has failed."""

    label: str
    at: datetime | None = None
    has_failed: bool = False


def with_progress(deliveries: QuerySet[Delivery]) -> QuerySet[Any]:
    """``deliveries`` with what ``get_steps`` needs, in the same query."""
    own = {"delivery": OuterRef("pk")}
    emails = DeliveryEmail.objects.filter(**own).order_by("-pk")
    sent = DeliveryEmail.objects.filter(**own, queued__state=State.SENT).order_by("pk")
    visits = RecipientVisit.objects.filter(link__delivery=OuterRef("pk")).order_by()
    answers = Acknowledgement.objects.filter(**own)
    return deliveries.annotate(
        is_emailed=Exists(emails),
        email_state=Subquery(emails.values("queued__state")[:1]),
        sent_at=Subquery(sent.values("queued__sent_at")[:1]),
        opened_at=Subquery(
            visits.values("link__delivery").annotate(first=Min("at")).values("first")[:1]
        ),
        received_at=Subquery(answers.filter(kind=Kind.RECEIVED).values("created_at")[:1]),
        declined_at=Subquery(answers.filter(kind=Kind.DECLINED).values("created_at")[:1]),
    )


def get_steps(delivery: Any) -> list[Step]:
    """The steps that ``delivery``, from ``with_progress``, has reached, in order.

    The last one tells where it is. An email that waits or has failed is the last step until the
    recipient answers.
    """
    reached = [
        Step(_("Sent"), delivery.sent_at),
        Step(_("Opened"), delivery.opened_at),
        Step(_("Declined"), delivery.declined_at),
        Step(_("Receipt confirmed"), delivery.received_at),
    ]
    steps = [step for step in reached if step.at]
    if not delivery.is_emailed or delivery.received_at or delivery.declined_at:
        return steps
    if delivery.email_state == State.FAILED:
        steps.append(Step(_("Sending failed"), has_failed=True))
    elif delivery.email_state == State.DUE:
        steps.append(Step(_("Waiting to be sent")))
    return steps
