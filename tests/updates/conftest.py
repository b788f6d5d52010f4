"""Signers who want news, and an update for them."""

import pytest

from wagtail_petition import ledger
from wagtail_petition.models import OutgoingEmail
from wagtail_petition.models.update import version
from wagtail_petition.pages.update_lookup import find_sendable
from wagtail_petition.updates import sending
from wagtail_petition.updates.audience import Audience


@pytest.fixture
def signers(page, make_signature):
    """Let a number of people sign who want news; arguments are fields. Returns signatures."""

    def make(number, of=page, **fields):
        first = ledger.ensure_petition(of).signatures.count()
        made = [
            make_signature(of, **{"email": f"signer{i}@example.org", "wants_news": True, **fields})
            for i in range(first, first + number)
        ]
        # Their receipts are no concern of these tests.
        OutgoingEmail.objects.exclude(kind=OutgoingEmail.Kind.UPDATE).delete()
        return made

    return make


@pytest.fixture
def _worker(settings):
    settings.WAGTAIL_PETITION = {**settings.WAGTAIL_PETITION, "BACKGROUND": "worker"}


@pytest.fixture
def update(make_update, page, _worker):
    """An update that can be sent."""
    return sending.get_update(page.petition, make_update())


def mark_tested(update):
    """As if somebody had read the test emails of what is published."""
    pages = find_sendable(update.key, update.petition.key)
    update.tested = {page.language: version(page) for page in pages}
    update.save(update_fields=["tested"])


@pytest.fixture
def start(admin_user):
    """Start to send an update; arguments are the audience."""

    def start(update, send_at=None, **audience):
        mark_tested(update)
        sending.start(update, Audience(**audience), title="News", send_at=send_at, user=admin_user)
        update.refresh_from_db()

    return start


@pytest.fixture
def receivers(mailoutbox):
    """The addresses that got an email, in order."""
    return lambda: [address for mail in mailoutbox for address in mail.to]
