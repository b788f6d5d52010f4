"""What came of a delivery: recorded by its organiser, shown to the public if they want it."""

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from wagtail.models import GroupPagePermission, PageViewRestriction

from tests.admin.people import make_user
from wagtail_petition.clock import local_date
from wagtail_petition.delivery import expiry, lifecycle, outcomes
from wagtail_petition.delivery.build import build_queued
from wagtail_petition.models import (
    Delivery,
    DeliveryOutcome,
    Petition,
    PetitionLogEntry,
    PetitionUpdatePage,
)
from wagtail_petition.storage import private_storage

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.public.api_urls")]

ALL = ("view", "export", "erase", "view_delivery", "change_delivery")
DAY = date(2026, 11, 5)


@pytest.fixture(autouse=True)
def _private_files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def delivery(page, make_signature):
    """A delivery that was handed over, and that the page doesn't show."""
    make_signature()
    made = Delivery.objects.create(
        petition=page.petition, last_number=1, recipient="Jane Doe", language="en",
        columns=["number", "given_name"], formats=["csv"],
    )  # fmt: skip
    build_queued()
    made.refresh_from_db()
    lifecycle.mark_delivered(made, delivered_on=date(2026, 11, 3), is_public=False)
    return made


@pytest.fixture
def deborah(page):
    return make_user("Deborah", *ALL, pages=[page])


@pytest.fixture
def organiser(log_in, deborah):
    """Deborah's browser."""
    return log_in(deborah)


@pytest.fixture
def record(delivery):
    """Record an outcome; arguments are its values."""

    def add(**values):
        return outcomes.add(
            delivery,
            **{"user": None, "kind": "answered", "day": DAY, "texts": {"en": "She will read it."}}
            | values,
        )

    return add


def url(name, delivery, *more):
    return reverse(f"petition_deliveries:{name}", args=[delivery.pk, *more])


def form(**values):
    return {"kind": "promised", "day": DAY.isoformat(), **values}


class TestRecording:
    def test_it_is_recorded_with_its_texts_and_document(self, organiser, delivery, translated):
        letter = SimpleUploadedFile("reply.pdf", b"Dear all", "application/pdf")
        texts = {"text-en": "She will read it.", "text-it": "Lo leggerà."}
        organiser.post(url("add_outcome", delivery), form(document=letter, **texts))
        outcome = delivery.outcomes.get()
        assert outcome.texts == {"en": "She will read it.", "it": "Lo leggerà."}
        assert (outcome.kind, outcome.day, outcome.user.username) == ("promised", DAY, "Deborah")
        assert not outcome.is_public
        html = organiser.get(url("detail", delivery)).text
        for words in ("Promised", "She will read it.", "Lo leggerà.", "reply.pdf", "Deborah"):
            assert words in html
        response = organiser.get(url("outcome_document", delivery, outcome.pk))
        assert b"".join(response) == b"Dear all"
        logged = PetitionLogEntry.objects.get(action="wagtail_petition.add_outcome")
        assert logged.data == {"delivery": delivery.pk, "outcome": outcome.pk}

    def test_a_later_one_is_the_status_and_the_earlier_stays(self, organiser, delivery, record):
        record(kind="promised", day=DAY + timedelta(days=1))
        record(kind="waiting", day=DAY)
        context = organiser.get(url("detail", delivery)).context
        assert context["outcome"].kind == "promised"
        recorded = [event.outcome.kind for event in context["history"] if event.outcome]
        assert recorded == ["waiting", "promised"]

    @pytest.mark.parametrize(
        ("values", "message"),
        [
            ({"kind": ""}, "This field is required."),
            ({"day": "2026-11-02"}, "The date can’t be before the delivery was handed over."),
            ({"text-en": "x" * 1001}, "at most 1000 characters"),
        ],
    )
    def test_what_is_wrong_is_said(self, organiser, delivery, values, message):
        response = organiser.post(url("add_outcome", delivery), form(**values))
        assert message in response.text
        assert not DeliveryOutcome.objects.exists()

    def test_not_in_the_future(self, organiser, delivery):
        day = (local_date() + timedelta(days=1)).isoformat()
        response = organiser.post(url("add_outcome", delivery), form(day=day))
        assert "The date can’t be in the future." in response.text

    def test_not_before_it_was_handed_over(self, organiser, page, delivery):
        ready = Delivery.objects.create(
            petition=page.petition, state="ready", last_number=1, recipient="Other"
        )
        assert organiser.get(url("add_outcome", ready)).status_code == 404
        with pytest.raises(lifecycle.WrongState):
            outcomes.add(ready, user=None, kind="done", day=DAY, texts={})

    def test_erasing_leaves_what_happened_and_when(self, organiser, client, page, delivery, record):
        letter = SimpleUploadedFile("reply.pdf", b"Dear all")
        outcome = record(texts={"en": "Says Mr. Smith"}, document=letter, is_public=True)
        path = outcome.document
        b"".join(organiser.get(url("outcome_document", delivery, outcome.pk)))
        erase = url("erase_outcome", delivery, outcome.pk)
        assert "Says Mr. Smith" in organiser.get(erase).text
        organiser.post(erase)
        assert not private_storage().exists(path)
        for html in (organiser.get(url("detail", delivery)).text, client.get(page.url).text):
            assert "Mr. Smith" not in html
            assert "reply.pdf" not in html
            assert "Answered" in html
        assert str(lifecycle.ERASED_BEFORE) in organiser.get(erase, follow=True).text

    def test_the_document_is_no_orphan(self, record, clock):
        outcome = record(document=SimpleUploadedFile("reply.pdf", b"Dear all"))
        clock.forward(hours=2)
        expiry.delete_orphans()
        assert private_storage().exists(outcome.document)


