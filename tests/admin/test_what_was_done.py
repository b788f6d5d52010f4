"""Every action in the admin shows a message on what was done, or why not."""

from html import unescape

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse

from wagtail_petition import jobs, ledger
from wagtail_petition.delivery import build
from wagtail_petition.exports import export
from wagtail_petition.models import (
    BlockRule,
    BulkAct,
    Delivery,
    Invalidation,
    Signature,
    SignatureExport,
)
from wagtail_petition.moderation import bulk


@pytest.fixture(autouse=True)
def _private_files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def later(settings):
    """Background work is done only by ``jobs.work_off``."""
    settings.WAGTAIL_PETITION = {"BACKGROUND": "worker"}


@pytest.fixture
def do(log_in, superuser):
    """Post to a URL. Returns the messages: [(level, text)]."""
    client = log_in(superuser)

    def do(url, args=(), query="", **data):
        response = client.post(reverse(url, args=args) + query, data)
        assert response.status_code == 302, response.context["form"].errors
        told = [
            (m.level_tag, unescape(str(m)).strip()) for m in get_messages(response.wsgi_request)
        ]
        client.get(reverse("wagtailadmin_home"))
        return [(level, text.partition("<")[0].strip()) for level, text in told]

    return do


@pytest.fixture
def delivery(page, make_signature):
    """One that is ready."""
    make_signature(wants_news=True)
    Delivery.objects.create(
        petition=page.petition,
        last_number=1,
        recipient="Jane Doe",
        language="en",
        columns=["number"],
        formats=["csv"],
    )
    build.build_queued()
    return Delivery.objects.get()


def test_paper(do, page):
    said = do("petitions:offline", [page.petition.pk], number="350", day="2026-06-01")
    assert said == [("success", "350 paper signatures added.")]


def test_restoring_a_page(do, page, home, make_signature):
    make_signature()
    petition = page.petition
    page.delete()
    kind = "wagtail_petition.petitionpage"
    said = do("petitions:recreate_page", [petition.pk], page_type=kind, parent=home.pk)
    assert said == [
        ("success", "Draft created from the last signed text. Complete it and publish.")
    ]


class TestDeliveries:
    def test_adding(self, do, page, make_signature):
        make_signature()
        said = do(
            "petition_deliveries:add",
            [page.petition.pk],
            **{"step": "create", "recipient": "Jane Doe", "which": "new"},
            **{"language": "en", "preset": "names", "order": "number", "formats": ["csv"]},
            **{"paper": "a4", "cover_letter": "Dear {recipient}"},
        )
        assert said == [("success", "1 delivery added. It is being prepared.")]

    def test_cancelling(self, do, delivery):
        said = do("petition_deliveries:cancel", [delivery.pk])
        assert said == [("success", "Delivery cancelled. Its files have been deleted.")]
        said = do("petition_deliveries:cancel", [delivery.pk])
        assert said == [("error", "This delivery has already been delivered or cancelled.")]

    def test_rebuilding(self, do, delivery):
        said = do("petition_deliveries:detail", [delivery.pk], action="rebuild")
        assert said == [("success", "Rebuild started. The delivery is being prepared.")]

    def test_retrying(self, do, delivery):
        said = do("petition_deliveries:detail", [delivery.pk], action="try_again")
        assert said == [("error", "Only failed deliveries can be retried.")]
        Delivery.objects.update(state="failed")
        said = do("petition_deliveries:detail", [delivery.pk], action="try_again")
        assert said == [("success", "Retry started. The delivery is being prepared.")]

    def test_handing_over(self, do, delivery):
        said = do("petition_deliveries:handover", [delivery.pk], delivered_on="2026-11-03")
        assert said == [("success", "Delivery marked as delivered.")]

    def test_handing_over_and_telling(self, do, delivery):
        said = do(
            *("petition_deliveries:handover", [delivery.pk]),
            delivered_on="2026-11-03",
            tells_signers="on",
        )
        assert said == [("success", "Delivery marked as delivered. 1 signer will be notified.")]


class TestInvalidations:
    @pytest.fixture
    def invalidation(self, page, make_signature, later):
        make_signature()
        return Invalidation.objects.create(
            petition=page.petition, domain="example.org", reason="Spam", until=1
        )

    def test_adding(self, log_in, superuser, do, page, make_signature):
        make_signature()
        url = reverse("petition_invalidations:add", args=[page.petition.pk])
        rule = {"domain": "example.org", "reason": "Spam"}
        shown = log_in(superuser).post(url, rule).context["shown"]
        said = do(
            *("petition_invalidations:add", [page.petition.pk]), shown=shown, confirm="1", **rule
        )
        assert said == [("success", "Bulk invalidation started.")]

    def test_the_rest(self, do, invalidation):
        def act(name):
            return do("petition_invalidations:detail", [invalidation.pk], action=name)

        assert act("stop") == [("success", "Bulk invalidation stopped.")]
        assert act("stop") == [
            ("warning", "You can’t do this: the bulk invalidation is “Stopped”.")
        ]
        assert act("resume") == [("success", "Bulk invalidation resumed.")]
        jobs.work_off()
        assert act("undo") == [("success", "Restoring has started.")]


