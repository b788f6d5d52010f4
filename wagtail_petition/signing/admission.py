"""The checks before an email is sent at a visitor's request, when signing and afterwards.

A suspicious request isn't refused: the visitor is asked to press one more button. A request is
suspicious if a hidden field is filled in, if it was faster than people type, or if many come from
its network. The page is the same for all reasons, so a bot learns nothing from it.
"""

import math
from collections.abc import Iterator
from contextlib import contextmanager

from django.core import signing
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from wagtail_petition import ledger
from wagtail_petition.conf import settings
from wagtail_petition.identity import emails, networks
from wagtail_petition.models.terms import State
from wagtail_petition.pages.mixin import PetitionPageMixin

from . import abuse, limits
from .abuse import Refused

# The field with a signed token: it shows that the extra step was taken for this page and address.
STEP = "step"
STEP_SALT = "wagtail_petition.step"
STEP_AGE = 24 * 60 * 60


class OneMoreStep(Exception):
    """The visitor has to press one more button. ``token`` goes into its form, as proof."""

    def __init__(self, token: str):
        super().__init__()
        self.token = token


@contextmanager
def admitted(
    request: HttpRequest,
    page: PetitionPageMixin,
    email: str,
    *,
    is_new: bool = True,
    must_be_open: bool = True,
) -> Iterator[str]:
    """Check that ``email`` (normalised) may get an email about ``page``.

    Yields the hash of the client's network, in a transaction that also counts the visit and
    spends the proof of work. ``is_new`` is whether the request signs; otherwise it asks for an
    email again. With ``must_be_open=False`` a closed petition is accepted too.

    Raises ``Refused`` or ``OneMoreStep``.
    """
    if must_be_open:
        check_open(page, is_new=is_new)
    client = networks.client_address(request)
    petition = ledger.ensure_petition(page)
    is_trusted = petition.has_block_rules is not False and abuse.check_rules(email, client)
    visitor = limits.get_visitor(request)
    traffic = limits.Traffic(visitor, petition)
    if traffic.wait and not is_trusted:
        raise _come_back_in(traffic.wait)
    # With a proof of work, a busy network isn't suspicious.
    is_busy = traffic.is_busy and not settings.ALTCHA
    if (is_busy or abuse.is_suspicious(request.POST)) and not _was_asked(request, page, email):
        raise OneMoreStep(signing.dumps(_subject(page, email), salt=STEP_SALT))
    with transaction.atomic():
        if settings.ALTCHA:
            from . import altcha  # Needs the extra "altcha".

            # Last, so that a request refused for another reason doesn't spend its proof.
            altcha.check(request.POST.get("proof", ""))
        limits.count_visit(visitor, petition)
        yield visitor.known_network


def check_open(page: PetitionPageMixin, *, is_new: bool = True) -> None:
    """Raise ``Refused`` unless ``page`` can be signed, or confirmed if ``is_new`` is False."""
    if page.state == State.UPCOMING:
        raise Refused(_("This petition can’t be signed yet."), 422)
    # Confirming is possible a little longer than signing.
    if page.state == State.CLOSED and (is_new or not page.can_confirm()):
        raise Refused(_("This petition is closed and can no longer be signed."), 422)


def _come_back_in(wait):
    minutes = max(1, math.ceil(wait.total_seconds() / 60))
    return Refused(
        ngettext(
            "A lot of people on your network have signed recently. What you typed is still here: "
            "press the button again in %(minutes)d minute. Or use another network, for example "
            "your phone’s.",
            "A lot of people on your network have signed recently. What you typed is still here: "
            "press the button again in %(minutes)d minutes. Or use another network, for example "
            "your phone’s.",
            minutes,
        )
        % {"minutes": minutes},
        429,
        retry_after=minutes * 60,
    )


def _subject(page, email):
    return [page.pk, emails.email_key(email)]


def _was_asked(request, page, email):
    try:
        found = signing.loads(request.POST.get(STEP, ""), salt=STEP_SALT, max_age=STEP_AGE)
    except signing.BadSignature:
        return False
    return found == _subject(page, email)
