"""Deliveries in the admin: the three steps, logged downloads, and permissions."""

import json
import secrets
from datetime import date, timedelta

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from wagtail.log_actions import log

from tests.admin.people import make_user
from wagtail_petition import ledger
from wagtail_petition.admin.deliveries.views import base
from wagtail_petition.delivery import build, expiry
from wagtail_petition.models import (
    Delivery,
    ImportBatch,
    OutgoingEmail,
    Petition,
    PetitionLogEntry,
    Representative,
    Signature,
)
from wagtail_petition.storage import private_storage

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _private_files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def deliverer(page):
    """May make, see and change deliveries of ``page``, and export its signatures."""
    user = make_user("deliverer", "view", "export", pages=[page])
    codenames = ["add_delivery", "change_delivery", "view_delivery"]
    Group.objects.get(name="deliverer").permissions.add(
        *Permission.objects.filter(codename__in=codenames)
    )
    return user


@pytest.fixture
def delivery(page, make_signature):
    """A delivery that is ready."""
    make_signature()
    made = Delivery.objects.create(
        petition=page.petition,
        last_number=1,
        recipient="Jane Doe",
        language="en",
        columns=["number", "given_name"],
        formats=["csv"],
    )
    build.build_queued()
    made.refresh_from_db()
    return made


WHICH = {"recipient": "Jane Doe", "which": "new"}
WHAT = {
    "language": "en",
    "preset": "names",
    "order": "number",
    "formats": ["csv"],
    "paper": "a4",
    "cover_letter": "Dear {recipient}",
}


