"""Large exports: made in the background, announced by email, deleted after some days."""

import csv
import errno
import hashlib
import io
import os
import random
import re
from urllib.parse import urlencode

import pytest
from django.contrib.auth.models import Permission
from django.core.files.base import ContentFile
from django.urls import reverse
from wagtail.models import GroupPagePermission

from benchmarks.databases import free_port
from benchmarks.site.mail import mail_settings
from tests.admin.people import make_user
from tests.helpers import dump, killed_after
from wagtail_petition import jobs
from wagtail_petition.exports import run
from wagtail_petition.models import PetitionLogEntry, SignatureExport
from wagtail_petition.storage import private_storage

State = SignatureExport.State
CHOSEN = {"format": "csv", "columns": ["number", "given_name"]}
NAMES = ["Anna", "José", "李小龍", "=1+1"]


@pytest.fixture(autouse=True)
def _two_are_many(settings, tmp_path, monkeypatch):
    settings.MEDIA_ROOT = tmp_path / "media"
    monkeypatch.setattr("wagtail_petition.exports.export.AT_ONCE", 2)
    monkeypatch.setattr(run, "PROGRESS_EVERY", 2)


@pytest.fixture
def people(make_signature):
    for position, name in enumerate(NAMES):
        make_signature(given_name=name, email=f"{position}@example.org")


@pytest.fixture
def later(settings):
    """Exports are made only by ``jobs.work_off``."""
    settings.WAGTAIL_PETITION = {"BACKGROUND": "worker"}


@pytest.fixture
def ask(log_in, exporter, people):
    """Start an export of all signatures that match ``query``; returns the URL of the redirect."""

    def ask(user=exporter, data=CHOSEN, **query):
        url = f"{reverse('petition_signatures:export')}?{urlencode(query)}"
        response = log_in(user).post(url, data)
        assert response.status_code == 302
        return response["Location"]

    return ask


def body(response):
    return b"".join(response.streaming_content)


def names(data):
    return [row[1] for row in csv.reader(io.StringIO(data.decode("utf-8-sig")))][1:]


def files_in_storage():
    """The names of the files, without ``.gitignore``."""
    root = private_storage().location
    names = [name for _folder, _folders, names in os.walk(root) for name in names]
    return [name for name in names if name != ".gitignore"]


@pytest.mark.django_db
class TestMaking:
    def test_the_file_is_that_of_a_small_export(self, ask, client, monkeypatch):
        page = ask()
        html = client.get(page).content.decode()
        assert "Your export is ready" in html
        made = body(client.get(f"{page}file/"))
        assert names(made) == ["Anna", "José", "李小龍", "'=1+1"]
        monkeypatch.setattr("wagtail_petition.exports.export.AT_ONCE", 100)
        url = reverse("petition_signatures:export")
        assert body(client.post(url, CHOSEN)) == made

    def test_it_says_beforehand_that_it_takes_its_time(self, log_in, exporter, people):
        url = reverse("petition_signatures:export")
        html = log_in(exporter).get(url).content.decode()
        assert "Large exports run in the background" in html
        assert "Start export" in html
        assert "We’ll email you when the file is ready" not in html
        exporter.email = "eve@example.org"
        exporter.save()
        assert (
            "We’ll email you when the file is ready" in log_in(exporter).get(url).content.decode()
        )

    def test_what_was_chosen_in_the_list(self, log_in, exporter, people):
        args = ["wagtail_petition", "signature", "export"]
        client = log_in(exporter)
        url = client.get(f"{reverse('wagtail_bulk_action', args=args)}?id=all&status=confirmed").url
        assert "Start export" in client.get(url).content.decode()
        page = client.post(url, CHOSEN)["Location"]
        assert len(names(body(client.get(f"{page}file/")))) == 4

    def test_how_far_it_is(self, later, ask, client):
        page = ask()
        html = client.get(page).content.decode()
        assert "data-petition-live" in html
        assert "0 of 4 signatures" in html
        assert re.search(r'<progress[^>]* max="4" value="0"', html)
        assert client.get(f"{page}file/").status_code == 404
        jobs.work_off()
        html = client.get(page).content.decode()
        assert "data-petition-live" not in html
        assert f"{page}file/" in html

    def test_one_finds_it_again(self, ask, client):
        page = ask()
        assert page in client.get(reverse("petition_signatures:export")).content.decode()

    def test_files_are_private(self, ask, settings):
        ask()
        path = private_storage().path(SignatureExport.objects.get().path)
        assert os.path.exists(path)
        assert not path.startswith(f"{settings.MEDIA_ROOT}{os.sep}")

    def test_what_was_searched_for_is_forgotten(self, later, ask, make_signature):
        ask(q="@example.org")
        assert "q=%40example.org" in dump()
        jobs.work_off()
        assert SignatureExport.objects.get().done == 4
        assert "q=%40example.org" not in dump()

    def test_a_failure_is_told(self, later, ask, client, monkeypatch):
        page = ask()

        def fail(*args, **kwargs):
            raise OSError(errno.ENOSPC, "No space left on device")

        with monkeypatch.context() as patch:
            patch.setattr(run, "write_open_file", fail)
            jobs.work_off()
        assert "disk is full" in client.get(page).content.decode()
        assert client.get(f"{page}file/").status_code == 404
        assert not files_in_storage()


