"""The suggested addresses and texts of an email with which a delivery is sent."""

from typing import NamedTuple

from django.template.defaultfilters import filesizeformat
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from wagtail_petition.formats import listed, number
from wagtail_petition.models.delivery import Delivery, DeliveryFile
from wagtail_petition.pages.lookup import find_page, get_page

from . import recipient_links
from .constituencies import get_representatives

LETTER = "letter.pdf"
# Larger letters aren't attached. Many mail servers refuse emails above 10 MB.
LARGEST_ATTACHMENT = 5 * 1024 * 1024


class Suggested(NamedTuple):
    """The subject and the text."""

    subject: str
    text: str


class Known(NamedTuple):
    """The known addresses of a recipient, and the names of those without one."""

    addresses: list[str]
    missing: list[str]


def get_addresses(delivery: Delivery) -> Known:
    """The addresses of the delivery's recipient: of the page, or of its representatives.

    Only those whose names are in the delivery's recipient, since the organiser may have typed
    another.
    """
    people = {
        str(person): person.email
        for person in get_representatives(delivery.petition, delivery.filters)
        if str(person) in delivery.recipient
    }
    if not people:
        # The page in the first language, since addresses don't depend on it.
        page = find_page(delivery.petition.key)
        blocks = [*page.to, *page.cc] if page else []
        people = {
            block.get("name"): block.get("email") or ""
            for block in blocks
            if block.get("name") == delivery.recipient
        }
    return Known(
        [address for address in people.values() if address],
        [name for name, address in people.items() if not address],
    )


def get_text(delivery: Delivery, language: str) -> Suggested:
    """The suggested subject and text in ``language``."""
    page = get_page(delivery.petition, language)
    with translation.override(language):
        values = {
            "recipient": delivery.recipient,
            "count": number(delivery.count),
            "title": page.title if page else str(delivery.petition),
            "organisation": page.get_organisation() if page else "",
        }
        subject = ngettext(
            "%(title)s: %(count)s signature", "%(title)s: %(count)s signatures", delivery.count
        )
        text = ngettext(
            "Dear %(recipient)s,\n\n"
            "We are sending you %(count)s signature for the petition “%(title)s”.\n\n"
            "On a private page you can read the letter, download the signature, and confirm that "
            "you have received it.\n\n"
            "Kind regards,\n%(organisation)s",
            "Dear %(recipient)s,\n\n"
            "We are sending you %(count)s signatures for the petition “%(title)s”.\n\n"
            "On a private page you can read the letter, download the signatures, and confirm that "
            "you have received them.\n\n"
            "Kind regards,\n%(organisation)s",
            delivery.count,
        )
        return Suggested((subject % values)[:200], (text % values).strip())


def get_attachment(delivery: Delivery) -> DeliveryFile | None:
    """The letter, if there is one that is small enough to attach."""
    letter = recipient_links.files(delivery).filter(name=LETTER).first()
    return letter if letter and letter.size < LARGEST_ATTACHMENT else None


def describe_attachment(delivery: Delivery) -> str:
    """What is attached and what isn't, in one sentence and the active language."""
    letter = recipient_links.files(delivery).filter(name=LETTER).first()
    if letter is None:
        return _("Nothing is attached. All files can be downloaded from the private page.")
    values = {"size": filesizeformat(letter.size)}
    if letter.size < LARGEST_ATTACHMENT:
        return (
            _(
                "The letter is attached as a PDF (%(size)s). The signatures can be downloaded from "
                "the private page."
            )
            % values
        )
    return (
        _(
            "The letter is too large to attach (%(size)s). All files can be downloaded from the "
            "private page."
        )
        % values
    )


def describe_missing(known: Known) -> str:
    """The names whose address isn't known, in one sentence; "" if there are none."""
    if not known.missing:
        return ""
    return _("No email address is known for: %(names)s.") % {"names": listed(known.missing)}
