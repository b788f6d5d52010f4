"""Which signatures a delivery contains: random histories, filters, and what is left out."""

import random

import pytest

from wagtail_petition import ledger
from wagtail_petition.delivery import handover, selection
from wagtail_petition.delivery.members import Members
from wagtail_petition.delivery.split import pieces, split
from wagtail_petition.models import Delivery, Signature

pytestmark = pytest.mark.django_db


def numbers(delivery):
    return list(Members(delivery.members))


def test_contains_what_counts(signed, make_delivery):
    first, second, third = signed("Anna", "Bruno", "Carla")
    ledger.withdraw(second)
    delivery = make_delivery()
    assert numbers(delivery) == [first.number, third.number]
    assert delivery.count == 2
    assert delivery.left_out == {"withdrawn": 1}


def test_says_what_is_left_out_and_why(page, signed, make_delivery, make_signature):
    anna, bruno, _carla = signed("Anna", "Bruno", {"given_name": "Carla", "country": "DE"})
    make_signature(page, confirm=False, email="late@example.org")
    ledger.invalidate([anna.pk], petition=page.petition)
    ledger.anonymise([bruno.pk], petition=page.petition)
    delivery = make_delivery(filters={"countries": ["IT"]})
    assert delivery.left_out == {
        "invalidated": 1,
        "erased": 1,
        "filtered": 1,
        "unconfirmed": 1,
    }
    assert numbers(delivery) == []


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"countries": ["DE"]}, [2]),
        ({"regions": ["Lazio", "Ohio"]}, [1, 3]),
        ({"languages": ["it"]}, []),
        ({"public": True}, [3]),
        ({"countries": ["IT"], "public": True}, [3]),
        ({"answer": {"question": "4b0c-1", "value": "yes-1"}}, [2]),
    ],
)
def test_filters(signed, make_delivery, filters, expected):
    signed(
        {"given_name": "Anna", "region": "Lazio"},
        {"given_name": "Bruno", "country": "DE", "answers": {"4b0c-1": "yes-1"}},
        {"given_name": "Carla", "region": "Ohio", "show_name": True, "answers": {"4b0c-1": "no"}},
    )
    assert numbers(make_delivery(filters=filters)) == expected


def test_an_unknown_filter_is_an_error(signed, make_delivery):
    signed("Anna")
    delivery = make_delivery(filters={"shoe_size": 43})
    assert delivery.state == Delivery.State.FAILED
    assert "shoe_size" in delivery.error


def test_only_what_the_recipient_has_not_got(signed, make_delivery):
    signed("Anna", "Bruno")
    make_delivery(only_new=True)
    signed("Carla")
    assert numbers(make_delivery(only_new=True)) == [3]
    assert numbers(make_delivery(only_new=True, recipient="Somebody else")) == [1, 2, 3]


def test_a_cancelled_delivery_delivered_nothing(signed, make_delivery):
    signed("Anna", "Bruno")
    handover.cancel(make_delivery(only_new=True))
    assert numbers(make_delivery(only_new=True)) == [1, 2]


def test_withdrawn_since(signed, make_delivery):
    _anna, bruno = signed("Anna", "Bruno")
    delivery = make_delivery()
    ledger.withdraw(bruno)
    assert selection.withdrawn_since(delivery) == [2]
    bruno.refresh_from_db()
    assert selection.deliveries_of(bruno) == [delivery]


def test_split_by_country_and_answer(signed, make_delivery):
    signed(
        {"given_name": "Anna", "answers": {"q": "a"}},
        {"given_name": "Bruno", "country": "DE", "answers": {"q": "a"}},
        {"given_name": "Carla"},
    )
    delivery = make_delivery(made=False)
    by_country = pieces(delivery, "country")
    assert [(piece.label, piece.signatures) for piece in by_country] == [
        ("Italy", 2),
        ("Germany", 1),
    ]
    [answered] = pieces(delivery, "q")
    assert answered.signatures == 2
    parts = split(delivery, [(piece, f"Member for {piece.label}") for piece in by_country])
    assert [part.recipient for part in parts] == ["Member for Italy", "Member for Germany"]
    assert [part.filters for part in parts] == [{"countries": ["IT"]}, {"countries": ["DE"]}]


@pytest.mark.parametrize("seed", range(5))
def test_a_signature_is_in_exactly_the_batches_its_number_says(page, signed, make_delivery, seed):
    """Whatever happens in between, batches for one recipient share nobody and miss nobody."""
    chance = random.Random(seed)
    batches = []
    for _step in range(30):
        act = chance.choice(
            ["sign", "sign", "sign", "withdraw", "invalidate", "restore", "deliver"]
        )
        everybody = list(Signature.objects.order_by("pk"))
        somebody = chance.choice(everybody) if everybody else None
        if act == "sign":
            signed(*["Anna"] * chance.randrange(1, 4))
        elif act == "deliver":
            batches.append(make_delivery(only_new=True))
        elif somebody and act == "withdraw":
            ledger.withdraw(somebody)
        elif somebody and act == "invalidate":
            ledger.invalidate([somebody.pk], petition=page.petition)
        elif somebody and act == "restore":
            ledger.restore([somebody.pk], petition=page.petition)
    batches.append(make_delivery(only_new=True))
    delivered = [number for batch in batches for number in numbers(batch)]
    assert len(delivered) == len(set(delivered))
    counting = Signature.objects.filter(status="confirmed").values_list("number", flat=True)
    assert set(counting) <= set(delivered)
    for batch in batches:
        assert batch.count == len(numbers(batch))
        assert all(number <= batch.last_number for number in numbers(batch))