class TestCreate:
    @pytest.fixture
    def send(self, log_in, deliverer, page):
        def send(step, **data):
            url = reverse("petition_deliveries:add", args=[page.petition.pk])
            return log_in(deliverer).post(url, {"step": step, **data}, follow=True)

        return send

    def test_three_steps_make_a_delivery(self, send, page, make_signature):
        make_signature()
        response = send("which", **WHICH)
        assert response.context["step"] == "what"
        assert response.context["summary"]["count"] == 1
        response = send("what", **WHICH, **WHAT)
        assert response.context["step"] == "check"
        assert "Moretti" in response.content.decode()
        assert not Delivery.objects.exists()
        response = send("create", **WHICH, **WHAT)
        delivery = Delivery.objects.get()
        ((url, _status),) = response.redirect_chain
        assert url == reverse("petition_deliveries:detail", args=[delivery.pk])
        assert (delivery.state, delivery.count) == (Delivery.State.READY, 1)
        assert "email" not in delivery.columns
        assert PetitionLogEntry.objects.filter(action="wagtail_petition.deliver").count() == 1

    def test_questions_are_counted_where_chosen(self, send, page, make_signature):
        make_signature()
        assert "breakdowns" not in send("which", **WHICH).context["form"].fields
        question = {"type": "tick_box", "id": "citizen", "value": {"label": "I am a citizen"}}
        page.questions = [question]
        page.save_revision().publish()
        asking = type(page).objects.get(pk=page.pk)
        make_signature(asking, email="b@example.org", answers={"citizen": True})
        assert "I am a citizen" in send("which", **WHICH).content.decode()
        chosen = {**WHICH, **WHAT, "breakdowns": ["citizen"]}
        assert 'type="hidden" name="breakdowns" value="citizen"' in (
            send("what", **chosen).content.decode()
        )
        send("create", **chosen)
        assert Delivery.objects.get().breakdowns == ["citizen"]
        assert "Select a valid choice" in (
            send("what", **{**chosen, "breakdowns": ["gone"]}).content.decode()
        )

    @pytest.fixture
    def voters(self, page, make_signature):
        """Three vote in New York, of whom two in its 12th district; one in California."""
        page.home_country, page.ask_home_district = "US", "optional"
        page.save_revision().publish()
        homes = [("NY", "12"), ("NY", "12"), ("NY", ""), ("CA", "12"), ("", "")]
        for i, (state, district) in enumerate(homes):
            make_signature(
                type(page).objects.get(pk=page.pk),
                email=f"voter{i}@example.org",
                home_country="US" if state else "",
                home_region=f"US-{state}" if state else "",
                home_district=district,
            )

    @pytest.mark.parametrize(
        ("chosen", "count", "place", "filters"),
        [
            ({"home_regions": ["US-NY"]}, 3, "New York", {"home_regions": ["US-NY"]}),
            (
                {"home_districts": "ny-12"},
                2,
                "NY-12",
                {"home_districts": [["US", "US-NY", "12"]]},
            ),
        ],
    )
    def test_only_those_who_vote_somewhere(self, send, voters, chosen, count, place, filters):
        first = {**WHICH, **chosen}
        response = send("which", **first)
        assert response.context["summary"]["count"] == count
        letter = response.context["form"]["cover_letter"].initial
        assert "The petition has {voters}." in letter
        assert response.context["placeholders"]["voters"].endswith(f"vote in {place}")
        send("create", **first, **WHAT)
        delivery = Delivery.objects.get()
        assert (delivery.count, delivery.filters) == (count, filters)
        with private_storage().open(delivery.files.get(name="manifest.json").path) as file:
            manifest = json.load(file)
        assert (manifest["filters"], manifest["where_they_vote"]) == (filters, place)

    def test_a_state_split_by_district(self, send, voters):
        chosen = {**WHICH, **WHAT, "home_regions": ["US-NY"], "split_by": "home_district"}
        parts = send("what", **chosen).context["parts"]
        assert [(part.label, part.signatures) for part in parts] == [
            ("NY-12", 2),
            ("New York, no district", 1),
        ]

    def test_districts_split_by_state(self, send, voters):
        districts = {"home_districts": "NY-12\nCA-12", "split_by": "home_region"}
        parts = send("what", **WHICH, **WHAT, **districts).context["parts"]
        assert [(part.label, part.signatures) for part in parts] == [("NY-12", 2), ("CA-12", 1)]

    def test_an_unknown_district_is_named(self, send, voters):
        text = send("which", **WHICH, home_districts="NY-12\nNY-99").content.decode()
        assert "No confirmed signatures have this district: NY-99. Check the spelling." in text

    def test_states_or_districts(self, send, voters):
        text = send("which", **WHICH, home_regions=["US-CA"], home_districts="NY-12")
        assert "not both" in text.content.decode()

    def test_where_they_vote_is_not_asked_if_nobody_said(self, send, make_signature):
        make_signature()
        fields = send("start", **WHICH).context["form"].fields
        assert not {"home_regions", "home_districts"} & fields.keys()

    def test_the_list_by_state_chooses_the_state(self, log_in, deliverer, page, voters):
        client = log_in(deliverer)
        listed = client.get(reverse("petitions:votes", args=[page.petition.pk])).content.decode()
        add = reverse("petition_deliveries:add", args=[page.petition.pk])
        assert f'href="{add}?home_regions=US-CA" aria-label="Add delivery for California"' in listed
        text = client.get(add, {"home_regions": "US-CA"}).content.decode()
        assert '<option value="US-CA" selected>California</option>' in text

    def test_what_was_chosen_before_is_carried_along(self, send, make_signature):
        make_signature()
        text = send("which", **WHICH, countries=["IT"]).content.decode()
        assert '<input type="hidden" name="countries" value="IT"' in text

    def test_each_step_has_a_url_to_go_back_to(self, send, client, make_signature):
        make_signature()
        ((what, _status),) = send("which", **WHICH).redirect_chain
        ((check, _status),) = send("what", **WHICH, **WHAT).redirect_chain
        assert client.get(what).context["step"] == "what"
        shown = client.get(check)
        assert (shown.context["step"], shown.context["summary"]["count"]) == ("check", 1)
        assert '<input type="hidden" name="recipient" value="Jane Doe"' in shown.text
        ((back, _status),) = send("back", **WHICH, **WHAT).redirect_chain
        assert client.get(back).context["form"]["cover_letter"].value() == "Dear {recipient}"

    def test_a_very_long_letter_is_not_put_into_a_url(self, send, make_signature):
        make_signature()
        letter = secrets.token_hex(4000)
        response = send("what", **WHICH, **{**WHAT, "cover_letter": letter})
        assert (response.redirect_chain, response.context["step"]) == ([], "check")
        assert letter in response.text

    @pytest.mark.parametrize("choices", ["", "x", "e30:1:2"])
    def test_choices_that_are_not_ours_start_anew(self, client, log_in, deliverer, page, choices):
        log_in(deliverer)
        url = reverse("petition_deliveries:add", args=[page.petition.pk])
        response = client.get(url, {"step": "check", "choices": choices}, follow=True)
        assert response.redirect_chain == [(url, 302)]
        assert response.context["step"] == "which"

    def test_says_what_is_left_out(self, send, make_signature):
        make_signature()
        make_signature(confirm=False, email="late@example.org")
        summary = send("which", **WHICH).context["summary"]
        assert [(label, number) for label, number, _url in summary["left_out"]] == [
            ("not confirmed", 1)
        ]

    def test_nothing_to_deliver(self, send):
        response = send("create", **WHICH, **WHAT)
        assert "No signatures to deliver." in response.content.decode()
        assert not Delivery.objects.exists()

    @pytest.mark.parametrize(
        ("step", "changes", "message"),
        [
            ("which", {"recipient": "other"}, "Enter the name of the recipient."),
            ("which", {"other_recipient": "Senator Roe"}, "Choose “Other recipient” above"),
            ("what", {"preset": "custom"}, "Choose at least one column."),
            ("what", {"columns": ["email"]}, "Choose “Custom” above"),
            ("what", {"formats": []}, "This field is required."),
            ("what", {"language": "xx"}, "Select a valid choice."),
            ("which", {"countries": ["\x00"]}, "Select a valid choice."),
            (
                "which",
                {"regions": "Atlantis"},
                "No confirmed signatures have this region: Atlantis.",
            ),
        ],
    )
    def test_bad_input_is_told_and_nothing_is_made(
        self, send, make_signature, step, changes, message
    ):
        make_signature()
        response = send(step, **{**WHICH, **WHAT, **changes})
        assert response.status_code == 200
        assert message in response.content.decode()
        assert "The delivery could not be created due to errors." in response.text
        assert not Delivery.objects.exists()

    def test_split_by_country(self, send, make_signature):
        make_signature()
        make_signature(email="bruno@example.org", country="DE")
        chosen = {**WHICH, **WHAT, "split_by": "country"}
        germany, italy = send("what", **chosen).context["parts"]
        # The order of the parts changes before they are created.
        make_signature(email="carla@example.org")
        send("create", **chosen, **{germany.field: "The Germans", italy.field: "The Italians"})
        made = {d.recipient: (d.count, d.filters) for d in Delivery.objects.all()}
        assert made == {
            "The Germans": (1, {"countries": ["DE"]}),
            "The Italians": (2, {"countries": ["IT"]}),
        }

    def test_columns_by_constituency(self, send, page, make_signature):
        make_signature(home_country="US", home_region="US-NY", home_district="12")
        assert "By constituency" not in send("which", **WHICH).text
        Petition.objects.filter(pk=page.petition.pk).update(home_country="US")
        assert "By constituency" in send("which", **WHICH).text
        send("create", **WHICH, **{**WHAT, "preset": "constituency"})
        assert {"home_region", "home_district"} <= set(Delivery.objects.get().columns)

    def test_split_by_state_offers_its_senators(self, send, page, make_signature):
        make_signature(home_country="US", home_region="US-NY", home_tie="votes_there")
        make_signature(email="bruno@example.org")
        Representative.objects.create(
            petition=page.petition, name="Ada", office="Senator", country="US", region="US-NY"
        )
        assert "By state or region where they vote" in send("start", **WHICH).text
        chosen = {**WHICH, **WHAT, "split_by": "home_region"}
        response = send("what", **chosen)
        assert ">Senator Ada</textarea>" in response.text
        ada = response.context["parts"][0]
        send("create", **chosen, **{ada.field: "Senator\r\nAda "})
        made = {(d.recipient, d.count) for d in Delivery.objects.all()}
        assert made == {("Senator Ada", 1), ("Jane Doe (No region)", 1)}

    def test_split_by_region_shows_everybody_and_the_total(self, send, make_signature):
        for position, region in enumerate(["Lazio", "lazio ", "", "Ohio"]):
            make_signature(email=f"{position}@example.org", region=region)
        chosen = {**WHICH, **WHAT, "split_by": "region"}
        response = send("what", **chosen)
        parts = [(part.label, part.signatures) for part in response.context["parts"]]
        assert parts == [("Lazio", 2), ("Ohio", 1), ("No region", 1)]
        assert response.context["summary"]["count"] == 4
        assert "Total" in response.text
        send("create", **chosen)
        assert sum(delivery.count for delivery in Delivery.objects.all()) == 4

    def test_a_region_is_found_in_any_spelling(self, send, make_signature):
        for position, region in enumerate(["N.Y.", "ny", "Ohio"]):
            make_signature(email=f"{position}@example.org", region=region)
        send("create", **WHICH, **WHAT, regions="n. y.")
        delivery = Delivery.objects.get()
        assert (delivery.count, delivery.filters) == (2, {"regions": ["N.Y.", "ny"]})

    def test_signatures_on_paper_can_be_left_out(self, send, page, make_signature):
        make_signature()
        made = make_signature(email="bruno@example.org")
        # Without imports there is nothing to choose.
        assert "Where they signed" not in send("start", **WHICH).text
        ImportBatch.objects.create(petition=page.petition)
        Signature.objects.filter(pk=made.pk).update(origin="paper")
        assert "Where they signed" in send("start", **WHICH).text
        # The letter doesn't claim what isn't true of all of them.
        assert "confirmed by email" not in send("which", **WHICH).text
        assert "confirmed by email" in send("which", **WHICH, origin="confirmed_here").text
        send("create", **WHICH, **WHAT, origin="not_paper")
        delivery = Delivery.objects.get()
        assert (delivery.count, delivery.filters) == (1, {"not_paper": True})

    def test_a_part_counts_what_its_own_recipient_has_not_got(self, send, make_signature):
        make_signature()
        make_signature(email="bruno@example.org", country="DE")
        chosen = {**WHICH, **WHAT, "split_by": "country"}
        send("create", **chosen)
        make_signature(email="carla@example.org")
        parts = send("what", **chosen).context["parts"]
        assert {part.label: part.signatures for part in parts} == {"Italy": 1, "Germany": 0}
        send("create", **chosen)
        made = [(d.recipient, d.count) for d in Delivery.objects.order_by("pk")]
        assert made[2:] == [("Jane Doe (Italy)", 1)]

    @pytest.mark.parametrize(
        "columns", [{"preset": "authority"}, {"preset": "custom", "columns": ["number", "answers"]}]
    )
    def test_answers_can_be_delivered(self, send, page, make_signature, columns):
        question = {"type": "short_text", "id": "why-1", "value": {"label": "Why?"}}
        page.questions = [question]
        page.save_revision().publish()
        asking = type(page).objects.get(pk=page.pk)
        make_signature(asking, answers={"why-1": "Because of them"})
        chosen = {**WHICH, **WHAT, **columns}
        assert "Because of them" in send("what", **chosen).text
        send("create", **chosen)
        assert Delivery.objects.get().state == "ready"

    def test_the_sample_shows_what_will_be_in_it(self, send, make_signature):
        make_signature(given_name="Early")
        send("create", **WHICH, **WHAT)
        make_signature(given_name="Late", email="late@example.org")
        rows = send("what", **WHICH, **WHAT).context["sample"].rows
        assert [row[1] for row in rows] == ["Late"]

    def test_a_number_leads_to_a_list_only_if_the_list_shows_just_these(self, send, make_signature):
        make_signature()
        assert send("which", **WHICH).context["summary"]["url"]
        assert send("which", **WHICH, countries=["IT"]).context["summary"]["url"] is None
        send("create", **WHICH, **WHAT)
        summary = send("which", **WHICH).context["summary"]
        assert (summary["count"], summary["url"]) == (0, None)

    def test_without_a_page_it_says_what_to_do(self, log_in, superuser, page, make_signature):
        make_signature()
        page.unpublish()
        url = reverse("petition_deliveries:add", args=[page.petition.pk])
        response = log_in(superuser).get(url, follow=True)
        assert "Publish the petition page first" in response.content.decode()


