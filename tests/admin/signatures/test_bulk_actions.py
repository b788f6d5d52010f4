"""Bulk actions: the meaning of "all", permissions, and large numbers."""

from urllib.parse import urlencode

import pytest
from django.urls import reverse

from wagtail_petition import jobs, ledger
from wagtail_petition.models import BulkAct, PetitionLogEntry, Signature
from wagtail_petition.moderation import bulk

Status = Signature.Status


def url(action, **query):
    address = reverse("wagtail_bulk_action", args=["wagtail_petition", "signature", action])
    return f"{address}?{urlencode(query, doseq=True)}"


@pytest.fixture
def many(make_signature):
    """Six signatures of one petition: four from Italy, two from Spain."""
    return [
        make_signature(
            email=f"n{n}@example.org", given_name=f"N{n}", country="ES" if n > 3 else "IT"
        )
        for n in range(6)
    ]


@pytest.fixture
def foreign(other_page, make_signature):
    """A signature of the other petition."""
    return make_signature(other_page, email="foreign@example.org")


def statuses():
    return dict(Signature.objects.order_by("pk").values_list("given_name", "status"))


def test_chosen_ones(log_in, manager, page, many):
    client = log_in(manager)
    address = url("invalidate", id=[many[0].pk, many[5].pk])
    html = client.get(address).content.decode()
    assert "2 signatures" in html
    assert "N5" in html
    response = client.post(address, {"reason": "Copied from a phone book"}, follow=True)
    assert "2 signatures invalidated." in response.content.decode()
    assert [name for name, status in statuses().items() if status == "invalidated"] == ["N0", "N5"]
    page.petition.refresh_from_db()
    assert page.petition.signature_count == 4
    entry = PetitionLogEntry.objects.get(action="wagtail_petition.invalidate")
    assert entry.petition == page.petition
    assert entry.user == manager
    assert entry.data == {
        "count": 2,
        "filter": {"chosen": 2},
        "reason": "Copied from a phone book",
    }


def test_all_is_what_matches_in_ones_scope(log_in, manager, many, foreign):
    log_in(manager).post(url("invalidate", id="all", country="IT"))
    assert [n for n, s in statuses().items() if s == "invalidated"] == ["N0", "N1", "N2", "N3"]
    foreign.refresh_from_db()
    assert foreign.status == Status.CONFIRMED


def test_all_that_match_a_search_leaves_no_trace_of_the_words(log_in, manager, many):
    log_in(manager).post(url("invalidate", id="all", q="n2@example.org"))
    assert [n for n, s in statuses().items() if s == "invalidated"] == ["N2"]
    assert PetitionLogEntry.objects.get(action__endswith="invalidate").data == {
        "count": 1,
        "filter": {"search": True},
    }
    assert not BulkAct.objects.get().query


@pytest.mark.parametrize("broken", [{"country": "XX"}, {"signed_from": "soon"}, {"q": "\x00"}])
def test_a_filter_that_is_not_understood_selects_nothing(log_in, manager, many, broken):
    sure = {"reason": "Spam", "number": "6"}
    log_in(manager).post(url("erase", id="all", **broken), sure)
    assert set(statuses().values()) == {"confirmed"}


def test_foreign_ids_are_not_there(log_in, manager, many, foreign):
    html = log_in(manager).get(url("erase", id=[foreign.pk])).content.decode()
    assert "0 signatures" in html
    sure = {"reason": "Spam", "number": "1"}
    log_in(manager).post(url("erase", id=[foreign.pk, many[0].pk]), sure)
    foreign.refresh_from_db()
    assert foreign.email == "foreign@example.org"
    many[0].refresh_from_db()
    assert many[0].email == ""


class TestErasing:
    """Erasing needs a reason and the number, since it can't be undone."""

    @pytest.mark.parametrize(
        ("sent", "said"),
        [
            ({"number": "6"}, "This field is required."),
            ({"reason": "Spam"}, "This field is required."),
            ({"reason": "Spam", "number": "5"}, "Type 6, the number of signatures"),
            ({"reason": "Spam", "number": "all"}, "Type 6, the number of signatures"),
            ({"reason": "Spam", "number": "6six"}, "Type 6, the number of signatures"),
        ],
    )
    def test_without_them_nothing_is_done(self, log_in, manager, many, sent, said):
        response = log_in(manager).post(url("erase", id="all"), sent)
        assert said in response.text
        assert "Yes, erase 6 signatures" in response.text
        assert set(statuses().values()) == {"confirmed"}

    @pytest.mark.parametrize("number", ["6", " 6 ", "٦"])
    def test_with_them_it_is_done(self, log_in, manager, many, number):
        sent = {"reason": "Spam", "number": number}
        response = log_in(manager).post(url("erase", id="all"), sent, follow=True)
        assert "6 signatures erased." in response.text
        assert PetitionLogEntry.objects.get(action__endswith="erase").data["reason"] == "Spam"

    def test_one_more_has_signed_meanwhile(self, log_in, manager, many, make_signature):
        make_signature(email="late@example.org", given_name="Late")
        sent = {"reason": "Spam", "number": "6"}
        assert "Type 7" in log_in(manager).post(url("erase", id="all"), sent).text
        assert set(statuses().values()) == {"confirmed"}


