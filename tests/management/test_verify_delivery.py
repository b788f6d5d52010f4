import pytest
from django.core.management import CommandError, call_command

from wagtail_petition.delivery import build
from wagtail_petition.models import Delivery
from wagtail_petition.storage import private_storage


@pytest.fixture
def archive(page, make_signature, settings, tmp_path):
    """The path of a delivery's ZIP."""
    settings.MEDIA_ROOT = tmp_path / "media"
    make_signature()
    delivery = Delivery.objects.create(
        petition=page.petition,
        last_number=1,
        recipient="Jane Doe",
        language="en",
        columns=["number", "given_name"],
        formats=["csv"],
    )
    build.build_queued()
    return private_storage().path(delivery.files.get(name__endswith=".zip").path)


@pytest.mark.django_db
def test_a_good_one(archive, capsys):
    call_command("verify_delivery", archive)
    out = capsys.readouterr().out
    assert "holds  signatures.csv" in out
    assert "holds  Made here for Jane Doe" in out
    assert "Everything holds." in out


@pytest.mark.django_db
def test_hashes_alone_ask_no_database(archive, django_assert_num_queries):
    with django_assert_num_queries(0):
        call_command("verify_delivery", archive, hashes_only=True)


def test_something_else(tmp_path):
    path = tmp_path / "no.zip"
    path.write_bytes(b"not a zip")
    with pytest.raises(CommandError, match="not a delivery that can be checked"):
        call_command("verify_delivery", str(path))