class TestFiles:
    def url(self, delivery):
        return reverse(
            "petition_deliveries:download", args=[delivery.pk, delivery.files.first().pk]
        )

    def test_a_download_is_logged_with_its_checksum(self, log_in, deliverer, delivery):
        response = log_in(deliverer).get(self.url(delivery))
        assert b"".join(response.streaming_content)[:2] == b"PK"
        assert "no-store" in response["Cache-Control"]
        entry = PetitionLogEntry.objects.get(action="wagtail_petition.download")
        assert entry.data["sha256"] == delivery.files.first().sha256
        assert entry.user == deliverer
        page = log_in(deliverer).get(reverse("petition_deliveries:detail", args=[delivery.pk]))
        assert f"Delivery downloaded: <bdi>{entry.data['file']}</bdi>" in page.text

    def test_without_a_log_there_is_no_file(self, log_in, deliverer, delivery, monkeypatch):
        def broken(*args, **kwargs):
            raise OSError("the log is full")

        monkeypatch.setattr(base, "log", broken)
        with pytest.raises(OSError, match="the log is full"):
            log_in(deliverer).get(self.url(delivery))

    def test_without_the_permission_it_is_not_there(self, log_in, viewer, delivery):
        assert log_in(viewer).get(self.url(delivery)).status_code == 404

    def test_nor_is_the_delivery_of_others(self, log_in, other_page, delivery):
        stranger = make_user("stranger", "view", "export", pages=[other_page])
        Group.objects.get(name="stranger").permissions.add(
            Permission.objects.get(codename="view_delivery")
        )
        assert log_in(stranger).get(self.url(delivery)).status_code == 404
        detail = reverse("petition_deliveries:detail", args=[delivery.pk])
        assert log_in(stranger).get(detail).status_code == 404


