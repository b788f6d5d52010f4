"""Emails to a petition's organisers: to whom, whether, and in which language.

The queue holds only the hash of an address. The address itself is read from the petition when the
email is sent: who is no longer among the organisers gets no more emails, not even queued ones.
"""

from typing import Any, NamedTuple

from django.contrib.auth import get_user_model
from django.core.exceptions import FieldError

from wagtail_petition.identity.emails import email_key, former_email_key
from wagtail_petition.identity.hashing import known_address_hashes
from wagtail_petition.models.notice import Notice
from wagtail_petition.models.petition import Petition
from wagtail_petition.pages.organisers import get_organisers, get_readers

from .opt_out import is_opted_out


class Tell(NamedTuple):
    """Send the email now to ``address``, in ``language``.

    With ``is_organiser`` it may hold small numbers, and links to the admin.
    """

    address: str
    language: str
    is_organiser: bool


def whom_to_tell(address_hash: str, notice: Notice, page: Any) -> Tell | None:
    """To whom the email of ``notice`` with this hash is sent; None to drop it.

    ``page`` is the petition's page in its first language.
    """
    wanted = page.terms.notify_weekly if _is_report(notice) else page.terms.notify_milestones
    if not wanted:
        return None
    organisers = get_organisers(page)
    readers = get_readers(page) if _is_report(notice) else []
    for address in [*organisers, *readers]:
        if address_hash in known_address_hashes(email_key(address), former_email_key(address)):
            if is_opted_out(address):
                return None
            language = get_language(address, notice.petition)
            return Tell(address, language, address in organisers)
    return None


def _is_report(notice):
    return notice.kind == Notice.Kind.REPORT


def get_language(address: str, petition: Petition) -> str:
    """The language that the user with this address chose in the admin, or else the petition's."""
    model = get_user_model()
    try:
        found = model._default_manager.filter(
            **{f"{model.get_email_field_name()}__iexact": address}
        )
        user = found.filter(is_active=True).select_related("wagtail_userprofile").first()
    except FieldError:
        # A site's own users may have no email.
        return petition.source_language
    profile = getattr(user, "wagtail_userprofile", None)
    chosen = profile.preferred_language if profile else ""
    return chosen or petition.source_language