@pytest.mark.parametrize("ids", [["x"], ["\x00"], ["9" * 30], ["-1"], [], ["٣"]])
def test_ids_that_are_none(log_in, manager, many, ids):
    assert log_in(manager).get(url("invalidate", id=ids)).status_code == 200
    assert log_in(manager).post(url("invalidate", id=ids)).status_code == 302
    assert set(statuses().values()) == {"confirmed"}


def test_hundreds_of_ids(log_in, manager, many):
    ids = [*range(10**6, 10**6 + 900), many[0].pk]
    assert "1 signature" in log_in(manager).get(url("invalidate", id=ids)).content.decode()
    log_in(manager).post(url("invalidate", id=ids))
    assert statuses()["N0"] == "invalidated"


def test_ten_thousand_ids_are_refused(log_in, manager, many):
    """Django accepts a thousand fields, in URLs too."""
    ids = [*range(10**6, 10**6 + 10_000), many[0].pk]
    assert log_in(manager).post(url("invalidate", id=ids)).status_code == 400
    assert set(statuses().values()) == {"confirmed"}


@pytest.mark.parametrize("action", ["invalidate", "restore", "resend", "erase", "export"])
def test_without_the_permission_it_is_not_there(log_in, viewer, many, action):
    client = log_in(viewer)
    assert client.get(url(action, id="all")).status_code == 404
    assert client.post(url(action, id="all")).status_code == 404


def test_the_foot_shows_what_one_may_do(log_in, viewer, manager):
    address = reverse("petition_signatures:index") + "?status="
    assert "data-bulk-action-button" not in log_in(viewer).get(address).content.decode()
    html = log_in(manager).get(address).content.decode()
    assert html.count("data-bulk-action-button") == 4
    assert url("export").rstrip("?") not in html


def test_restore_leaves_out_who_was_erased(log_in, manager, page, many):
    pks = [signature.pk for signature in many[:2]]
    ledger.invalidate(pks, petition=page.petition)
    ledger.erase(pks[:1], petition=page.petition)
    log_in(manager).post(url("restore", id=pks))
    assert Signature.objects.get(pk=pks[0]).status == Status.WITHDRAWN
    assert Signature.objects.get(pk=pks[1]).status == Status.CONFIRMED


@pytest.mark.django_db(transaction=True)
def test_resend_reaches_attempts_alone(log_in, manager, make_signature, mailoutbox):
    make_signature(email="yes@example.org")
    make_signature(email="not-yet@example.org", confirm=False)
    mailoutbox.clear()
    log_in(manager).post(url("resend", id="all"))
    assert [mail.to for mail in mailoutbox] == [["not-yet@example.org"]]


class TestMany:
    """More signatures than one request should change."""

    @pytest.fixture(autouse=True)
    def _small(self, monkeypatch, settings):
        settings.WAGTAIL_PETITION = {"BACKGROUND": "worker"}
        monkeypatch.setattr(bulk, "AT_ONCE", 1)
        monkeypatch.setattr(bulk, "SIGNATURES_AT_ONCE", 2)

    def start(self, client):
        response = client.post(url("invalidate", id="all", country="IT"))
        act = BulkAct.objects.get()
        assert response["Location"] == reverse("petition_signatures:bulk_action", args=[act.pk])
        return act, response["Location"]

    def test_the_work_is_done_in_the_background(self, log_in, manager, page, many):
        client = log_in(manager)
        _act, progress = self.start(client)
        html = client.get(progress).content.decode()
        assert "0 of 4 signatures" in html
        assert "data-petition-live" in html
        assert set(statuses().values()) == {"confirmed"}
        jobs.work_off()
        assert "4 signatures invalidated." in client.get(progress).content.decode()
        page.petition.refresh_from_db()
        assert page.petition.signature_count == 2
        assert PetitionLogEntry.objects.get(action__endswith="invalidate").data["count"] == 4
        jobs.work_off()
        assert PetitionLogEntry.objects.filter(action__endswith="invalidate").count() == 1

    def test_stopping_keeps_what_was_done(self, log_in, manager, many):
        client = log_in(manager)
        act, progress = self.start(client)
        bulk._do_batch(act)
        client.post(progress)
        jobs.work_off()
        assert list(statuses().values()).count("invalidated") == 2
        entry = PetitionLogEntry.objects.get(action__endswith="invalidate")
        assert entry.data["count"] == 2

    def test_two_workers_do_each_batch_once(self, log_in, manager, many):
        act, _progress = self.start(log_in(manager))
        bulk._do_batch(act)
        bulk._do_batch(act)  # a second worker, which still sees the same position
        assert BulkAct.objects.get().count == 2
        jobs.work_off()
        assert BulkAct.objects.get().count == 4

    def test_signing_meanwhile_is_not_caught(self, log_in, manager, many, make_signature):
        self.start(log_in(manager))
        make_signature(email="late@example.org", given_name="Late")
        jobs.work_off()
        assert statuses()["Late"] == "confirmed"

    def test_rights_taken_away_meanwhile_count(self, log_in, manager, many):
        self.start(log_in(manager))
        manager.groups.clear()
        jobs.work_off()
        assert set(statuses().values()) == {"confirmed"}
        assert BulkAct.objects.get().state == BulkAct.State.DONE

    def test_progress_is_ones_own(self, log_in, manager, exporter, superuser, many):
        _act, progress = self.start(log_in(manager))
        assert log_in(exporter).get(progress).status_code == 404
        assert log_in(exporter).post(progress).status_code == 404
        assert log_in(superuser).get(progress).status_code == 200
