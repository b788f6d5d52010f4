"""Organisers are told once that the goal or a milestone is reached."""

import re

import pytest
from django.contrib.auth import get_user_model
from wagtail.users.models import UserProfile

from tests.helpers import at_once, dump
from wagtail_petition import jobs, ledger
from wagtail_petition.mail import milestones, notice, queue, sender
from wagtail_petition.mail.opt_out import opt_out
from wagtail_petition.models import Notice, OutgoingEmail, Petition

pytestmark = pytest.mark.django_db
ADDRESSES = "maria@example.org\nPaolo <paolo@example.org>"


@pytest.fixture(autouse=True)
def _worker(settings):
    settings.WAGTAIL_PETITION = {**settings.WAGTAIL_PETITION, "BACKGROUND": "worker"}


@pytest.fixture
def watched(make_page):
    """A petition whose organisers want to know; arguments are fields."""

    def make(**fields):
        return make_page(
            **{"notify_milestones": True, "notify_addresses": ADDRESSES, "goal": 500, **fields}
        )

    return make


@pytest.fixture
def reach(mailoutbox):
    """Let a petition have a number of signatures; returns the emails that this causes."""

    def reach(page, number):
        mailoutbox.clear()
        Petition.objects.filter(key=page.petition_key).update(signature_count=number)
        jobs.send_mails()
        return [(mail.to[0], mail.subject) for mail in mailoutbox]

    return reach


def to_both(subject):
    return [(f"{name}@example.org", subject) for name in ("maria", "paolo")]


def test_each_milestone_and_the_goal_once(watched, reach):
    page = watched()
    assert reach(page, 99) == []
    assert reach(page, 100) == to_both("100 signatures: Stop separating families")
    assert reach(page, 100) == []
    assert reach(page, 500) == to_both("Goal reached: Stop separating families")
    assert reach(page, 1003) == to_both("1,000 signatures: Stop separating families")


def test_a_total_that_falls_and_rises_again_reaches_nothing_twice(watched, reach):
    page = watched()
    assert len(reach(page, 501)) == 2
    assert reach(page, 40) == []
    assert reach(page, 99) == []
    assert reach(page, 502) == []
    assert Notice.objects.count() == 1


def test_of_several_at_once_the_goal_or_the_highest(watched, reach):
    assert reach(watched(), 20_000) == to_both("Goal reached: Stop separating families")
    page = watched(goal=None)
    assert reach(page, 20_000) == to_both("10,000 signatures: Stop separating families")


def test_a_new_goal_is_reached_anew_but_not_one_below_the_total(watched, reach):
    page = watched()
    assert len(reach(page, 600)) == 2
    for goal, told in ((550, []), (700, [])):
        page.goal = goal
        page.save_revision().publish()
        assert reach(page, 600) == told
    assert reach(page, 700) == to_both("Goal reached: Stop separating families")


def test_switched_on_later_it_tells_what_comes_next(watched, reach):
    page = watched(notify_milestones=False)
    assert reach(page, 150) == []
    page.notify_milestones = True
    page.save_revision().publish()
    assert reach(page, 151) == []
    assert len(reach(page, 500)) == 2


def test_what_the_public_does_not_see_is_not_counted(watched, reach):
    page = watched(paper_display="hide")
    ledger.set_offline_count(ledger.ensure_petition(page), 5000)
    assert reach(page, 99) == []
    other = watched()
    ledger.set_offline_count(ledger.ensure_petition(other), 450)
    assert reach(other, 60) == to_both("Goal reached: Stop separating families")


@pytest.mark.django_db(transaction=True)
def test_two_workers_tell_it_once(watched, mailoutbox):
    page = watched()
    Petition.objects.filter(key=page.petition_key).update(signature_count=100)
    results = at_once(4, lambda _position: jobs.send_mails())
    assert not [result for result in results if isinstance(result, Exception)]
    jobs.send_mails()
    assert sorted(mail.to[0] for mail in mailoutbox) == ["maria@example.org", "paolo@example.org"]


def test_a_worker_that_saw_it_before_the_other_was_done(watched, reach):
    page = watched()
    stale = Petition.objects.get(key=page.petition_key)
    assert len(reach(page, 100)) == 2
    stale.signature_count = 100
    assert milestones._tell(stale) == 0


# To whom


def test_without_addresses_to_the_reply_to_address(watched, reach):
    page = watched(notify_addresses="", reply_to="office@example.org")
    assert [to for to, _subject in reach(page, 100)] == ["office@example.org"]


