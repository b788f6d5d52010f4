"""``manage.py import_signatures`` and ``revert_import``."""

import json

import pytest
from django.core.management import CommandError, call_command

from tests.imports.files import ACTION_NETWORK, FILES, UNREADABLE
from wagtail_petition import ledger
from wagtail_petition.models import BlockRule, ImportBatch, Petition, Signature

pytestmark = pytest.mark.django_db
KEYS = [
    *("rows", "new", "already_here", "already_imported", "twice_in_file", "possible_duplicates"),
    *("left_out_for_good", "rejected", "preset", "encoding", "delimiter", "date_order", "batch"),
]


@pytest.fixture(autouse=True)
def petition(page, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    return ledger.ensure_petition(page)


@pytest.fixture
def run(petition, tmp_path, capsys):
    """Import the content of a file; returns what the command says."""

    def do(content, *args, name="list.csv"):
        path = tmp_path / name
        path.write_bytes(content)
        call_command("import_signatures", str(path), "--petition", str(petition.key), *args)
        return capsys.readouterr().out

    return do


def test_says_in_json_what_it_did(run):
    told = json.loads(run(ACTION_NETWORK.encode(), "--json"))
    assert list(told) == KEYS
    batch = ImportBatch.objects.get()
    assert told == {
        **dict.fromkeys(KEYS, 0),
        "rows": 2,
        "new": 2,
        "preset": "action_network",
        "encoding": "utf-8",
        "delimiter": ",",
        "date_order": "ymd",
        "batch": batch.pk,
    }
    assert (batch.state, batch.user, batch.file_name) == ("done", None, "list.csv")


def test_what_a_block_rule_refuses_is_rejected_for_programs(run):
    BlockRule.objects.create(kind="domain", value="example.org", effect="block")
    told = json.loads(run(ACTION_NETWORK.encode(), "--json", "--dry-run"))
    assert list(told) == KEYS
    assert (told["rows"], told["new"], told["rejected"]) == (2, 0, 2)
    assert "2 refused by a block rule" in run(ACTION_NETWORK.encode(), "--dry-run")


def test_a_dry_run_does_nothing(run, tmp_path):
    told = json.loads(run(ACTION_NETWORK.encode(), "--dry-run", "--json"))
    assert (told["new"], told["batch"]) == (2, None)
    assert not ImportBatch.objects.exists()
    assert not Signature.objects.exists()
    assert not (tmp_path / "petition_files").exists()


def test_says_to_people_what_it_found(run):
    out = run(FILES["microsoft_forms"][0])
    for words in ("windows-1252", "Microsoft Forms", "Indirizzo e-mail → email", "1 new"):
        assert words in out


@pytest.mark.parametrize("name", UNREADABLE)
def test_what_cannot_be_read(run, name):
    content, words = UNREADABLE[name]
    with pytest.raises(CommandError, match=words):
        run(content, "--json")
    assert not ImportBatch.objects.exists()


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["--preset", "myspace"], "Presets are"),
        (["--encoding", "klingon"], "Encodings are"),
        (["--delimiter", "#"], "Delimiters are"),
        (["--map", "nothing=email"], "There is no column “nothing”"),
        (["--map", "uuid=shoe"], "Columns can mean"),
        (["--map", "first_name=", "--map", "last_name="], "No column holds names"),
        (["--text", "99"], "There is no text 99"),
        (["--text", "/nowhere"], "can’t be read"),
    ],
)
def test_what_it_does_not_understand(run, args, words):
    with pytest.raises(CommandError, match=words):
        run(ACTION_NETWORK.encode(), *args)
    assert not ImportBatch.objects.exists()


def test_dates_that_can_be_read_in_two_ways(run):
    content = b"first name,last name,date\nAda,Rossi,3/4/2026\n"
    with pytest.raises(CommandError, match="two ways"):
        run(content)
    run(content, "--date-order", "dmy")
    assert Signature.objects.get().signed_at.date().isoformat() == "2026-04-03"


def test_the_text_of_another_platform_is_kept_as_proof(run, tmp_path):
    text = tmp_path / "text.txt"
    text.write_text("Stop <it>\n\nDear Sir,\n\nplease.\n---\nI agree.\n")
    run(ACTION_NETWORK.encode(), "--text", str(text), "--language", "it")
    signed = Signature.objects.first().signed_text
    assert (signed.title, signed.language) == ("Stop <it>", "it")
    assert signed.letter == "<p>Dear Sir,</p>\n\n<p>please.</p>"
    assert signed.consent == "<p>I agree.</p>"


def test_reverting(run, capsys):
    run(ACTION_NETWORK.encode())
    batch = ImportBatch.objects.get()
    call_command("revert_import", str(batch.pk))
    assert "2 signatures taken out" in capsys.readouterr().out
    assert Petition.objects.get().signature_count == 0
    for pk, words in (
        (batch.pk, "can’t be reverted"),
        (999, "There is no import 999"),
        ("x", "no"),
    ):
        with pytest.raises(CommandError, match=words):
            call_command("revert_import", str(pk))


def test_reverting_what_was_delivered(run, petition):
    run(ACTION_NETWORK.encode())
    ledger.mark_delivered([1], petition=petition)
    with pytest.raises(CommandError, match="delivered"):
        call_command("revert_import", str(ImportBatch.objects.get().pk))
    assert Signature.objects.count() == 2


@pytest.mark.parametrize("date", ["soon", "2026-02-31", "3/4/2026"])
def test_a_date_that_is_none_is_told(run, date):
    with pytest.raises(CommandError, match="is no date"):
        run(b"first name,email\nAda,ada@example.org\n", "--date", date)
    assert not Signature.objects.exists()
