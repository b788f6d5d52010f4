"""After an upgrade, signers miss nothing: signatures, links, emails, and what is refused."""

import re
from html import unescape
from urllib.parse import urlencode

import pytest
from django.urls import reverse

from wagtail_petition import jobs, ledger
from wagtail_petition.mail.opt_out import is_opted_out
from wagtail_petition.models import (
    BlockRule,
    Invalidation,
    OutgoingEmail,
    Petition,
    Signature,
    SignedText,
    Tally,
)
from wagtail_petition.moderation import invalidation

from .database import DATA, old_rows
from .reading import as_shown, emails_to, recipient_of

LINKS = DATA["links"]


class TestSignatures:
    def test_all_are_there_as_they_were_given(self):
        # Set by migrations, and tested below by their effect.
        keys = {"name_key", "family_key", "email_key", "email_domain"}
        old = old_rows(Signature)
        assert {fields["status"] for fields in old.values()} == set(Signature.Status)
        fields = [name for name in next(iter(old.values())) if name not in keys]
        for signature in Signature.objects.all():
            was = old.pop(signature.pk)
            for name in fields:
                field = Signature._meta.get_field(name)
                target = getattr(field, "target_field", field)
                value = field.value_from_object(signature)
                assert value == target.to_python(was[name]), (signature.pk, name)
        assert not old

    def test_counts_and_tallies_are_right(self, client, petition):
        for each in Petition.objects.all():
            was = old_rows(Petition)[each.pk]
            assert each.signature_count == was["signature_count"]
            assert each.last_number == was["last_number"]
            assert ledger.recount(each) == []
        assert Tally.objects.count() == len(old_rows(Tally))
        count = client.get(reverse("wagtail_petition:count", args=[petition.key])).json()["count"]
        assert count == petition.signature_count + 120

    def test_the_text_that_was_signed_is_kept(self):
        for text in SignedText.objects.all():
            was = old_rows(SignedText)[text.pk]
            assert (text.sha256, text.title, text.letter, text.consent, text.questions) == tuple(
                was[name] for name in ("sha256", "title", "letter", "consent", "questions")
            )

    def test_answers_are_shown_with_their_questions(self, boss):
        signature = Signature.objects.get(email="sean@example.org")
        response = boss.get(reverse("petition_signatures:inspect", args=[signature.pk]))
        facts = dict(response.context["facts"])
        assert facts["Your profession"] == "Nurse"
        assert "Translate" in str(facts["How can you help?"])

    @pytest.mark.parametrize(
        ("text", "found"),
        [
            ("oneill", {"Seán O'Neill", "Maeve O’Neill"}),
            ("O’Neill", {"Seán O'Neill", "Maeve O’Neill"}),
            ("nunez dangelo", {"José Nuñez-D’Angelo"}),
            ("zolc", {"Łukasz Żółć"}),
            ("odegard", {"Nora Ødegård"}),
            ("李", {"小龍 李"}),
            ("nora@me.com", {"Nora Ødegård"}),
            ("T12 X70A", {"Seán O'Neill"}),
        ],
    )
    def test_the_list_finds_them(self, boss, text, found):
        url = f"{reverse('petition_signatures:index')}?{urlencode({'status': '', 'q': text})}"
        assert set(re.findall(r"<bdi>([^<]*)</bdi>", unescape(boss.get(url).text))) == found

    def test_everybody_sees_who_let_their_name_be_shown(self, client, petition):
        shown = as_shown(client.get(reverse("wagtail_petition:signatures", args=[petition.key])))
        assert "Seán O." in shown
        assert "For my children’s sake." in shown
        assert "Spam, spam" not in shown
        assert "Nora" not in shown


class TestLinks:
    def test_one_to_confirm_still_confirms(self, client, petition, mailoutbox):
        assert "Dörte Müller" in as_shown(client.get(LINKS["confirm"]))
        assert client.post(LINKS["confirm"]).status_code == 303
        signature = Signature.objects.get(email="doerte@example.de")
        assert signature.number == petition.last_number + 1
        assert len(emails_to(mailoutbox, signature.email)) == 1

    def test_one_to_the_signature_still_shows_it_and_withdraws_it(self, client, petition):
        shown = as_shown(client.get(LINKS["manage"]))
        assert "Seán O'Neill" in shown
        assert "Nurse" in shown
        assert client.post(LINKS["manage"], {"withdraw": "1"}).status_code == 303
        assert Signature.objects.get(number=1, petition=petition).status == "withdrawn"
        assert ledger.recount(petition) == []

    def test_one_to_unsubscribe_still_leads_there(self, client):
        assert client.get(LINKS["unsubscribe"]).status_code == 200


class TestEmails:
    def test_what_waited_is_sent_once(self, mailoutbox):
        waiting = OutgoingEmail.objects.filter(kind__in=["confirm", "receipt"], state="due")
        wanted = sorted(waiting.values_list("signature__email", flat=True))
        assert wanted == ["anna@example.it", "asa@example.se"]
        jobs.send_mails()
        jobs.send_mails()
        assert sorted(map(recipient_of, mailoutbox)) == wanted

    def test_who_opted_out_stays_out(self):
        assert is_opted_out("quiet@me.com")


class TestRules:
    def test_none_names_an_address_any_more(self):
        addresses = BlockRule.objects.filter(kind="address")
        assert len(addresses) == 3
        assert not [rule for rule in addresses if "@" in rule.value]
        assert {rule.hint for rule in addresses} == {
            "d…@gmail.com",
            "p…@example.org",
            "t…@protonmail.com",
        }

    @pytest.mark.parametrize(
        ("email", "status"),
        [
            ("dora.rossi@gmail.com", 403),
            ("trouble@protonmail.com", 403),
            ("somebody@spam.example", 403),
            ("press@example.org", 303),
            ("somebody@example.org", 303),
        ],
    )
    def test_they_hold(self, post, pages, email, status):
        assert post(to=pages["en"], email=email).status_code == status

    def test_an_invalidation_can_be_taken_back(self, petition, django_capture_on_commit_callbacks):
        [made] = Invalidation.objects.all()
        with django_capture_on_commit_callbacks(execute=True):
            invalidation.undo(made)
        restored = petition.signatures.filter(email__endswith="@spam.example")
        assert {s.status for s in restored} == {"confirmed"}
        petition.refresh_from_db()
        assert petition.signature_count == old_rows(Petition)[petition.pk]["signature_count"] + 2
        assert ledger.recount(petition) == []

    def test_one_mailbox_that_signed_twice_keeps_both_and_gets_no_third(
        self, pages, petition, post, mailoutbox
    ):
        both = petition.signatures.filter(family_name="Żółć", status="confirmed")
        assert both.count() == 2
        post(to=pages["en"], email="l.ukasz@proton.me")
        assert not emails_to(mailoutbox, "l.ukasz@proton.me")
        [mail] = emails_to(mailoutbox, "lukasz@protonmail.com")
        assert mail.subject == "Hai già firmato: Basta separare le famiglie"
