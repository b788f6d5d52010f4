"""After an upgrade, editors and organisers miss nothing: pages, deliveries, exports, history."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from tests.helpers import path_in
from tests.testapp.models import CampaignPage
from wagtail_petition import jobs
from wagtail_petition.delivery import lifecycle
from wagtail_petition.models import (
    Delivery,
    PetitionLogEntry,
    Signature,
    SignatureExport,
    SignedText,
)
from wagtail_petition.models.terms import months
from wagtail_petition.storage import private_storage

from .reading import as_shown, emails_to


def test_every_migration_is_applied():
    call_command("migrate", check=True, verbosity=0)


class TestPages:
    @pytest.mark.parametrize(
        ("language", "texts"),
        [
            (
                "en",
                [
                    "Stop separating families",
                    "Families belong together.",
                    "We ask you to stop separating children from their parents.",
                    "What happened",
                    "The policy is announced",
                    "By two mothers.",
                    "Background",
                    "Our home page",
                    "Why this matters",
                    "Seán O’Neill",
                    "Every name counts.",
                    "How can you help?",
                    "Collect signatures",
                    "Citizens’ Union",
                    "5 signatures delivered to Jane Doe",
                ],
            ),
            (
                "it",
                [
                    "Basta separare le famiglie",
                    "Le famiglie devono restare unite.",
                    "Le chiediamo di non separare più i bambini dai genitori.",
                    "Cosa è successo",
                    "La misura è annunciata",
                    "Per saperne di più",
                    "La nostra pagina iniziale",
                    "Come puoi aiutare?",
                    "Raccogliere firme",
                ],
            ),
        ],
    )
    def test_are_shown_with_all_that_was_on_them(self, client, pages, language, texts):
        shown = as_shown(client.get(pages[language].url))
        assert [text for text in texts if text not in shown] == []

    @pytest.mark.parametrize("language", ["en", "it"])
    def test_can_be_edited(self, boss, pages, language):
        response = boss.get(reverse("wagtailadmin_pages:edit", args=[pages[language].pk]))
        assert response.status_code == 200

    def test_can_be_published_again(self, client, pages):
        page = pages["en"].get_latest_revision_as_object()
        page.title = "Stop it now"
        page.save_revision().publish()
        shown = as_shown(client.get(pages["en"].url))
        assert "Stop it now" in shown
        assert "The policy is announced" in shown

    def test_the_petition_says_what_its_source_page_said(self, petition, pages):
        source = pages["en"]
        for page in pages.values():
            assert page.terms.closes_at == source.closes_at
            assert page.terms.retention_months == 9
            assert page.terms.goal == 500
            assert page.terms.ask_postcode == page.terms.ask_message == "optional"
        assert petition.titles == {
            "en": "Stop separating families",
            "it": "Basta separare le famiglie",
        }
        assert petition.source_language == "en"
        assert petition.organisation == "Citizens’ Union"

    def test_the_promise_of_when_data_is_erased_is_kept(self, petition):
        texts = SignedText.objects.filter(title__in=petition.titles.values())
        assert ["Dec. 30, 2027" in text.consent for text in texts if text.language == "en"] == [
            True
        ]
        promised = [text.due_at(petition) for text in texts]
        assert {str(timezone.localtime(moment).date()) for moment in promised} == {"2027-12-30"}

    def test_so_are_promised_months_if_the_retention_is_lengthened(self):
        campaign = CampaignPage.objects.get()
        campaign.closes_at = timezone.now() + timedelta(days=10)
        campaign.retention_months = 24
        campaign.save_revision().publish()
        [text] = SignedText.objects.filter(title=campaign.title)
        assert "6 months after the petition ends" in text.consent
        assert text.due_at(campaign.petition) == campaign.closes_at + months(6)

    def test_a_page_type_of_the_sites_own(self, client, boss, post, mailoutbox):
        campaign = CampaignPage.objects.get()
        assert "How urgent?" in as_shown(client.get(campaign.url))
        [question] = campaign.questions
        answers = {"phone": "555 9876", f"q_{question.id}": "4"}
        assert post(to=campaign, email="new@example.org", **answers).status_code == 303
        [mail] = emails_to(mailoutbox, "new@example.org")
        assert client.post(path_in(mail, "confirm")).status_code == 303
        assert campaign.petition.signatures.get(email="new@example.org").number == 2
        first = campaign.petition.signatures.get(number=1)
        response = boss.get(reverse("petition_signatures:inspect", args=[first.pk]))
        facts = dict(response.context["facts"])
        assert (facts["Phone"], facts["How urgent?"]) == ("555 1234", 5)


class TestDeliveries:
    @pytest.fixture
    def delivered(self):
        return Delivery.objects.get(state=Delivery.State.DELIVERED)

    def test_all_are_listed(self, boss):
        shown = as_shown(boss.get(reverse("petition_deliveries:index")))
        for name in ("Jane Doe", "Mario Rossi", "Parliament"):
            assert name in shown

    @pytest.mark.parametrize("recipient", ["Jane Doe", "Mario Rossi"])
    def test_their_files_are_there_and_hold(self, boss, recipient, capsys):
        delivery = Delivery.objects.get(recipient=recipient)
        shown = boss.get(reverse("petition_deliveries:detail", args=[delivery.pk])).text
        for file in delivery.files.all():
            url = reverse("petition_deliveries:download", args=[delivery.pk, file.pk])
            assert url in shown
            assert len(b"".join(boss.get(url).streaming_content)) == file.size
        archive = delivery.files.get(name__endswith=".zip")
        call_command("verify_delivery", private_storage().path(archive.path))
        out = capsys.readouterr().out
        assert f"Made here for {recipient}" in out
        assert "Everything holds." in out

    def test_what_was_delivered_is_not_delivered_again(self, delivered, petition):
        again = Delivery.objects.create(
            petition=petition,
            last_number=petition.last_number,
            recipient=delivered.recipient,
            language="en",
            columns=["number"],
            formats=["csv"],
        )
        jobs.work_off()
        again.refresh_from_db()
        assert again.state == Delivery.State.READY
        assert again.count == petition.signature_count - delivered.count

    def test_one_that_is_ready_can_be_handed_over(self, boss):
        ready = Delivery.objects.get(state=Delivery.State.READY)
        url = reverse("petition_deliveries:handover", args=[ready.pk])
        assert boss.post(url, {"delivered_on": "2026-11-24"}).status_code == 302
        ready.refresh_from_db()
        assert ready.state == Delivery.State.DELIVERED

    def test_one_that_failed_can_be_made_again(self, django_capture_on_commit_callbacks):
        failed = Delivery.objects.get(state=Delivery.State.FAILED)
        with django_capture_on_commit_callbacks(execute=True):
            lifecycle.try_again(failed)
        failed.refresh_from_db()
        assert (failed.state, failed.error) == (Delivery.State.READY, "")

    def test_an_export_can_be_downloaded_until_it_expires(self, boss):
        made = SignatureExport.objects.get()
        url = reverse("petition_signatures:export_download", args=[made.pk])
        file = b"".join(boss.get(url).streaming_content).decode("utf-8-sig")
        assert len(file.splitlines()) == made.total + 1


class TestHistory:
    def test_says_who_did_what_and_why(self, boss):
        signature = Signature.objects.get(email="maeve@gmail.com")
        shown = as_shown(boss.get(reverse("petition_signatures:inspect", args=[signature.pk])))
        for text in ("Lucía Núñez", "Invalidated", "Looked like a double", "Restored"):
            assert text in shown

    def test_of_the_site_has_every_entry_in_words(self, boss):
        shown = as_shown(boss.get(reverse("wagtailadmin_reports:site_history")))
        for entry in PetitionLogEntry.objects.all():
            assert entry.label in shown
            assert str(entry.message) in shown
            assert "wagtail_petition" not in str(entry.message)
