"""When the files of deliveries are deleted, and who is in deliveries that are handed over."""

import os
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.core.files.base import ContentFile

from wagtail_petition import jobs, ledger, storage
from wagtail_petition.delivery import build, expiry, lifecycle, marking
from wagtail_petition.delivery.membership import Members
from wagtail_petition.models import Delivery
from wagtail_petition.storage import private_storage

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(signed):
    return signed("Anna", "Bruno")


@pytest.fixture
def delivery(people, make_delivery):
    return make_delivery(only_new=True)


def stored():
    """All files in the private storage."""
    return sorted(expiry._walk(private_storage(), storage.DELIVERIES))


def run(commits, function):
    with commits(execute=True):
        return function()


@pytest.fixture
def commits(django_capture_on_commit_callbacks):
    return django_capture_on_commit_callbacks


@pytest.mark.parametrize("go", ["withdraw", "invalidate", "anonymise"])
def test_who_does_not_count_any_more_is_not_handed_over(delivery, people, page, go, commits):
    if go == "withdraw":
        ledger.withdraw(people[0])
    else:
        getattr(ledger, go)([people[0].pk], petition=page.petition)
    with pytest.raises(lifecycle.WrongState, match="1 signature in this delivery no longer counts"):
        lifecycle.mark_delivered(delivery, delivered_on=date(2026, 11, 3))
    run(commits, lambda: lifecycle.rebuild(delivery))
    build.build_queued()
    delivery.refresh_from_db()
    assert (delivery.state, list(Members(delivery.members))) == ("ready", [2])
    lifecycle.mark_delivered(delivery, delivered_on=date(2026, 11, 3))
    delivery.refresh_from_db()
    assert delivery.state == "delivered"


def test_what_had_been_handed_over_before_can_be_said(delivery, people):
    ledger.withdraw(people[0])
    lifecycle.mark_delivered(delivery, delivered_on=date(2026, 11, 3), before_withdrawals=True)
    delivery.refresh_from_db()
    assert (delivery.state, list(Members(delivery.members))) == ("delivered", [1, 2])


def test_while_it_is_rebuilt_nobody_else_gets_its_numbers(delivery, people, make_delivery, commits):
    ledger.withdraw(people[0])
    lifecycle.rebuild(delivery)
    later = make_delivery(made=False, only_new=True)
    Delivery.objects.filter(pk=delivery.pk).update(leased_until="2100-01-01T00:00Z")
    build.build_queued()
    later.refresh_from_db()
    assert list(Members(later.members)) == []
    Delivery.objects.filter(pk=delivery.pk).update(leased_until=None)
    build.build_queued()
    delivery.refresh_from_db()
    assert list(Members(delivery.members)) == [2]


def test_files_of_one_that_waits_go_with_who_withdrew(delivery, people, commits):
    assert run(commits, expiry.forget_files) == 0
    ledger.withdraw(people[0])
    assert run(commits, expiry.forget_files) == 1
    assert stored() == []
    delivery.refresh_from_db()
    assert delivery.files_deleted_at
    assert delivery.manifest_sha256
    assert {file.name for file in delivery.files.all()} > {"manifest.json"}


def test_files_go_some_time_after_they_were_handed_over(delivery, settings, clock, commits):
    settings.WAGTAIL_PETITION = {**settings.WAGTAIL_PETITION, "DELIVERY_FILE_DAYS": 10}
    lifecycle.mark_delivered(delivery, delivered_on=clock.now().date())
    marking.mark_members()
    clock.forward(days=9)
    assert run(commits, expiry.forget_files) == 0
    clock.forward(days=2)
    assert run(commits, expiry.forget_files) == 1
    assert stored() == []
    delivery.refresh_from_db()
    assert (delivery.state, delivery.count) == ("delivered", 2)


def test_who_says_so_late_still_has_the_time(delivery, commits):
    lifecycle.mark_delivered(delivery, delivered_on=date(2020, 1, 1))
    marking.mark_members()
    assert run(commits, expiry.forget_files) == 0


def test_files_go_when_the_petition_is_erased(delivery, page, clock, commits):
    lifecycle.mark_delivered(delivery, delivered_on=clock.now().date())
    page.petition.erase_at = clock.now() + timedelta(hours=1)
    page.petition.save()
    clock.forward(hours=2)
    run(commits, jobs.housekeeping)
    assert stored() == []
    delivery.refresh_from_db()
    assert delivery.manifest_sha256


def test_what_a_killed_worker_left_is_found(delivery, clock, commits, make_delivery):
    kept = stored()
    folder = storage.get_folder(delivery)
    private_storage().save(f"{folder}/0123/signatures.csv", ContentFile(b"Anna"))
    private_storage().save(f"{storage.DELIVERIES}/gone/0123/letter.pdf", ContentFile(b"Anna"))
    at_work = make_delivery(made=False)
    Delivery.objects.filter(pk=at_work.pk).update(lease="4567")
    mine = f"{storage.get_folder(at_work)}/4567/signatures.csv"
    private_storage().save(mine, ContentFile(b"Anna"))
    # Somebody may be about to write the row of it.
    assert expiry.delete_orphans() == 0
    clock.forward(hours=2)
    assert expiry.delete_orphans() == 2
    assert stored() == sorted([*kept, mine])
    # Nor do the folders stay.
    assert not private_storage().exists(f"{storage.DELIVERIES}/gone")


def test_a_receipt_is_no_orphan(delivery, clock):
    receipt = ContentFile(b"%PDF", name="scan.pdf")
    lifecycle.mark_delivered(delivery, delivered_on=clock.now().date(), receipt=receipt)
    clock.forward(hours=2)
    assert expiry.delete_orphans() == 0


def test_the_folder_of_a_killed_worker_is_deleted_by_the_next(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    old, new = tmp_path / "petition-delivery-old", tmp_path / "petition-delivery-new"
    for folder in (old, new):
        folder.mkdir()
        (folder / "rows.pickle").write_bytes(b"Anna")
    os.utime(old, (0, 0))
    with storage.work_folder("delivery") as mine:
        assert mine.is_dir()
    assert [path.name for path in tmp_path.iterdir()] == ["petition-delivery-new"]


def test_a_folder_that_vanishes_at_this_moment_is_no_fault(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    theirs = tmp_path / "petition-import-theirs"
    theirs.mkdir()
    is_dir = Path.is_dir

    def is_dir_until_then(path):
        was_there = is_dir(path)
        if path == theirs and was_there:
            # Its worker is done.
            theirs.rmdir()
        return was_there

    monkeypatch.setattr(Path, "is_dir", is_dir_until_then)
    with storage.work_folder("import") as mine:
        assert is_dir(mine)