def test_who_is_removed_meanwhile_gets_none(watched, mailoutbox):
    page = watched()
    Petition.objects.filter(key=page.petition_key).update(signature_count=100)
    assert milestones.queue_milestones() == 2
    page.notify_addresses = "maria@example.org"
    page.save_revision().publish()
    sender.drain()
    assert [mail.to for mail in mailoutbox] == [["maria@example.org"]]


def test_who_stopped_all_emails_gets_none(watched, reach):
    opt_out("paolo@example.org")
    assert [to for to, _subject in reach(watched(), 100)] == ["maria@example.org"]


def test_the_outbox_holds_no_address(watched, reach):
    page = watched()
    reach(page, 100)
    page.notify_addresses = "office@example.org"
    page.save_revision().publish()
    page.revisions.exclude(pk=page.latest_revision_id).delete()
    assert "paolo@example.org" not in dump()


def test_its_emails_are_forgotten_after_a_month(watched, reach, clock):
    page = watched()
    reach(page, 100)
    clock.forward(days=29)
    jobs.housekeeping()
    assert OutgoingEmail.objects.count() == 2
    clock.forward(days=2)
    jobs.housekeeping()
    assert not OutgoingEmail.objects.exists()
    assert Notice.objects.count() == 1
    assert reach(page, 100) == []


def test_its_emails_are_erased_with_the_petition_s_data(watched, reach, clock):
    page = watched()
    reach(page, 100)
    Petition.objects.update(erase_at=clock.now())
    jobs.anonymise_ended()
    assert not OutgoingEmail.objects.exists()


# What it says


def test_it_leads_to_the_figures_and_says_how_to_stop(watched, reach, mailoutbox):
    page = watched()
    reach(page, 103)
    body = mailoutbox[0].body
    assert "has reached 100 signatures." in body
    assert "Total: 103" in body
    assert f"http://localhost/admin/petitions/{page.petition.pk}/" in body
    assert f"http://localhost/admin/pages/{page.pk}/edit/" in body
    assert "To stop these emails" in body
    html = mailoutbox[0].alternatives[0][0]
    assert f'href="http://localhost/admin/pages/{page.pk}/edit/"' in html
    assert mailoutbox[0].extra_headers["Auto-Submitted"] == "auto-generated"


def test_in_the_language_of_each_organiser(watched, translated, reach, mailoutbox):
    page = watched(notify_addresses="maria@example.org\npaolo@example.org\nanna@example.org")
    for name, language in (("maria", "it"), ("paolo", "")):
        user = get_user_model().objects.create_user(name, f"{name.title()}@example.org")
        UserProfile.objects.create(user=user, preferred_language=language)
    reach(page, 500)
    languages = {
        mail.to[0]: re.search(r'<html lang="(\w+)"', mail.alternatives[0][0])[1]
        for mail in mailoutbox
    }
    assert languages == {
        "maria@example.org": "it",
        "paolo@example.org": "en",
        "anna@example.org": "en",
    }


def test_links_below_a_path(watched, reach, mailoutbox, settings):
    settings.FORCE_SCRIPT_NAME = "/below"
    page = watched()
    reach(page, 100)
    assert f"http://localhost/below/admin/pages/{page.pk}/edit/" in mailoutbox[0].body


# Among other emails


def test_after_confirmations_and_receipts_and_before_updates():
    order = OutgoingEmail.PRIORITIES
    kinds = OutgoingEmail.Kind
    assert order[kinds.RECEIPT] < order[kinds.MILESTONE] < order[kinds.UPDATE]


@pytest.mark.parametrize("limit", ["MAILS_PER_HOUR", "MAILS_PER_PETITION_PER_HOUR"])
def test_the_hourly_limits_count_them(watched, reach, settings, limit, mailoutbox, clock):
    settings.WAGTAIL_PETITION = {**settings.WAGTAIL_PETITION, limit: 1}
    assert len(reach(watched(), 100)) == 1
    assert queue.take(10) == []
    clock.forward(hours=1, seconds=1)
    assert sender.drain() == 1


def test_a_failed_one_is_tried_again_without_naming_the_address(watched, monkeypatch, clock):
    page = watched(notify_addresses="maria@example.org")
    Petition.objects.filter(key=page.petition_key).update(signature_count=100)
    render = notice.render_notice

    def broken(*about):
        raise ValueError("maria@example.org is odd")

    monkeypatch.setattr(notice, "render_notice", broken)
    jobs.send_mails()
    email = OutgoingEmail.objects.get()
    assert (email.state, email.last_error) == ("due", "ValueError: … is odd")
    monkeypatch.setattr(notice, "render_notice", render)
    clock.forward(minutes=2)
    assert jobs.send_mails() == 1