class TestAfterwards:
    def test_handing_over(self, log_in, deliverer, delivery):
        url = reverse("petition_deliveries:handover", args=[delivery.pk])
        assert log_in(deliverer).get(url).status_code == 200
        response = log_in(deliverer).post(url, {"delivered_on": "2026-11-03", "place": "Rome"})
        assert response.status_code == 302
        delivery.refresh_from_db()
        assert (delivery.state, delivery.delivered_on) == ("delivered", date(2026, 11, 3))
        # Locked: there is no such form any more.
        for send in (log_in(deliverer).get, log_in(deliverer).post):
            assert "already been delivered" in send(url, follow=True).text

    def test_the_receipt_is_kept_and_given_back(self, log_in, deliverer, viewer, delivery):
        client = log_in(deliverer)
        receipt = SimpleUploadedFile("scan.html", b"<script>alert(1)</script>", "text/html")
        client.post(
            reverse("petition_deliveries:handover", args=[delivery.pk]),
            {"delivered_on": "2026-11-03", "receipt": receipt},
        )
        url = reverse("petition_deliveries:receipt", args=[delivery.pk])
        detail = client.get(reverse("petition_deliveries:detail", args=[delivery.pk]))
        assert f'<a href="{url}"><bdi>receipt-scan.html</bdi></a>' in detail.content.decode()
        response = client.get(url)
        assert b"".join(response.streaming_content) == b"<script>alert(1)</script>"
        assert response["Content-Disposition"] == 'attachment; filename="receipt-scan.html"'
        assert response["Content-Type"] == "application/octet-stream"
        assert response["X-Content-Type-Options"] == "nosniff"
        entry = PetitionLogEntry.objects.get(action="wagtail_petition.download")
        assert entry.data == {"delivery": delivery.pk, "file": "receipt-scan.html"}
        assert log_in(viewer).get(url).status_code == 404

    def test_without_a_receipt_there_is_none(self, log_in, deliverer, delivery):
        url = reverse("petition_deliveries:receipt", args=[delivery.pk])
        assert log_in(deliverer).get(url).status_code == 404

    def test_who_may_not_export_sees_that_there_is_a_receipt(self, log_in, page, delivery):
        Delivery.objects.update(receipt="deliveries/x/receipt-scan.pdf", delivered_on="2026-11-03")
        reader = make_user("reader", "view", "view_delivery", pages=[page])
        detail = reverse("petition_deliveries:detail", args=[delivery.pk])
        html = log_in(reader).get(detail).content.decode()
        assert "receipt-scan.pdf" in html
        assert reverse("petition_deliveries:receipt", args=[delivery.pk]) not in html

    def test_not_in_the_future(self, log_in, deliverer, delivery):
        url = reverse("petition_deliveries:handover", args=[delivery.pk])
        tomorrow = timezone.localdate() + timedelta(days=1)
        response = log_in(deliverer).post(url, {"delivered_on": tomorrow.isoformat()})
        assert "The date can’t be in the future." in response.content.decode()

    def test_cancelling(self, log_in, deliverer, delivery):
        client = log_in(deliverer)
        detail = reverse("petition_deliveries:detail", args=[delivery.pk])
        url = reverse("petition_deliveries:cancel", args=[delivery.pk])
        assert f'href="{url}"' in client.get(detail).content.decode()
        # It is asked first, on a page that changes nothing.
        assert client.post(detail, {"action": "cancel"}).status_code == 404
        question = client.get(url).content.decode()
        assert "Yes, delete files and cancel" in question
        assert "The signature can be delivered again." in question
        delivery.refresh_from_db()
        assert delivery.state == "ready"
        client.post(url)
        delivery.refresh_from_db()
        assert delivery.state == "cancelled"
        for response in (client.post(url, follow=True), client.get(url, follow=True)):
            assert "already been delivered or cancelled" in response.content.decode()
        assert url not in client.get(detail).content.decode()

    def test_it_says_how_many_will_be_notified(self, log_in, deliverer, delivery, make_signature):
        client = log_in(deliverer)
        url = reverse("petition_deliveries:handover", args=[delivery.pk])
        field = client.get(url).context["form"]["tells_signers"]
        assert field.help_text == "No signers in this delivery have opted in to updates."
        assert field.field.disabled
        # Who signed later is in no delivery that was made before.
        make_signature(email="later@example.org", wants_news=True)
        assert client.get(url).context["form"]["tells_signers"].field.disabled
        Signature.objects.update(wants_news=True)
        field = client.get(url).context["form"]["tells_signers"]
        assert field.help_text == "Emails the 1 signer in this delivery who opted in to updates."
        client.post(url, {"delivered_on": "2026-11-03", "tells_signers": "on"})
        assert OutgoingEmail.objects.filter(kind="delivered").count() == 1

    def test_only_who_may_change(self, log_in, page, delivery):
        user = make_user("reader", "view", pages=[page])
        Group.objects.get(name="reader").permissions.add(
            Permission.objects.get(codename="view_delivery")
        )
        url = reverse("petition_deliveries:detail", args=[delivery.pk])
        assert log_in(user).post(url, {"action": "rebuild"}).status_code == 404
        cancel = reverse("petition_deliveries:cancel", args=[delivery.pk])
        assert log_in(user).get(cancel).status_code == 404
        assert log_in(user).post(cancel).status_code == 404
        assert "Mark as delivered" not in log_in(user).get(url).content.decode()

    def test_who_withdrew_before_is_not_handed_over(self, log_in, deliverer, delivery, page):
        client = log_in(deliverer)
        ledger.withdraw(page.petition.signatures.get())
        detail = reverse("petition_deliveries:detail", args=[delivery.pk])
        html = client.get(detail).text
        assert "Rebuild without them" in html
        download = TestFiles().url(delivery)
        assert download not in html
        assert "no longer counts" in client.get(download, follow=True).text
        handover = reverse("petition_deliveries:handover", args=[delivery.pk])
        response = client.post(handover, {"delivered_on": "2026-11-03"})
        assert "This field is required." in response.text
        client.post(detail, {"action": "rebuild"})
        delivery.refresh_from_db()
        assert (delivery.state, delivery.count) == ("ready", 0)
        assert "Rebuild without them" not in client.get(detail).text
        assert PetitionLogEntry.objects.filter(action="wagtail_petition.rebuild_delivery").exists()

    def test_what_was_handed_over_before_somebody_withdrew(self, log_in, deliverer, delivery, page):
        ledger.withdraw(page.petition.signatures.get())
        url = reverse("petition_deliveries:handover", args=[delivery.pk])
        log_in(deliverer).post(url, {"delivered_on": "2026-11-03", "before_withdrawals": "on"})
        delivery.refresh_from_db()
        assert (delivery.state, delivery.count) == ("delivered", 1)

    def test_a_file_that_was_deleted_is_told(self, log_in, deliverer, delivery):
        client, url = log_in(deliverer), TestFiles().url(delivery)
        expiry.delete_files(delivery)
        assert "This file has been deleted." in client.get(url, follow=True).text
        html = client.get(reverse("petition_deliveries:detail", args=[delivery.pk])).text
        assert url not in html
        assert "These files were deleted on" in html

    def test_it_says_where_codes_were_printed(self, log_in, deliverer, delivery):
        codes = {"count": 1, "first": [[7, ["given_name"]]]}
        Delivery.objects.update(unprintable="\u0378", printed_as_codes=codes)
        detail = reverse("petition_deliveries:detail", args=[delivery.pk])
        assert "Number 7: First name" in log_in(deliverer).get(detail).text

    def test_corrections(self, log_in, deliverer, delivery, page):

        ledger.withdraw(page.petition.signatures.get())
        detail = reverse("petition_deliveries:detail", args=[delivery.pk])
        assert "Download corrections (CSV)" in log_in(deliverer).get(detail).content.decode()
        url = reverse("petition_deliveries:corrections", args=[delivery.pk])
        lines = log_in(deliverer).get(url).content.decode("utf-8-sig").split()
        assert lines[-1] == "1"


def test_the_list_has_exact_numbers(log_in, deliverer, delivery):
    Delivery.objects.update(count=12345)
    text = log_in(deliverer).get(reverse("petition_deliveries:index")).text
    assert "12,345" in text
    assert "over 10,000" not in text


def test_the_list_is_of_ones_own_petitions(log_in, deliverer, delivery, other_page):
    log(delivery.petition, "wagtail_petition.deliver", data={"delivery": delivery.pk})
    Delivery.objects.create(
        petition=other_page.petition, last_number=1, recipient="Somebody else", language="en"
    )
    text = log_in(deliverer).get(reverse("petition_deliveries:index")).content.decode()
    assert "Jane Doe" in text
    assert "Somebody else" not in text
