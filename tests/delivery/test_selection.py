"""Which signatures a delivery contains: random histories, filters, and what is left out."""

import json
import random

import pytest
from django.utils import timezone

from wagtail_petition import ledger
from wagtail_petition.delivery import build, lifecycle, selection
from wagtail_petition.delivery.membership import Members
from wagtail_petition.delivery.pdf import letter_data
from wagtail_petition.delivery.split import get_part, pieces
from wagtail_petition.models import Delivery, ImportBatch, Origin, Signature, SignedText

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


def test_signatures_on_paper_or_from_elsewhere_can_be_left_out(page, signed, make_delivery):
    signed("Anna", "Bruno", "Carla", "Dora")
    asked = ImportBatch.objects.create(petition=page.petition, mode=ImportBatch.Mode.ASK)
    of = Signature.objects.get
    for number, fields in {
        2: {"origin": Origin.PAPER},
        3: {"origin": Origin.CHANGE_ORG},
        4: {"origin": Origin.CHANGE_ORG, "batch": asked},
    }.items():
        Signature.objects.filter(pk=of(number=number).pk).update(**fields)
    assert numbers(make_delivery()) == [1, 2, 3, 4]
    assert numbers(make_delivery(filters={"not_paper": True})) == [1, 3, 4]
    # Somebody who was asked by email confirmed here.
    delivery = make_delivery(filters={"confirmed_here": True})
    assert numbers(delivery) == [1, 4]
    assert delivery.left_out == {"filtered": 2}


def test_numbers_on_paper_are_told_and_not_delivered(page, signed, make_delivery, content):
    signed("Anna")
    ledger.add_paper_count(page.petition, number=312, day=timezone.localdate())
    delivery = make_delivery()
    assert (delivery.count, delivery.left_out) == (1, {"paper": 312})
    listing = json.loads(content(delivery, "manifest.json"))
    assert (listing["signatures"], listing["left_out"]) == (1, {"paper": 312})


def test_hidden_numbers_on_paper_are_in_no_file(page, signed, make_delivery, content):
    signed("Anna")
    ledger.add_paper_count(page.petition, number=312, day=timezone.localdate())
    page.paper_display = "hide"
    page.save_revision().publish()
    delivery = make_delivery()
    assert delivery.left_out == {}
    assert json.loads(content(delivery, "manifest.json"))["left_out"] == {}
    letter = letter_data(delivery, page, count=1, breakdowns=[], manifest_sha256="0", logos={})
    assert letter["figures"][-1] == ("All signatures so far", "1")


def test_an_unknown_filter_is_an_error(signed, make_delivery):
    signed("Anna")
    delivery = make_delivery(filters={"shoe_size": 43})
    assert delivery.state == Delivery.State.FAILED
    assert "Try again" in delivery.error


def test_only_what_the_recipient_has_not_got(signed, make_delivery):
    signed("Anna", "Bruno")
    make_delivery(only_new=True)
    signed("Carla")
    assert numbers(make_delivery(only_new=True)) == [3]
    assert numbers(make_delivery(only_new=True, recipient="Somebody else")) == [1, 2, 3]


def test_what_was_tried_again_gives_nothing_twice(page, signed, make_delivery):
    signed("Anna", "Bruno")
    page.unpublish()
    first = make_delivery(only_new=True)
    assert first.state == Delivery.State.FAILED
    page.save_revision().publish()
    signed("Carla")
    second = make_delivery(only_new=True)
    lifecycle.try_again(first)
    build.build_queued()
    first.refresh_from_db()
    assert (numbers(first), numbers(second)) == ([], [1, 2, 3])


def test_the_same_recipient_in_another_spelling_gets_nothing_twice(signed, make_delivery):
    signed("Anna")
    make_delivery(only_new=True, recipient="Jane Doe")
    assert numbers(make_delivery(only_new=True, recipient=" jane  DOE")) == []


def test_made_at_the_same_time_they_share_nobody(signed, make_delivery, monkeypatch):
    """While one is typeset, another worker makes a second for the same recipient."""
    signed("Anna", "Bruno")
    make_delivery(made=False, only_new=True)
    make_delivery(made=False, only_new=True)
    publish, nested = build._publish, []

    def slow(delivery, *args):
        if not nested:
            nested.append(delivery.pk)
            build.build_queued()
        return publish(delivery, *args)

    monkeypatch.setattr(build, "_publish", slow)
    build.build_queued()
    made = Delivery.objects.order_by("pk")
    assert [delivery.state for delivery in made] == ["ready", "ready"]
    assert [numbers(delivery) for delivery in made] == [[], [1, 2]]


