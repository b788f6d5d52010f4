"""A mail server of ours, which can simulate faults; and updates as emails."""

import asyncio

import pytest
from aiosmtpd.controller import Controller

from benchmarks.databases import free_port
from benchmarks.site.mail import mail_settings
from wagtail_petition.ledger import tokens
from wagtail_petition.mail import update as mail_update
from wagtail_petition.mail.rendering import LINKS
from wagtail_petition.mail.update import render_update_message
from wagtail_petition.models import OutgoingEmail


class Server:
    """A mail server that can simulate faults."""

    def __init__(self, port):
        self.port = port
        self.controller = None
        self.delivered = []
        self.received = []
        self.at_mail = self.at_rcpt = self.at_data = lambda address: None
        self.drops_after_data = 0
        self.hangs = 0

    def start(self):
        self.controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self.controller.start()

    def stop(self):
        if self.controller:
            self.controller.stop()
        self.controller = None

    async def handle_MAIL(self, server, session, envelope, address, options):
        if fault := self.at_mail(address):
            return fault
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):
        if fault := self.at_rcpt(address):
            return fault
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if fault := self.at_data(envelope.rcpt_tos[0]):
            return fault
        if self.hangs:
            self.hangs -= 1
            await asyncio.sleep(3)
            return "451 too late"
        self.delivered += envelope.rcpt_tos
        self.received.append(envelope.content)
        if self.drops_after_data:
            # The mail is there, but we never hear of it.
            self.drops_after_data -= 1
            server.transport.abort()
        return "250 OK"


@pytest.fixture
def server(settings):
    """A mail server on a port of its own, which Django sends to."""
    port = free_port()
    for name, value in mail_settings(port=port, timeout=1).items():
        setattr(settings, name, value)
    settings.WAGTAIL_PETITION = {"BACKGROUND": "worker"}
    made = Server(port)
    made.start()
    yield made
    made.stop()


@pytest.fixture(autouse=True)
def _forget_kept_texts():
    mail_update._kept.cache_clear()


@pytest.fixture
def message(page, make_signature):
    """The message of an update to somebody who wants news."""

    def render(update, signature=None, number=3):
        signature = signature or make_signature(wants_news=True)
        issued = tokens.issue(signature, *LINKS[OutgoingEmail.Kind.UPDATE])
        return render_update_message(
            update, signature, update.petition_page, number=number, issued=issued
        )

    return render
