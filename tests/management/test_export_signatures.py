"""``manage.py export_signatures``."""

import csv
import hashlib
import json

import openpyxl
import pytest
from django.core.management import CommandError, call_command

from wagtail_petition.management.commands import export_signatures
from wagtail_petition.models import PetitionLogEntry


@pytest.fixture
def signed(page, make_signature):
    make_signature(given_name="Anna")
    make_signature(given_name="Zoe", email="zoe@example.org", confirm=False)
    return page.petition


def test_csv(signed, tmp_path, capsys):
    path = tmp_path / "out.csv"
    call_command("export_signatures", str(signed.key), path, "--columns", "number", "given_name")
    rows = csv.reader(path.read_text("utf-8-sig").splitlines())
    assert list(rows) == [["Number", "First name"], ["1", "Anna"]]
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    assert sha256 in capsys.readouterr().out
    entry = PetitionLogEntry.objects.get()
    assert (entry.petition, entry.user) == (signed, None)
    assert entry.data["sha256"] == sha256


def test_xlsx_of_another_status_in_another_language(signed, tmp_path):
    path = tmp_path / "out.xlsx"
    options = {"status": "unconfirmed", "language": "it", "verbosity": 0}
    call_command("export_signatures", str(signed.pk), path, **options)
    rows = list(openpyxl.load_workbook(path).active.iter_rows(values_only=True))
    assert len(rows) == 2
    assert "Zoe" in rows[1]
    assert "Italia" in rows[1]


def test_json_lines_for_programs(signed, tmp_path):
    path = tmp_path / "out.jsonl"
    call_command("export_signatures", str(signed.pk), path, "--columns", "number", "given_name")
    assert json.loads(path.read_text()) == {"number": 1, "given_name": "Anna"}


def test_spreadsheets_run_in_the_direction_of_their_language(signed, tmp_path):
    path = tmp_path / "out.xlsx"
    call_command("export_signatures", str(signed.pk), path, language="ar", verbosity=0)
    assert openpyxl.load_workbook(path).active.sheet_view.rightToLeft


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["nothing", "a.csv"], "There is no petition nothing"),
        (["9999", "a.csv"], "There is no petition 9999"),
        (["9" * 30, "a.csv"], "There is no petition"),
        (["KEY", "a.pdf"], "must end in one of"),
        (["KEY", "a.csv", "--columns", "shoe_size"], "Unknown columns: shoe_size"),
    ],
)
def test_what_it_does_not_understand(signed, tmp_path, args, said):
    args = [str(signed.key) if arg == "KEY" else arg for arg in args]
    args[1] = tmp_path / args[1]
    with pytest.raises(CommandError, match=said):
        call_command("export_signatures", *args)
    assert not list(tmp_path.iterdir())


def test_without_the_log_there_is_no_file(signed, tmp_path, monkeypatch):
    def fail(*args, **kwargs):
        raise OSError("The log can't be written")

    monkeypatch.setattr(export_signatures, "log", fail)
    with pytest.raises(OSError, match="log"):
        call_command("export_signatures", str(signed.key), tmp_path / "a.csv")
    assert not list(tmp_path.iterdir())


@pytest.fixture
def subscribed(signed, make_signature):
    make_signature(email="news@example.org", given_name="=Nina", wants_news=True)
    return signed


def test_a_file_for_another_tool(subscribed, tmp_path, capsys):
    path = tmp_path / "people.csv"
    call_command("export_signatures", str(subscribed.pk), path, "--tool", "mailchimp")
    assert path.read_text() == (
        "Email Address,First Name,Last Name,Tags\n"
        "news@example.org,=Nina,Moretti,Petition: Stop separating families\n"
    )
    assert "1 left out: without an email, not opted in to updates" in capsys.readouterr().out
    data = PetitionLogEntry.objects.get().data
    assert (data["format"], data["rows"], data["everyone"]) == ("mailchimp", 1, False)


def test_a_file_for_another_tool_of_everyone(subscribed, tmp_path):
    path = tmp_path / "people.csv"
    call_command(
        "export_signatures", str(subscribed.pk), path, "--tool=nationbuilder", "--everyone"
    )
    assert path.read_text().count("@example.org") == 2
    assert PetitionLogEntry.objects.get().data["everyone"]


def test_a_large_file_for_nationbuilder_is_a_zip(subscribed, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr("wagtail_petition.exports.parts.PART_BYTES", 1)
    monkeypatch.setattr("wagtail_petition.exports.writers.ROWS_AT_ONCE", 1)
    path = tmp_path / "people.csv"
    call_command(
        "export_signatures", str(subscribed.pk), path, "--tool=nationbuilder", "--everyone"
    )
    assert [found.name for found in tmp_path.iterdir()] == ["people.zip"]
    assert "people.zip: 2 signatures" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("name", "args", "said"),
    [
        ("a.csv", ["--tool", "fax"], "Tools are: action_network, osdi"),
        ("a.xlsx", ["--tool", "mailchimp"], "must end in .csv"),
        ("a.csv", ["--tool", "mailchimp", "--everyone"], "only people who opted in"),
        ("a.csv", ["--tool", "mailchimp", "--status", "withdrawn"], "Only confirmed"),
        ("a.csv", ["--tool", "mailchimp", "--columns", "message"], "Unknown columns: message"),
        ("a.csv", ["--everyone"], "need --tool"),
    ],
)
def test_what_no_tool_gets(subscribed, tmp_path, name, args, said):
    with pytest.raises(CommandError, match=said):
        call_command("export_signatures", str(subscribed.pk), tmp_path / name, *args)
    assert not list(tmp_path.iterdir())
