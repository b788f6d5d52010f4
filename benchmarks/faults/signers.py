"""Simulated signers on a failing server, and the responses to them."""

import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from benchmarks import audit, content, load
from wagtail_petition import ledger
from wagtail_petition.ledger import tokens
from wagtail_petition.models import OutgoingEmail, Signature
from wagtail_petition.models.token import Token

CLIENTS = 6


@dataclass
class Crowd:
    """The responses to signers: acknowledged addresses, and each status."""

    page: object
    signed: list = field(default_factory=list)
    confirmed: list = field(default_factory=list)
    statuses: Counter = field(default_factory=Counter)
    gave_up: int = 0

    def run(self, site, name, number, attempts=()):
        """``number`` people sign, and the ``attempts`` (link by pk) are confirmed among them."""
        tasks = [(f"{name}-{i}", None) for i in range(number)]
        if attempts:
            every = max(1, number // len(attempts))
            for i, (pk, link) in enumerate(attempts.items()):
                tasks.insert(i * (every + 1), (pk, link))
        with ThreadPoolExecutor(CLIENTS) as pool:
            list(pool.map(lambda task: self.one(site, *task), tasks))

    def one(self, site, who, link):
        """One person: posts, and posts again until there is an answer."""
        if link:
            request = load.post(site, f"/petitions/confirm/{link}/")
        else:
            request = load.post(site, self.page.sign_url, content.signer(who))
        for _ in range(60):
            answer = load.send(site, request)
            self.statuses[answer.status] += 1
            if answer.status == 303:
                (self.confirmed if link else self.signed).append(who)
                return
            time.sleep(0.3)
        self.gave_up += 1

    @property
    def server_errors(self):
        """Answers with a status of 5xx other than 503, the page that says to try again."""
        return sum(n for status, n in self.statuses.items() if status >= 500 and status != 503)

    def lost(self):
        """The number of acknowledged signatures and confirmations that are not stored."""
        emails = {f"{name}@example.org" for name in self.signed}
        stored = set(Signature.objects.filter(email__in=emails).values_list("email", flat=True))
        counted = Signature.objects.filter(
            pk__in=self.confirmed, status=Signature.Status.CONFIRMED
        ).count()
        return len(emails - stored) + len(set(self.confirmed)) - counted

    def report(self, bench, fault):
        """Print the responses, and claim that nothing was lost."""
        bench.table(
            ["People", "told they did", "not acknowledged"],
            [
                ["signed", len(self.signed), self.gave_up],
                ["confirmed", len(self.confirmed), 0],
            ],
        )
        broken, unavailable = self.statuses[0], self.statuses[503]
        bench.note(
            f"connections broken {broken:,}, 503 {unavailable:,}, other 5xx {self.server_errors:,}"
        )
        petition = self.page.petition
        petition.refresh_from_db()
        queued = OutgoingEmail.objects.filter(signature__isnull=False).values("signature")
        silent = Signature.objects.filter(petition=petition).exclude(pk__in=queued).count()
        bench.claim(f"{fault}_lost", self.lost(), "== 0")
        bench.claim(f"{fault}_without_mail", silent, "== 0")
        bench.claim(f"{fault}_confirmed_twice", audit.duplicates(petition), "== 0")
        bench.claim(f"{fault}_count_drift", audit.drift(petition), "== 0")
        bench.claim(f"{fault}_errors_500", self.server_errors, "== 0")


def attempts(page, number, name, address=None):
    """So many new attempts with a link to confirm: {pk: link}; all of one address if given."""
    links = {}
    for i in range(number):
        person = content.signer(address or f"{name}-{i}")
        del person["consent"]
        attempt = ledger.sign(page, **person | {"show_name": True})
        links[attempt.pk] = tokens.issue(attempt, Token.Purpose.CONFIRM)[Token.Purpose.CONFIRM]
    return links
