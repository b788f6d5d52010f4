"""Inserting many signatures does the same as saving each."""

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, connection, transaction

from wagtail_petition import ledger
from wagtail_petition.ledger.inserting import insert
from wagtail_petition.models import ImportBatch, Origin, Signature

pytestmark = pytest.mark.django_db

MOMENT = datetime(2026, 2, 11, 17, 4, 31, 123456, tzinfo=UTC)
# What COPY and quoting may trip over.
TEXTS = [
    "",
    "\\N",
    "\\.",
    "a\tb\nc\r\\d",
    'O\'Neill "x", {y}',
    "李 \U0001f600 \u2028",
    "NULL",
    "%s",
]


@pytest.fixture
def make(page):
    petition = ledger.ensure_petition(page)
    text = ledger.get_or_create_text(page.get_text_to_sign())
    batch = ImportBatch.objects.create(petition=petition, file_name="x")

    def make(number, text_in_fields="Ada", **fields):
        return Signature(
            **{
                "petition": petition,
                "signed_text": text,
                "batch": batch if number % 2 else None,
                "number": number,
                "status": Signature.Status.CONFIRMED,
                "given_name": text_in_fields,
                "family_name": "Đỗ",
                "email": f"Ada{number}@Example.org",
                "email_key": f"ada{number}@example.org",
                "message": text_in_fields,
                "country": "IT",
                "answers": {"q": [text_in_fields, 1.5, True, None]},
                "show_name": bool(number % 2),
                "language": "it",
                "origin": Origin.PAPER,
                "signed_at": MOMENT,
                "confirmed_at": MOMENT,
                **fields,
            }
        )

    return make


def stored(numbers):
    rows = Signature.objects.filter(number__in=numbers).order_by("number").values()
    return [{k: v for k, v in row.items() if k not in ("id", "number")} for row in rows]


def test_stores_the_same_as_saving_each(make):
    pairs = [(make(n, text), make(100 + n, text)) for n, text in enumerate(TEXTS, 1)]
    for one, other in pairs:
        for field in ("email", "email_key"):
            setattr(other, field, getattr(one, field))
        other.batch, other.show_name = one.batch, one.show_name
        other.status = one.status = Signature.Status.WITHDRAWN
    insert([one for one, _other in pairs])
    for _one, other in pairs:
        other.save()
    first = stored(range(1, 100))
    assert first == stored(range(100, 200))
    assert len(first) == len(TEXTS)
    assert first[1]["name_key"] == "n do"


def test_empty_values_are_kept(make):
    insert([make(1, email="", email_key=None, country="", answers={}, confirmed_at=None)])
    saved = Signature.objects.get()
    assert (saved.email, saved.email_key, str(saved.country), saved.answers) == ("", None, "", {})
    assert saved.confirmed_at is None


def test_an_address_is_stored_once(make):
    with pytest.raises(IntegrityError), transaction.atomic():
        insert([make(1, email_key="a@example.org"), make(2, email_key="a@example.org")])
    assert not Signature.objects.exists()


def test_inserts_nothing(django_assert_max_num_queries):
    with django_assert_max_num_queries(1 if connection.vendor == "postgresql" else 2):
        insert([])
    assert not Signature.objects.exists()
