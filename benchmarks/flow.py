"""Simulated signers who follow the links in their emails: the requests of an open loop."""

import time
from collections import deque

from wagtail_petition import ledger
from wagtail_petition.ledger import tokens
from wagtail_petition.models import OutgoingEmail
from wagtail_petition.models.token import Token

from . import content, load

# The highest rate a petition is known to have reached: about 2,000 a minute.
RATE = 34
# Seconds that the outbox gets to send what is left.
PATIENCE = 60


def attempts(page, number, prefix, **fields):
    """Create attempts with further ``fields``. Returns the tokens to confirm them, as in emails."""
    links = []
    for i in range(number):
        person = content.signer(f"{prefix}-{i}")
        del person["consent"]
        attempt = ledger.sign(page, **person | {"show_name": True} | fields)
        links += tokens.issue(attempt, Token.Purpose.CONFIRM).values()
    settle_mails()
    return links


def settle_mails():
    """Mark all queued emails as sent."""
    OutgoingEmail.objects.filter(state=OutgoingEmail.State.DUE).update(state="sent")


class Crowd:
    """At each step one more person signs, and one person follows the link in an email.

    ``mails`` is the open file of an SMTP sink. The first moments confirm what signed before, so
    that both kinds of request begin at once.
    """

    def __init__(self, page, mails, prefix="record"):
        self.page, self.mails = page, mails
        settle_mails()
        early = attempts(page, 10 * RATE, f"{prefix}-early")
        self.links = deque(f"/petitions/confirm/{link}/" for link in early)
        self.signers = (content.signer(f"{prefix}-{i}") for i in range(10**9))

    def next_requests(self, site):
        """The requests that are due now: {name: request}."""
        self.links.extend(line.split("\t")[2].strip() for line in self.mails if "/confirm/" in line)
        due = {"sign": load.post(site, self.page.sign_url, next(self.signers))}
        if self.links:
            due["confirm"] = load.post(site, self.links.popleft())
        return due


def drain():
    """Wait until all queued emails are sent. Returns (emails queued now, emails queued afterwards)."""
    waiting = OutgoingEmail.objects.filter(
        state=OutgoingEmail.State.DUE, kind__in=["confirm", "receipt"]
    )
    late = waiting.count()
    deadline = time.monotonic() + PATIENCE
    while waiting.exists() and time.monotonic() < deadline:
        time.sleep(0.2)
    return late, waiting.count()


def table(bench, answers):
    """Print the results of ``answers``: {name: answers}."""
    bench.table(
        ["", "requests", "accepted", "p50 ms", "p95 ms", "p99 ms"],
        [
            [
                name,
                len(got),
                accepted(got),
                *(load.percentile(got, percent) for percent in (50, 95, 99)),
            ]
            for name, got in answers.items()
        ],
    )


def accepted(answers):
    """The number of accepted requests."""
    return sum(answer.status == 303 for answer in answers)
