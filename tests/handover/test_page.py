"""The private page of a delivery's recipient: what it shows, to whom, and for how long."""

import pytest
from django.urls import reverse

from wagtail_petition import ledger
from wagtail_petition.delivery import build, expiry, lifecycle, recipient_links
from wagtail_petition.models import RecipientLink, RecipientVisit, Signature
from wagtail_petition.storage import private_storage

pytestmark = pytest.mark.django_db


def test_it_shows_the_letter_the_files_and_how_to_verify_them(client, url, delivery, page):
    html = client.get(url).text
    for words in ("Jane Doe", "Senate", page.get_organisation(), "2 signatures", "1 to"):
        assert words in html
    assert page.letter in html
    assert {file.name for file in delivery.files.all()} <= {*html.replace("<", ">").split(">")}
    assert delivery.manifest_sha256 in html
    assert "Anna" not in html


def test_nothing_is_stored_indexed_or_fetched_from_elsewhere(client, url, delivery, refusal):
    download = client.post(url, {"file": delivery.files.first().pk})
    assert b"".join(download)
    for response in (client.get(url), client.post(url, {}), client.post(url, refusal), download):
        assert response["Cache-Control"] == "no-store, private"
        assert response["X-Robots-Tag"] == "noindex, nofollow"
        assert response["Referrer-Policy"] == "no-referrer"
        assert "default-src 'none'" in response["Content-Security-Policy"]
        assert "frame-ancestors 'none'" in response["Content-Security-Policy"]
    html = client.get(url).text
    assert "<script" not in html
    assert "http" not in html.replace('http-equiv="', "")


def test_only_the_hash_of_a_link_is_stored(url):
    token = url.rstrip("/").rpartition("/")[2]
    assert token not in str(RecipientLink.objects.values_list())


class TestDownloads:
    def test_a_press_of_the_button_downloads_and_is_logged(self, client, url, delivery):
        file = delivery.files.get(name="signatures.csv")
        response = client.post(url, {"file": file.pk})
        with private_storage().open(file.path) as stored:
            assert b"".join(response) == stored.read()
        assert "attachment" in response["Content-Disposition"]
        visit = RecipientVisit.objects.get()
        assert (visit.file, visit.manifest_sha256) == ("signatures.csv", delivery.manifest_sha256)

    def test_scanners_of_mail_download_and_answer_nothing(self, client, url, delivery):
        """They follow links with GET and HEAD."""
        client.head(url)
        assert not RecipientVisit.objects.exists()
        client.get(url, {"file": delivery.files.first().pk, "receive": "1", "decline": "1"})
        assert [visit.file for visit in RecipientVisit.objects.all()] == [""]
        assert not delivery.acknowledgements.exists()

    @pytest.mark.parametrize("file", ["0", "x", "²", "9" * 30, "-1"])
    def test_what_is_no_file_of_it(self, client, url, file):
        assert client.post(url, {"file": file}).status_code == 404

    def test_of_another_delivery(self, client, url, delivery):
        other = type(delivery).objects.create(
            petition=delivery.petition, last_number=2, recipient="Other", language="en",
            columns=["number"], formats=["csv"], only_new=False,
        )  # fmt: skip
        build.build_queued()
        assert client.post(url, {"file": other.files.first().pk}).status_code == 404

    def test_nobody_who_withdrew_is_in_what_can_be_downloaded(self, client, url, delivery):
        file = delivery.files.first()
        ledger.withdraw(Signature.objects.get(number=2))
        assert "being prepared" in client.get(url).text
        assert client.post(url, {"file": file.pk}).status_code == 404
        lifecycle.rebuild(delivery)
        build.build_queued()
        delivery.refresh_from_db()
        assert "1 signature " in client.get(url).text
        assert b"".join(client.post(url, {"file": delivery.files.first().pk}))

    def test_files_deleted_after_their_time(self, client, url, delivery):
        file = delivery.files.first()
        expiry.delete_files(delivery)
        assert "were deleted on" in client.get(url).text
        assert client.post(url, {"file": file.pk}).status_code == 404


class TestDeadLinks:
    @pytest.fixture(params=["revoked", "expired", "cancelled"])
    def dead(self, request, share, delivery, clock):
        link, url = share(days=7)
        if request.param == "revoked":
            recipient_links.revoke(link)
        elif request.param == "expired":
            clock.forward(days=7)
        else:
            lifecycle.cancel(delivery)
        return url

    def test_they_show_and_do_nothing(self, client, dead, delivery, receipt, refusal):
        file = delivery.files.first()
        posts = [receipt(), refusal, {"file": file.pk if file else 1}]
        responses = [client.get(dead), *(client.post(dead, data) for data in posts)]
        for response in responses:
            assert response.status_code == 410
            assert "no-store" in response["Cache-Control"]
            assert "Jane Doe" not in response.text
        assert not delivery.acknowledgements.exists()
        assert not RecipientVisit.objects.exists()

    def test_a_guess(self, client):
        response = client.get(reverse("wagtail_petition:recipient", args=["x" * 43]))
        assert response.status_code == 404

    def test_another_link_goes_on_working(self, client, share):
        first, _url = share()
        second = share()[1]
        recipient_links.revoke(first)
        assert client.get(second).status_code == 200


def test_a_link_that_is_used_too_often_rests(client, url, monkeypatch, clock):
    monkeypatch.setattr(recipient_links, "MOST", 2)
    assert [client.get(url).status_code for _again in range(3)] == [200, 200, 429]
    clock.forward(hours=1, minutes=1)
    assert client.get(url).status_code == 200


def test_it_is_in_the_delivery_s_language_or_in_english(client, url, delivery):
    type(delivery).objects.update(language="ar")
    response = client.get(url)
    assert 'lang="ar" dir="rtl"' in response.text
    assert response["Content-Language"] == "ar"
    assert client.get(f"{url}?language=en")["Content-Language"] == "en"


def test_it_works_without_a_page_online(client, url, page):
    page.unpublish()
    assert "2 signatures" in client.get(url).text
