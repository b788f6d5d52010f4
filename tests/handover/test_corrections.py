"""Signatures withdrawn after the hand-over: the office is told, and offered corrected files."""

import io
import json
import zipfile
from datetime import date

import pytest
from django.urls import reverse

from tests.admin.people import make_user
from wagtail_petition import ledger
from wagtail_petition.delivery import (
    build,
    corrections,
    expiry,
    lifecycle,
    recipient_links,
    selection,
    verify,
)
from wagtail_petition.delivery.membership import Members
from wagtail_petition.models import Delivery, PetitionLogEntry, RecipientVisit, Signature

pytestmark = pytest.mark.django_db


@pytest.fixture
def handed_over(delivery):
    """The delivery of Anna and Bruno, handed over."""
    lifecycle.mark_delivered(delivery, delivered_on=date(2026, 11, 3))
    return delivery


@pytest.fixture
def bruno_withdraws(handed_over):
    ledger.withdraw(Signature.objects.get(number=2))
    return handed_over


def download(client, url, file):
    return b"".join(client.post(url, {"file": file}))


@pytest.fixture
def corrected(client, url, bruno_withdraws):
    """The corrected delivery, as the office asked for it."""
    client.post(url, {"correct": "1"})
    build.build_queued()
    return Delivery.objects.get(corrects=bruno_withdraws)


@pytest.fixture
def _worker_is_busy(monkeypatch):
    """What is queued is done later, when the test asks for it."""
    monkeypatch.setattr(corrections, "dispatch", lambda work: None)


def signers(archive):
    with zipfile.ZipFile(io.BytesIO(archive)) as files:
        return files.read("signatures.csv").decode()


class TestTheOffice:
    def test_nothing_is_said_while_all_count(self, client, url, handed_over):
        assert "no longer count" not in client.get(url).text
        assert client.post(url, {"correct": "1"}).status_code == 409

    def test_it_is_told_that_what_it_downloaded_is_out_of_date(self, client, url, handed_over):
        download(client, url, handed_over.files.first().pk)
        ledger.withdraw(Signature.objects.get(number=2))
        html = client.get(url).text
        assert "1 signature no longer counts:" in html
        assert "still contain them. Please delete these files" in html

    def test_the_old_files_are_not_offered_any_more(self, client, url, bruno_withdraws):
        file = bruno_withdraws.files.first()
        assert file.name not in client.get(url).text
        assert client.post(url, {"file": file.pk}).status_code == 404

    def test_it_gets_the_same_delivery_without_them(self, client, url, corrected, handed_over):
        archive = corrected.files.get(name__endswith=".zip")
        assert archive.name == f"delivery-{handed_over.pk}-corrected.zip"
        content = download(client, url, archive.pk)
        assert "Anna" in signers(content)
        assert "Bruno" not in signers(content)
        with zipfile.ZipFile(io.BytesIO(content)) as files:
            listing = json.loads(files.read("manifest.json"))
        assert listing["corrects"] == handed_over.manifest_sha256
        assert (listing["signatures"], listing["columns"]) == (1, handed_over.columns)
        assert all(finding.holds for finding in verify.check_ledger(io.BytesIO(content)))
        html = client.get(url).text
        assert "The corrected files were downloaded on" in html
        assert "Please delete these files" not in html

    @pytest.mark.usefixtures("_worker_is_busy")
    def test_while_they_are_made(self, client, url, bruno_withdraws):
        assert "Prepare corrected files" in client.get(url).text
        for _press in range(2):
            client.post(url, {"correct": "1"})
        assert "are being prepared" in client.get(url).text
        assert Delivery.objects.filter(corrects=bruno_withdraws).count() == 1
        logged = PetitionLogEntry.objects.get(action="wagtail_petition.correct_delivery")
        assert logged.data["delivery"] == bruno_withdraws.pk

    def test_when_they_could_not_be_made(self, client, url, bruno_withdraws, monkeypatch):
        def fail(*_args):
            raise OSError("The disk is full")

        monkeypatch.setattr(build, "_write_tables", fail)
        client.post(url, {"correct": "1"})
        build.build_queued()
        html = client.get(url).text
        assert "could not be prepared" in html
        assert "disk" not in html

    def test_more_withdraw(self, client, url, corrected, make_signature, handed_over):
        download(client, url, corrected.files.first().pk)
        ledger.withdraw(Signature.objects.get(number=1))
        html = client.get(url).text
        assert "2 signatures no longer count:" in html
        assert "delete all files" in html
        assert client.post(url, {"file": corrected.files.first().pk}).status_code == 404
        assert client.post(url, {"correct": "1"}).status_code == 409

    def test_they_are_made_again(self, client, url, delivery, make_signature, page):
        make_signature(given_name="Carla", email="carla@example.org")
        Delivery.objects.filter(pk=delivery.pk).update(state="queued", last_number=3, members=b"")
        build.build_queued()
        delivery.refresh_from_db()
        lifecycle.mark_delivered(delivery, delivered_on=date(2026, 11, 3))
        for number, left in ((2, ["Anna", "Carla"]), (3, ["Anna"])):
            ledger.withdraw(Signature.objects.get(number=number))
            client.post(url, {"correct": "1"})
            build.build_queued()
            correction = Delivery.objects.get(corrects=delivery)
            archive = correction.files.get(name__endswith=".zip")
            rows = signers(download(client, url, archive.pk))
            assert [name for name in ("Anna", "Bruno", "Carla") if name in rows] == left

    def test_a_restored_signature_is_in_it_again(self, client, url, handed_over, page):
        bruno = Signature.objects.get(number=2)
        ledger.invalidate([bruno.pk], petition=page.petition)
        client.post(url, {"correct": "1"})
        build.build_queued()
        ledger.restore([bruno.pk], petition=page.petition)
        assert "no longer count" not in client.get(url).text
        assert download(client, url, handed_over.files.first().pk)

    def test_the_list_of_numbers(self, client, url, bruno_withdraws):
        lines = download(client, url, "withdrawn.csv").decode("utf-8-sig").splitlines()
        assert lines[1:] == ["2"]
        # It holds no signatures, so the office still has no files.
        assert "If you have the earlier files" in client.get(url).text

    def test_another_s_files_are_not_there(self, client, share, url, corrected, page):
        other = Delivery.objects.create(
            petition=page.petition, state="delivered", last_number=1, recipient="Other",
            language="en",
        )  # fmt: skip
        _link, token = recipient_links.make(other, user=None, expires_at=share()[0].expires_at)
        address = reverse("wagtail_petition:recipient", args=[token])
        file = corrected.files.first()
        assert client.post(address, {"file": file.pk}).status_code == 404