@pytest.mark.django_db
class TestStopping:
    def test_before_it_began(self, later, ask, client):
        page = ask()
        client.post(page)
        jobs.work_off()
        assert "Stopped" in client.get(page).content.decode()
        assert client.get(f"{page}file/").status_code == 404
        assert SignatureExport.objects.get().query == ""

    @pytest.mark.parametrize("step", ["write_open_file", "private_storage"])
    def test_while_it_is_made(self, later, ask, client, monkeypatch, step):
        page = ask()
        real = getattr(run, step)

        def stop_first(*args, **kwargs):
            SignatureExport.objects.update(state=State.STOPPED, lease="")
            return real(*args, **kwargs)

        with monkeypatch.context() as patch:
            patch.setattr(run, step, stop_first)
            jobs.work_off()
        assert "Stopped" in client.get(page).content.decode()
        assert not files_in_storage()


@pytest.mark.django_db
class TestMail:
    def test_says_where_and_holds_nothing(self, ask, exporter, mailoutbox):
        exporter.email = "eve@example.org"
        exporter.save()
        page = ask()
        [mail] = [mail for mail in mailoutbox if mail.to == ["eve@example.org"]]
        assert mail.subject == "Your export is ready"
        assert f"http://localhost{page}\n" in mail.body
        assert "4 signatures" in mail.body
        assert mail.attachments == []
        jobs.work_off()
        assert len([mail for mail in mailoutbox if mail.to == ["eve@example.org"]]) == 1

    def test_without_an_address_there_is_none(self, ask, mailoutbox):
        before = len(mailoutbox)
        ask()
        assert not [mail for mail in mailoutbox[before:] if "export" in mail.subject]

    def test_a_mail_server_that_is_down_takes_nothing_away(
        self, ask, exporter, client, settings, caplog
    ):
        exporter.email = "eve@example.org"
        exporter.save()
        for name, value in mail_settings(port=free_port(), timeout=1).items():
            setattr(settings, name, value)
        page = ask()
        assert len(names(body(client.get(f"{page}file/")))) == 4
        assert "eve@example.org" not in caplog.text