class TestInPublic:
    def test_only_if_the_organiser_ticks_it(self, client, page, organiser, delivery):
        text = {"text-en": "She will read it."}
        organiser.post(url("add_outcome", delivery), form(**text))
        assert "She will read it." not in client.get(page.url).text
        outcome = delivery.outcomes.get()
        organiser.post(url("show_outcome", delivery, outcome.pk))
        html = client.get(page.url).text
        assert "Promised by <bdi>Jane Doe</bdi>" in html
        assert "She will read it." in html
        # The delivery itself isn't shown.
        assert "delivered to" not in html
        organiser.post(url("show_outcome", delivery, outcome.pk))
        assert "She will read it." not in client.get(page.url).text
        names = PetitionLogEntry.objects.order_by("pk").values_list("action", flat=True)
        assert [*names][-2:] == ["wagtail_petition.show_outcome", "wagtail_petition.hide_outcome"]

    def test_the_newest_is_the_status_and_all_are_in_the_timeline(
        self, client, make_page, make_signature
    ):
        page = make_page(body=[("timeline", {"events": []})])
        make_signature(page)
        delivery = Delivery.objects.create(
            petition=page.petition, state="delivered", last_number=1, recipient="A & B",
            delivered_on=date(2026, 11, 3),
        )  # fmt: skip
        for kind, day in (("done", DAY + timedelta(days=2)), ("promised", DAY)):
            outcomes.add(delivery, user=None, kind=kind, day=day, texts={}, is_public=True)
        html = client.get(page.url).text
        card, _, timeline = html.partition("petition-events")
        assert "Done by <bdi>A &amp; B</bdi>" in card
        assert "Promised" not in card
        assert timeline.index("Promised by") < timeline.index("Done by")

    def test_in_the_language_of_the_page_or_else_of_the_source(
        self, client, page, translated, record
    ):
        record(texts={"en": "She will read it.", "it": "Lo leggerà."}, is_public=True)
        html = client.get(translated.url).text
        assert "Lo leggerà." in html
        assert "She will read it." not in html
        record(texts={"en": "She has read it."}, day=DAY + timedelta(days=1), is_public=True)
        assert (
            '<div lang="en" dir="auto"><p>She has read it.</p></div>'
            in client.get(translated.url).text
        )
        assert "<div><p>She has read it.</p></div>" in client.get(page.url).text

    def test_a_change_is_seen_at_once(self, client, page, delivery, record):
        before = Petition.objects.get().public_version
        record()
        assert Petition.objects.get().public_version == before
        record(is_public=True)
        assert Petition.objects.get().public_version == before + 1

    def test_its_document(self, client, page, record):
        letter = SimpleUploadedFile("reply.html", b"<script>alert(1)</script>")
        hidden = record(document=letter)
        shown = record(document=letter, is_public=True)

        def get(outcome):
            address = "wagtail_petition:outcome_document"
            return client.get(reverse(address, args=[page.petition_key, outcome.pk]))

        assert get(hidden).status_code == 404
        response = get(shown)
        assert b"".join(response) == b"<script>alert(1)</script>"
        assert response["Content-Disposition"].startswith("attachment")
        assert response["Content-Type"] == "application/octet-stream"
        assert response["X-Content-Type-Options"] == "nosniff"
        assert reverse("wagtail_petition:outcome_document", args=[page.petition_key, shown.pk]) in (
            client.get(page.url).text
        )
        PageViewRestriction.objects.create(page=page, restriction_type="login")
        assert get(shown).status_code == 404

    def test_in_the_api(self, client, page, record):
        record(texts={"en": "Not for all"})
        shown = record(is_public=True, document=SimpleUploadedFile("reply.pdf", b"Dear all"))
        data = client.get(f"/api/v2/pages/{page.pk}/", {"format": "json"}).json()
        (found,) = data["outcomes"]
        document = found.pop("document")
        assert document.startswith("http")
        assert document.endswith(
            reverse("wagtail_petition:outcome_document", args=[page.petition_key, shown.pk])
        )
        assert found == {
            "recipient": "Jane Doe",
            "outcome": "answered",
            "date": "2026-11-05",
            "text": "She will read it.",
            "language": "en",
        }


class TestUpdates:
    @pytest.fixture
    def writer(self, deborah, page):
        """May also add pages below the petition's."""
        add = Permission.objects.get(content_type__app_label="wagtailcore", codename="add_page")
        group = deborah.groups.get()
        GroupPagePermission.objects.create(group=group, page=page, permission=add)

    @pytest.mark.usefixtures("writer")
    def test_the_editor_opens_with_what_was_recorded(self, organiser, page, delivery, record):
        outcome = record(texts={"en": "She will <read> it.\n\nAll of it."})
        address = url("outcome_update", delivery, outcome.pk)
        assert address in organiser.get(url("detail", delivery)).text
        response = organiser.get(address)
        draft = response.context["form"].instance
        assert draft.title == "Answered by Jane Doe"
        assert draft.date == DAY
        (block,) = draft.body
        assert block.value.source == "<p>She will &lt;read&gt; it.</p>\n\n<p>All of it.</p>"
        # Saving is Wagtail's own.
        add = reverse(
            "wagtailadmin_pages:add", args=["wagtail_petition", "petitionupdatepage", page.pk]
        )
        assert f'action="{add}"' in response.text
        assert not PetitionUpdatePage.objects.exists()

    def test_for_those_who_may_add_pages(self, organiser, delivery, record):
        address = url("outcome_update", delivery, record().pk)
        assert organiser.get(address).status_code == 404
        assert address not in organiser.get(url("detail", delivery)).text
