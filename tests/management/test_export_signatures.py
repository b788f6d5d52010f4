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