@pytest.mark.django_db
class TestDownloading:
    def test_each_download_is_logged(self, ask, client, exporter, page):
        address = ask(q="@example.org")
        assert not PetitionLogEntry.objects.exists()
        response = client.get(f"{address}file/")
        assert "no-store" in response["Cache-Control"]
        assert "attachment" in response["Content-Disposition"]
        digest = hashlib.sha256(body(response)).hexdigest()
        body(client.get(f"{address}file/"))
        first, second = PetitionLogEntry.objects.all()
        assert first.data == second.data
        assert (first.action, first.user) == ("wagtail_petition.export", exporter)
        assert first.petition == page.petition
        assert first.data == {
            "format": "csv",
            "rows": 4,
            "sha256": digest,
            "filter": {"search": True},
            "columns": ["number", "given_name"],
        }

    def test_without_the_log_there_is_no_file(self, ask, client, monkeypatch):
        address = ask()

        def fail(*args, **kwargs):
            raise OSError("The log can't be written")

        client.raise_request_exception = False
        monkeypatch.setattr("wagtail_petition.exports.export.log", fail)
        response = client.get(f"{address}file/")
        assert response.status_code == 500
        assert "José".encode() not in response.content

    def test_it_is_for_the_one_who_asked(self, ask, log_in, superuser, page):
        address = ask()
        other = make_user("other", "view", "export", pages=[page])
        for path in (address, f"{address}file/"):
            assert log_in(other).get(path).status_code == 404
        assert log_in(other).post(address).status_code == 404
        assert len(names(body(log_in(superuser).get(f"{address}file/")))) == 4

    def test_without_the_permission_it_is_not_there(self, ask, client, exporter):
        address = ask()
        exporter.groups.get().permissions.remove(
            Permission.objects.get(codename="export_signature")
        )
        for path in (address, f"{address}file/"):
            assert client.get(path).status_code == 404

    def test_nor_without_the_page(self, ask, client):
        address = ask()
        GroupPagePermission.objects.all().delete()
        assert client.get(f"{address}file/").status_code == 404

    @pytest.mark.parametrize("taken", ["permission", "page", "account"])
    def test_rights_are_those_of_when_it_is_made(self, later, ask, exporter, page, taken):
        ask()
        if taken == "permission":
            exporter.groups.clear()
        elif taken == "page":
            GroupPagePermission.objects.all().delete()
        else:
            exporter.is_active = False
            exporter.save()
        jobs.work_off()
        export = SignatureExport.objects.get()
        assert export.state != State.RUNNING
        assert export.done == 0
        assert export.counts == {}


@pytest.mark.django_db
class TestExpiry:
    def test_after_a_week(self, ask, client, clock):
        page = ask()
        clock.forward(days=6, hours=23)
        jobs.housekeeping()
        assert body(client.get(f"{page}file/"))
        clock.forward(hours=2)
        client.force_login(SignatureExport.objects.get().user)
        assert client.get(f"{page}file/").status_code == 404
        jobs.housekeeping()
        assert not SignatureExport.objects.exists()
        assert not files_in_storage()

    def test_when_the_setting_says(self, settings, ask, clock):
        settings.WAGTAIL_PETITION = {"BACKGROUND": "inline", "EXPORT_DAYS": 1}
        ask()
        clock.forward(days=1, minutes=1)
        jobs.housekeeping()
        assert not SignatureExport.objects.exists()


@pytest.mark.django_db
def test_what_a_killed_worker_left_is_deleted(later, ask):
    ask()
    export = SignatureExport.objects.get()
    private_storage().save(f"exports/{export.uid}/half.csv", ContentFile(b"number"))
    jobs.work_off()
    export.refresh_from_db()
    assert files_in_storage() == [os.path.basename(export.path)]


@pytest.mark.django_db(transaction=True)
def test_killed_at_any_point_it_is_complete_or_absent(later, ask, client):
    """Killed with kill -9 at twenty points, downloads are complete, and the next run finishes."""
    chance = random.Random(7)
    for _round in range(20):
        page = ask()
        killed_after(chance.random() * 0.1, run.work_off)
        export = SignatureExport.objects.first()
        response = client.get(f"{page}file/")
        assert response.status_code == (200 if export.state == State.READY else 404)
        response.close()
        # The lease of a worker that was killed ends; the next worker takes it from there.
        SignatureExport.objects.filter(pk=export.pk, state=State.RUNNING).update(leased_until=None)
        run.work_off()
        assert names(body(client.get(f"{page}file/"))) == ["Anna", "José", "李小龍", "'=1+1"]
    assert len(files_in_storage()) == 20
