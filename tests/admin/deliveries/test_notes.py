"""What is added to a delivery after it was handed over, its history, and the check of its files."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tests.admin.people import make_user
from wagtail_petition.delivery import build, expiry, lifecycle, notifications
from wagtail_petition.models import Delivery, DeliveryNote, PetitionLogEntry, Signature
from wagtail_petition.storage import private_storage

pytestmark = pytest.mark.django_db

ALL = ("view", "export", "erase", "view_delivery", "change_delivery")


@pytest.fixture(autouse=True)
def _private_files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def delivery(page, make_signature):
    """A delivery that is ready."""
    make_signature()
    made = Delivery.objects.create(
        petition=page.petition, last_number=1, recipient="Jane Doe", language="en",
        columns=["number", "given_name"], formats=["csv"],
    )  # fmt: skip
    build.build_queued()
    made.refresh_from_db()
    return made


@pytest.fixture
def client(log_in, page):
    return log_in(make_user("Deborah", *ALL, pages=[page]))


def url(name, delivery, *more):
    return reverse(f"petition_deliveries:{name}", args=[delivery.pk, *more])


class TestNotes:
    @pytest.fixture(autouse=True)
    def _delivered(self, delivery):
        lifecycle.mark_delivered(delivery, delivered_on="2026-11-03", place="Rome")

    def test_what_is_added_is_kept_beside_what_was_there(self, client, delivery):
        scan = SimpleUploadedFile("scan.pdf", b"stamped", "application/pdf")
        client.post(url("add_note", delivery), {"place": "Milan", "receipt": scan})
        client.post(url("add_note", delivery), {"note": "They answered."})
        html = client.get(url("detail", delivery)).text
        for words in ("Rome", "Milan", "receipt-scan.pdf", "They answered.", "Deborah"):
            assert words in html
        assert html.index("They answered.") < html.index("Milan")
        assert [note.user.username for note in delivery.notes.all()] == ["Deborah"] * 2
        logged = PetitionLogEntry.objects.filter(action="wagtail_petition.add_delivery_note")
        assert {entry.data["note"] for entry in logged} == {n.pk for n in delivery.notes.all()}
        first = delivery.notes.first()
        response = client.get(url("note_receipt", delivery, first.pk))
        assert b"".join(response.streaming_content) == b"stamped"

    def test_nothing_is_not_added(self, client, delivery):
        response = client.post(url("add_note", delivery), {"place": " "})
        assert "Enter what to add, or choose a receipt." in response.text
        assert not DeliveryNote.objects.exists()

    @pytest.mark.parametrize("scan", [b"stamped", b""])
    def test_the_same_from_two_tabs_is_one_entry(self, client, delivery, scan):
        def add(content=scan, **more):
            file = {"receipt": SimpleUploadedFile("scan.pdf", content)} if content else {}
            data = {"place": "Milan", **file, **more}
            return client.post(url("add_note", delivery), data, follow=True).text

        assert "Added to the record" in add()
        assert "already been added" in add()
        assert delivery.notes.count() == 1
        for different in ({"place": "Rome"}, {"note": "Again"}, {"content": b"another"}):
            add(**different)
        assert delivery.notes.count() == 4
        logged = PetitionLogEntry.objects.filter(action="wagtail_petition.add_delivery_note")
        assert logged.count() == 4

    def test_what_was_erased_can_be_added_again(self, client, delivery):
        lifecycle.erase_note(lifecycle.add_note(delivery, user=None, note="Oh"), user=None)
        lifecycle.add_note(delivery, user=None, note="Oh")
        assert delivery.notes.count() == 2

    def test_an_entry_can_be_erased_and_that_is_told(self, client, delivery):
        scan = SimpleUploadedFile("scan.pdf", b"stamped")
        lifecycle.add_note(delivery, user=None, note="By Mr. Smith", receipt=scan)
        note = delivery.notes.get()
        erase = url("erase_note", delivery, note.pk)
        assert "By Mr. Smith" in client.get(erase).text
        client.post(erase)
        html = client.get(url("detail", delivery)).text
        assert "By Mr. Smith" not in html
        assert "Erased on" in html
        assert client.get(url("note_receipt", delivery, note.pk)).status_code == 404
        for response in (client.get(erase, follow=True), client.post(erase, follow=True)):
            assert "This entry has already been erased." in response.text

    def test_the_file_goes_with_the_entry(self, delivery, django_capture_on_commit_callbacks):
        scan = SimpleUploadedFile("scan.pdf", b"stamped")
        note = lifecycle.add_note(delivery, user=None, receipt=scan)
        with django_capture_on_commit_callbacks(execute=True):
            lifecycle.erase_note(note, user=None)
        assert not private_storage().exists(note.receipt)
        with pytest.raises(lifecycle.WrongState, match="already been erased"):
            lifecycle.erase_note(note, user=None)

    def test_the_name_of_its_file_goes_from_the_log(self, client, delivery):
        scan = SimpleUploadedFile("Mr Smith.pdf", b"stamped")
        note = lifecycle.add_note(delivery, user=None, receipt=scan)
        b"".join(client.get(url("note_receipt", delivery, note.pk)))
        assert "Mr Smith.pdf" in client.get(url("detail", delivery)).text
        client.post(url("erase_note", delivery, note.pk))
        assert "Smith" not in client.get(url("detail", delivery)).text
        assert not any("Smith" in str(entry.data) for entry in PetitionLogEntry.objects.all())

    def test_its_receipt_is_no_orphan(self, delivery, clock):
        lifecycle.add_note(delivery, user=None, receipt=SimpleUploadedFile("scan.pdf", b"x"))
        clock.forward(days=2)
        assert expiry.delete_orphans() == 0


class TestHandover:
    """The place, receiver, note and receipt of when it was handed over."""

    @pytest.fixture
    def delivered(self, delivery):
        lifecycle.mark_delivered(
            delivery,
            delivered_on="2026-11-03",
            place="Rome",
            received_by="Mr. Smith",
            note="His assistant Ms. Roe was there",
            receipt=SimpleUploadedFile("Smith.pdf", b"stamped"),
        )
        return delivery

    def test_it_can_be_erased_and_that_is_told(
        self, client, delivered, django_capture_on_commit_callbacks
    ):
        path = delivered.receipt
        b"".join(client.get(url("receipt", delivered)))
        erase = url("erase_handover", delivered)
        assert erase in client.get(url("detail", delivered)).text
        assert "Ms. Roe" in client.get(erase).text
        with django_capture_on_commit_callbacks(execute=True):
            client.post(erase)
        html = client.get(url("detail", delivered)).text
        for words in ("Rome", "Smith", "Roe"):
            assert words not in html
        assert "Entry of a delivery erased" in html
        assert "Jane Doe" in html  # The recipient.
        assert not private_storage().exists(path)
        assert client.get(url("receipt", delivered)).status_code == 404
        assert not any("Smith" in str(entry.data) for entry in PetitionLogEntry.objects.all())

    def test_what_was_delivered_stays(self, client, delivered):
        before = Delivery.objects.values(
            "members", "manifest_sha256", "delivered_on", "state"
        ).get()
        client.post(url("erase_handover", delivered))
        assert (
            Delivery.objects.values("members", "manifest_sha256", "delivered_on", "state").get()
            == before
        )

    def test_not_twice(self, client, delivered):
        lifecycle.erase_handover(delivered)
        erase = url("erase_handover", delivered)
        for response in (client.get(erase, follow=True), client.post(erase, follow=True)):
            assert "This entry has already been erased." in response.text
        assert url("erase_handover", delivered) not in client.get(url("detail", delivered)).text
        with pytest.raises(lifecycle.WrongState, match="already been erased"):
            lifecycle.erase_handover(delivered)

    def test_only_with_the_permission_to_erase(self, client, page, delivered):
        actions = [action for action in ALL if action != "erase"]
        client.force_login(make_user("other", *actions, pages=[page]))
        assert url("erase_handover", delivered) not in client.get(url("detail", delivered)).text
        assert client.post(url("erase_handover", delivered)).status_code == 404
        delivered.refresh_from_db()
        assert delivered.place == "Rome"


def test_nothing_is_added_before(client, delivery):
    assert client.get(url("add_note", delivery)).status_code == 404
    with pytest.raises(lifecycle.WrongState):
        lifecycle.add_note(delivery, user=None, note="Too early")


def test_it_says_how_many_are_emailed_before_and_after(client, delivery):
    Signature.objects.update(wants_news=True)
    detail = url("detail", delivery)
    assert "1 signer can be notified when you mark it as delivered" in client.get(detail).text
    Delivery.objects.update(state="delivered", delivered_on="2026-11-03", tells_signers=True)
    assert "1 signer will be emailed" in client.get(detail).text
    notifications.queue_delivered_emails()
    assert "1 signer was emailed on" in client.get(detail).text


class TestVerify:
    def test_files_as_they_were_made(self, client, delivery):
        html = client.get(url("verify", delivery)).text
        assert "All files are as they were made." in html
        assert "signatures.csv" in html
        assert "Failed" not in html

    @pytest.mark.parametrize("content", [b"PK and not much more", None])
    def test_files_that_were_changed_or_lost(self, client, delivery, content):
        archive = delivery.files.get(name__endswith=".zip")
        private_storage().delete(archive.path)
        if content:
            with private_storage().open(archive.path, "wb") as file:
                file.write(content)
        html = client.get(url("verify", delivery)).text
        assert "1 check failed" in html
        assert ("can be checked" if content else "missing") in html

    def test_without_files_there_is_nothing_to_verify(self, client, delivery):
        expiry.delete_files(delivery)
        assert url("verify", delivery) not in client.get(url("detail", delivery)).text
        html = client.get(url("verify", delivery), follow=True).text
        assert "There are no files to verify." in html