def test_a_cancelled_delivery_delivered_nothing(signed, make_delivery):
    signed("Anna", "Bruno")
    lifecycle.cancel(make_delivery(only_new=True))
    assert numbers(make_delivery(only_new=True)) == [1, 2]


def test_withdrawn_since(signed, make_delivery):
    _anna, bruno = signed("Anna", "Bruno")
    delivery = make_delivery()
    ledger.withdraw(bruno)
    assert selection.withdrawn_since(delivery) == [2]
    bruno.refresh_from_db()
    assert selection.get_deliveries(bruno) == [delivery]


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
    answered, silent = pieces(delivery, "q")
    assert (answered.signatures, silent.label, silent.signatures) == (2, "No answer", 1)
    parts = [get_part(delivery, piece, f"Member for {piece.label}") for piece in by_country]
    assert [part.recipient for part in parts] == ["Member for Italy", "Member for Germany"]
    assert [part.filters for part in parts] == [{"countries": ["IT"]}, {"countries": ["DE"]}]


def delivered_in_parts(delivery, by, made):
    """The announced count of each part, and the numbers in it after it is built."""
    promised = {piece.label: piece.signatures for piece in pieces(delivery, by)}
    delivered = {
        piece.label: numbers(made(filters=piece.filters, recipient=piece.label))
        for piece in pieces(delivery, by)
    }
    return promised, delivered


REGIONS = ["Lazio", "lazio", "LAZIO ", "New  York", "N.Y.", "n. y", "", "Ohio", "Lazio", ""]


def test_a_split_by_region_loses_nobody(signed, make_delivery):
    signed(*({"given_name": "Anna", "region": region} for region in REGIONS))
    promised, delivered = delivered_in_parts(make_delivery(made=False), "region", make_delivery)
    assert promised == {"Lazio": 4, "N.Y.": 2, "New York": 1, "Ohio": 1, "No region": 2}
    assert {label: len(found) for label, found in delivered.items()} == promised
    assert sorted(number for found in delivered.values() for number in found) == list(range(1, 11))


@pytest.mark.parametrize(
    ("by", "people", "expected"),
    [
        ("country", [{"country": "IT"}, {"country": ""}], {"Italy": 1, "No country": 1}),
        (
            "q-1",
            [{"answers": {"q-1": "a"}}, {}, {}, {"answers": {"q-1": ""}}],
            {"a": 1, "No answer": 3},
        ),
    ],
)
def test_nor_does_a_split_by_something_else(signed, make_delivery, by, people, expected):
    signed(*({"given_name": "Anna", **person} for person in people))
    promised, delivered = delivered_in_parts(make_delivery(made=False), by, make_delivery)
    assert promised == expected
    assert {label: len(found) for label, found in delivered.items()} == expected


def test_too_many_regions_are_together_in_the_last(signed, make_delivery, monkeypatch):
    monkeypatch.setattr("wagtail_petition.delivery.split.PIECES", 2)
    signed(*({"given_name": "Anna", "region": region} for region in "AABC"))
    found = pieces(make_delivery(made=False), "region")
    assert [(piece.label, piece.signatures) for piece in found] == [("A", 2), ("Other regions", 2)]
    assert found[1].filters == {"regions": ["B", "C"]}


@pytest.mark.parametrize("seed", range(5))
def test_a_signature_is_in_exactly_the_batches_its_number_says(page, signed, make_delivery, seed):
    """Deliveries to one recipient never overlap and never omit anybody."""
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


@pytest.mark.parametrize(("language", "title"), [("it", "In Italian"), ("en", "In English")])
def test_the_text_of_a_delivery_is_in_its_language(make_delivery, signed, language, title):
    made = [*signed("Anna", "Bruno"), *signed("Carla")]
    for signature, code, name in zip(
        made, ["en", "it", "en"], ["Old", "In Italian", "In English"], strict=True
    ):
        text = SignedText.objects.create(sha256=name, language=code, title=name)
        Signature.objects.filter(pk=signature.pk).update(signed_text=text, language=code)
    delivery = make_delivery(made=False, language=language)
    assert selection.get_text(delivery).title == title


def test_the_text_of_a_delivery_in_a_language_that_nobody_signed_in(make_delivery, signed):
    (signature,) = signed("Anna")
    delivery = make_delivery(made=False, language="ar")
    assert selection.get_text(delivery) == signature.signed_text