def test_one_signature(do, make_signature):
    signature = make_signature()

    def act(action, **data):
        return do("petition_signatures:action", [signature.pk, action], **data)

    assert act("invalidate") == [("success", "1 signature invalidated.")]
    assert act("restore") == [("success", "1 signature restored.")]
    assert act("withdraw") == [("success", "Signature erased.")]
    signature = make_signature(confirm=False, email="b@example.org")
    assert act("resend") == [("success", "1 email will be sent.")]
    assert act("confirm", reason="By phone") == [("success", "1 signature confirmed.")]


def test_many_signatures(do, make_signature):
    make_signature()
    make_signature(email="b@example.org")

    def act(action, **data):
        return do(
            "wagtail_bulk_action", ["wagtail_petition", "signature", action], "?id=all", **data
        )

    assert act("invalidate") == [("success", "2 signatures invalidated.")]
    assert act("restore") == [("success", "2 signatures restored.")]
    assert act("erase", reason="Spam", number="2") == [("success", "2 signatures erased.")]


def test_stopping_a_bulk_action(do, make_signature, monkeypatch, later):
    monkeypatch.setattr(bulk, "AT_ONCE", 0)
    make_signature()
    do("wagtail_bulk_action", ["wagtail_petition", "signature", "invalidate"], "?id=all")
    act = BulkAct.objects.get()
    said = do("petition_signatures:bulk_action", [act.pk])
    assert said == [("success", "Bulk action stopped. 0 signatures invalidated.")]
    assert do("petition_signatures:bulk_action", [act.pk]) == []


def test_exports(do, superuser, make_signature, monkeypatch, later):
    monkeypatch.setattr(export, "AT_ONCE", 0)
    make_signature()
    chosen = {"format": "csv", "columns": ["number"]}
    assert do("petition_signatures:export", **chosen) == [("success", "Export started.")]
    superuser.email = "superuser@example.org"
    superuser.save()
    said = do("petition_signatures:export", **chosen)
    assert said == [("success", "Export started. We’ll email you when the file is ready.")]
    made = SignatureExport.objects.latest("pk")
    stop = ("petition_signatures:export_progress", [made.pk])
    assert do(*stop) == [("success", "Export stopped.")]
    assert do(*stop) == []


def test_messages(do, make_signature):
    signature = make_signature(message="For my children.")
    said = do("petition_messages:index", show=signature.pk)
    assert said == [("success", "Message approved.")]
    said = do("petition_messages:index", query="?state=shown", hide=signature.pk)
    assert said == [("success", "Message rejected.")]


def test_block_rules(do, page):
    rule = {
        "kind": "domain",
        "value": "example.org",
        "effect": "block",
        "tried": "domain example.org",
    }
    (said,) = do("petition_block_rules:add", **rule)
    assert said == ("success", "Block rule 'Email domain: example.org' created.")
    made = BlockRule.objects.get()
    (said,) = do("petition_block_rules:edit", [made.pk], **rule, note="Spam")
    assert said == ("success", "Block rule 'Email domain: example.org' updated.")
    (said,) = do("petition_block_rules:delete", [made.pk])
    assert said == ("success", "Block rule 'Email domain: example.org' deleted.")


class TestHistory:
    """The history has one entry per action, with its user."""

    @pytest.fixture
    def events(self, log_in, superuser):
        def events(signature):
            client = log_in(superuser)
            url = reverse("petition_signatures:inspect", args=[signature.pk])
            return [(e.what, e.who, e.why) for e in client.get(url).context["events"]]

        return events

    def test_by_hand(self, do, events, make_signature):
        signature = make_signature(confirm=False)
        act = "petition_signatures:action"
        do(act, [signature.pk, "confirm"], reason="By phone")
        do(act, [signature.pk, "invalidate"], reason="A joke")
        expected = [
            ("Signed", "", ""),
            ("Confirmed manually", "superuser", "By phone"),
            ("Invalidated", "superuser", "A joke"),
        ]
        assert events(signature) == expected
        do(act, [signature.pk, "restore"])
        expected.append(("Restored", "superuser", ""))
        assert events(signature) == expected

    def test_by_rule_after_by_hand(self, do, events, page, make_signature):
        signature = make_signature()
        act = "petition_signatures:action"
        do(act, [signature.pk, "invalidate"])
        do(act, [signature.pk, "restore"])
        invalidation = Invalidation.objects.create(
            petition=page.petition, domain="example.org", reason="Spam", until=1
        )
        jobs.work_off()
        invalidation.refresh_from_db()
        assert [event[0] for event in events(signature)] == [
            *("Signed", "Confirmed", "Invalidated", "Restored", "Invalidated"),
        ]
        assert events(signature)[-1] == ("Invalidated", "", "Spam")

    def test_erased(self, do, events, make_signature):
        signature = make_signature()
        do("petition_signatures:action", [signature.pk, "withdraw"])
        assert [event[0] for event in events(signature)] == [
            *("Signed", "Confirmed", "Erased on request")
        ]

    def test_by_the_signer(self, events, make_signature):
        signature = make_signature()
        ledger.withdraw(signature)
        assert Signature.objects.get().status == "withdrawn"
        assert [event[0] for event in events(signature)] == ["Signed", "Confirmed", "Withdrawn"]
