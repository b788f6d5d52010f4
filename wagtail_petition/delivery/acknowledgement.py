"""A recipient confirms or declines a delivery, and the organiser gets an email."""

import logging
from datetime import date
from functools import partial

from django.core.mail import EmailMessage
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.log_actions import log

from wagtail_petition import addresses, ledger
from wagtail_petition.access.permissions import can
from wagtail_petition.access.petitions import User
from wagtail_petition.background.dispatch import dispatch
from wagtail_petition.formats import number
from wagtail_petition.mail.rendering import render_to_user
from wagtail_petition.models import Acknowledgement, Delivery, RecipientLink

from . import lifecycle, recipient_links
from .lifecycle import WrongState

logger = logging.getLogger("wagtail_petition.delivery")

Kind = Acknowledgement.Kind


class FilesChanged(WrongState):
    """The delivery was rebuilt after the recipient opened the page."""


def contents(delivery: Delivery) -> str:
    """What is in ``delivery``, in one sentence and the active language."""
    return ngettext(
        "%(count)s signature for the petition “%(petition)s”, from number %(first)s to %(last)s.",
        "%(count)s signatures for the petition “%(petition)s”, from number %(first)s to %(last)s.",
        delivery.count,
    ) % {
        "count": number(delivery.count),
        "petition": delivery.petition,
        "first": number(delivery.first_number),
        "last": number(delivery.last_number),
    }


def get_answer(delivery: Delivery) -> Acknowledgement | None:
    """The recipient's answer: "received", or else "declined"; None without one."""
    answers = {answer.kind: answer for answer in delivery.acknowledgements.all()}
    return answers.get(Kind.RECEIVED) or answers.get(Kind.DECLINED)


def confirm_receipt(
    link: RecipientLink, *, manifest_sha256: str, name: str, office: str, day: date, note: str = ""
) -> Acknowledgement:
    """Record that the recipient confirms receipt, and mark the delivery as delivered.

    ``manifest_sha256`` is that of the manifest which the page showed. Raises ``FilesChanged`` if
    there is another manifest now, and ``WrongState`` if receipt was confirmed before, or the
    delivery is being prepared.
    """
    text = _("We confirm that we have received this delivery:") + " " + contents(link.delivery)
    with transaction.atomic():
        delivery = _present(link, manifest_sha256)
        answer = _store(
            link,
            delivery,
            kind=Kind.RECEIVED,
            text=text,
            name=name,
            office=office,
            day=day,
            note=note,
        )
        if delivery.state == Delivery.State.READY:
            # If the recipient has the files, a later withdrawal doesn't change that.
            lifecycle.mark_delivered(
                delivery,
                delivered_on=day,
                is_public=delivery.is_public,
                tells_signers=delivery.tells_signers,
                before_withdrawals=recipient_links.has_downloaded(delivery),
            )
            log(
                delivery.petition,
                "wagtail_petition.mark_delivered",
                data={"delivery": delivery.pk, "sha256": delivery.manifest_sha256},
            )
    return answer


def decline(
    link: RecipientLink, *, manifest_sha256: str, name: str, office: str, note: str
) -> Acknowledgement:
    """Record that the recipient declines the delivery, and why. Its state stays as it is.

    Raises ``FilesChanged`` and ``WrongState`` as ``confirm_receipt`` does.
    """
    text = _("We decline this delivery:") + " " + contents(link.delivery)
    with transaction.atomic():
        delivery = _present(link, manifest_sha256)
        return _store(
            link,
            delivery,
            kind=Kind.DECLINED,
            text=text,
            name=name,
            office=office,
            day=timezone.localdate(),
            note=note,
        )


def _present(link: RecipientLink, manifest_sha256: str) -> Delivery:
    """The delivery as it is now, under the petition's lock."""
    ledger.lock(link.delivery.petition_id)
    delivery = Delivery.objects.select_related("petition").get(pk=link.delivery_id)
    if delivery.state not in recipient_links.SHARED:
        raise WrongState(_("This delivery is being prepared. Please come back later."))
    if delivery.manifest_sha256 != manifest_sha256:
        raise FilesChanged(_("The files have changed since you opened this page."))
    return delivery


def _store(link: RecipientLink, delivery: Delivery, **fields) -> Acknowledgement:
    before = get_answer(delivery)
    if before and before.kind == Kind.RECEIVED:
        raise WrongState(_("Receipt of this delivery has already been confirmed."))
    if before and before.kind == fields["kind"]:
        raise WrongState(_("This delivery has already been declined."))
    answer = Acknowledgement.objects.create(
        delivery=delivery, link=link, manifest_sha256=delivery.manifest_sha256, **fields
    )
    transaction.on_commit(partial(dispatch, tell_organisers))
    return answer


# The values after erasure of the fields that name somebody.
ERASED = {"name": "", "office": "", "note": ""}


def erase(answer: Acknowledgement, *, user: User | None) -> None:
    """Erase the name, office and note of an answer. The answer and its date stay.

    Raises ``WrongState`` if they were erased before.
    """
    erased = Acknowledgement.objects.filter(pk=answer.pk, erased_at=None).update(
        **ERASED, erased_at=timezone.now(), erased_by=user
    )
    if not erased:
        raise WrongState(lifecycle.ERASED_BEFORE)


def tell_organisers() -> int:
    """Email the recipients' new answers to the organisers. Returns how many emails were sent."""
    untold = Acknowledgement.objects.filter(told_at=None).select_related(
        "delivery__petition", "delivery__created_by", "link__created_by"
    )
    return sum(_tell(answer) for answer in untold)


def _tell(answer: Acknowledgement) -> bool:
    """Email the organiser. Tried once: the delivery's page shows the answer too."""
    untold = Acknowledgement.objects.filter(pk=answer.pk, told_at=None)
    if not untold.update(told_at=timezone.now()):
        return False
    delivery = answer.delivery
    user = (answer.link and answer.link.created_by) or delivery.created_by
    if not user or not user.email or not can(user, "view", delivery.petition, Delivery):
        return False
    try:
        _render(answer, user.email, _language_of(user)).send()
    except Exception as error:
        # The error may contain the address, so only its type is logged.
        kind = type(error).__name__
        logger.warning("The mail about delivery %s could not be sent: %s", delivery.pk, kind)
        return False
    return True


def _language_of(user: User) -> str:
    """The language in which ``user`` reads the admin."""
    profile = getattr(user, "wagtail_userprofile", None)
    return profile.get_preferred_language() if profile else translation.get_language()


def _render(answer: Acknowledgement, address: str, language: str) -> EmailMessage:
    delivery = answer.delivery
    url = addresses.admin_url(
        "petition_deliveries:detail", delivery.pk, stored=delivery.petition.script_name
    )
    context = {"answer": answer, "delivery": delivery, "url": url}
    return render_to_user("recipient_answer", address, language, context)
