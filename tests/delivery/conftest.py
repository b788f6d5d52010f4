"""A petition with signatures to deliver, and a private storage of the test's own."""

import pytest

from wagtail_petition import ledger
from wagtail_petition.delivery import build
from wagtail_petition.models import Delivery
from wagtail_petition.storage import private_storage


@pytest.fixture(autouse=True)
def _private_files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def signed(page):
    """Let people sign and confirm: their names, or fields of signatures. Returns those made."""

    def sign(*people):
        made = []
        for person in people:
            fields = person if isinstance(person, dict) else {"given_name": person}
            email = f"s{page.petition.last_number + 1}.{len(made)}@example.org"
            attempt = ledger.sign(
                page, **{"email": email, "family_name": "Moretti", "country": "IT", **fields}
            )
            made.append(ledger.confirm(attempt).signature)
        page.petition.refresh_from_db()
        return made

    return sign


@pytest.fixture
def make_delivery(page):
    """Make a delivery; arguments are its fields."""

    def make(made=True, **fields):
        page.petition.refresh_from_db()
        delivery = Delivery.objects.create(
            **{
                "petition": page.petition,
                "last_number": page.petition.last_number,
                "recipient": "Jane Doe",
                "language": "en",
                "columns": ["number", "given_name", "family_name", "city", "country"],
                "formats": ["csv"],
                "only_new": False,
                **fields,
            }
        )
        if made:
            build.build_queued()
            delivery.refresh_from_db()
        return delivery

    return make


@pytest.fixture
def content():
    """The bytes of a delivery's file: by its name, or the ZIP."""

    def read(delivery, name=None):
        files = delivery.files
        found = files.get(name=name) if name else files.get(name__endswith=".zip")
        with private_storage().open(found.path) as file:
            return file.read()

    return read
