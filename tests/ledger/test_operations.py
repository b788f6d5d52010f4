"""Random operations in random order: the displayed, stored and recounted numbers are equal."""

import random

import pytest

from wagtail_petition import ledger
from wagtail_petition.models import Signature

pytestmark = pytest.mark.django_db
Status = Signature.Status

COUNTRIES = ["IT", "FR", "US", ""]
ADDRESSES = [f"person{i}@example.org" for i in range(12)]


class Operations:
    """Every function of the ledger, applied to random signatures."""

    def __init__(self, pages, chance):
        self.pages = pages
        self.chance = chance
        self.petition = ledger.ensure_petition(pages[0])

    def some(self):
        found = list(Signature.objects.filter(petition=self.petition))
        return self.chance.sample(found, k=min(len(found), self.chance.randint(1, 4)))

    def sign(self):
        ledger.sign(
            self.chance.choice(self.pages),
            email=self.chance.choice(ADDRESSES),
            given_name="Anna",
            country=self.chance.choice(COUNTRIES),
            source=self.chance.choice(["", "poster"]),
        )

    def confirm(self):
        for signature in self.some():
            ledger.confirm(signature)

    def withdraw(self):
        for signature in self.some()[:1]:
            ledger.withdraw(signature)

    def other_address(self):
        for signature in self.some()[:1]:
            ledger.sign_with_other_address(signature, self.chance.choice(ADDRESSES))

    def invalidate(self):
        ledger.invalidate([s.pk for s in self.some()], petition=self.petition)

    def restore(self):
        ledger.restore([s.pk for s in self.some()], petition=self.petition)

    def erase(self):
        ledger.erase([s.pk for s in self.some()[:1]], petition=self.petition)

    def anonymise(self):
        ledger.anonymise([s.pk for s in self.some()[:1]], petition=self.petition)

    WEIGHTS = {
        "sign": 6,
        "confirm": 6,
        "withdraw": 1,
        "other_address": 1,
        "invalidate": 2,
        "restore": 2,
        "erase": 1,
        "anonymise": 1,
    }

    def step(self):
        name = self.chance.choices(list(self.WEIGHTS), self.WEIGHTS.values())[0]
        getattr(self, name)()
        return name


@pytest.mark.parametrize("seed", range(4))
def test_random_operations_keep_the_counts_right(seed, client, page, translated):
    operations = Operations([page, translated], random.Random(seed))
    done = []
    numbers = {}
    for _step in range(50):
        done.append(operations.step())
        assert ledger.recount(operations.petition) == [], done
        # A number is given once, and stays with its signature whatever becomes of it.
        for pk, number in Signature.objects.exclude(number=None).values_list("pk", "number"):
            assert numbers.setdefault(number, pk) == pk, done
    held = Signature.objects.filter(status__in=[Status.CONFIRMED, Status.INVALIDATED])
    keys = [s.email_key for s in held if s.email_key]
    assert len(keys) == len(set(keys))
    counted = held.filter(status=Status.CONFIRMED).count()
    shown = client.get(f"/petitions/{page.translation_key}/count.json").json()
    assert shown == {"count": counted}
    assert counted, "nothing was tested"
    operations.petition.refresh_from_db()
    assert operations.petition.last_number == max(numbers) == len(numbers)