class TestItIsNoDeliveryOfItsOwn:
    def test_the_delivery_stays_as_it_is(self, corrected, handed_over):
        before = Delivery.objects.filter(pk=handed_over.pk).values().get()
        assert list(Members(before["members"])) == [1, 2]
        assert before["count"] == 2
        assert handed_over.files.exclude(path="").exists()

    def test_signers_organisers_and_other_deliveries_do_not_count_it(
        self, client, corrected, handed_over, page
    ):
        anna = Signature.objects.get(number=1)
        assert selection.get_deliveries(anna) == [handed_over]
        client.force_login(make_user("Boss", superuser=True))
        html = client.get(reverse("petition_deliveries:index")).text
        assert html.count("Jane Doe") == 1
        address = reverse("petition_deliveries:detail", args=[corrected.pk])
        assert client.get(address).status_code == 404

    def test_its_files_are_deleted_after_their_time(self, corrected, clock, settings):
        clock.forward(days=29)
        expiry.forget_files()
        assert corrected.files.exclude(path="").exists()
        clock.forward(days=1)
        expiry.forget_files()
        assert not corrected.files.exclude(path="").exists()

    def test_its_files_are_deleted_if_somebody_in_them_withdraws(self, corrected):
        ledger.withdraw(Signature.objects.get(number=1))
        expiry.forget_files()
        assert not corrected.files.exclude(path="").exists()


class TestTheOrganiser:
    @pytest.fixture
    def browser(self, client, page):
        permissions = ("view", "export", "view_delivery", "change_delivery")
        client.force_login(make_user("Olga", *permissions, pages=[page]))
        return client

    def detail(self, browser, delivery):
        return browser.get(reverse("petition_deliveries:detail", args=[delivery.pk]))

    def test_sees_who_fetched_them(self, browser, share, receipt, handed_over):
        (_first, one), (_second, two) = share(), share()
        browser.post(one, receipt(name="Ada Clerk"))
        for url in (one, two):
            download(browser, url, handed_over.files.first().pk)
        ledger.withdraw(Signature.objects.get(number=2))
        browser.post(one, {"correct": "1"})
        build.build_queued()
        corrected = Delivery.objects.get(corrects=handed_over)
        response = self.detail(browser, handed_over)
        assert response.text.count("Not yet: has the earlier files") == 2
        download(browser, one, corrected.files.first().pk)
        response = self.detail(browser, handed_over)
        assert response.text.count("Not yet: has the earlier files") == 1
        fetched = {link.answer and link.answer.name: link for link in response.context["links"]}
        assert fetched["Ada Clerk"].corrected_at
        assert fetched[None].corrected_at is None
        assert "Corrected file downloaded by the recipient" in response.text
        assert RecipientVisit.objects.filter(is_corrected=True).count() == 1

    @pytest.mark.usefixtures("_worker_is_busy")
    def test_makes_and_downloads_them(self, browser, bruno_withdraws):
        address = reverse("petition_deliveries:detail", args=[bruno_withdraws.pk])
        browser.post(address, {"action": "correct"})
        assert "data-petition-live" in browser.get(address).text
        build.build_queued()
        archive = Delivery.objects.get(corrects=bruno_withdraws).files.get(name__endswith=".zip")
        link = reverse("petition_deliveries:download", args=[bruno_withdraws.pk, archive.pk])
        assert link in browser.get(address).text
        assert "Bruno" not in signers(b"".join(browser.get(link)))

    def test_those_who_may_only_see_deliveries_make_none(self, client, page, bruno_withdraws):
        client.force_login(make_user("Vera", "view", "view_delivery", pages=[page]))
        address = reverse("petition_deliveries:detail", args=[bruno_withdraws.pk])
        assert "Make corrected files" not in client.get(address).text
        assert client.post(address, {"action": "correct"}).status_code == 404
        assert corrections.find_changes(bruno_withdraws).state == "none"
