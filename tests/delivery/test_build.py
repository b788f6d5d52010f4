"""A delivery's files: their contents, repeatable, and never incomplete."""

import csv
import errno
import io
import json
import os
import random
import zipfile
from hashlib import sha256

import pypdf
import pytest
from openpyxl import load_workbook

from tests.helpers import killed_after
from wagtail_petition import ledger
from wagtail_petition.delivery import build, manifest, verify
from wagtail_petition.delivery.pdf import fill_in
from wagtail_petition.models import Delivery
from wagtail_petition.storage import private_storage

HOSTILE = [
    "=1+1",
    "+39 06",
    "@SUM(A1)",
    '#import "x"',
    "$x$ \\ *bold* _it_ `code`",
    "<b>unclosed",
    "{recipient} {0}",
    "<script>alert(1)</script>",
    "//comment /* x */",
    "[U+1F600]",
]
SCRIPTS = ["李小龍", "محمد علي", "שרה כהן", "अनिल", "Владимир", "Γιώργος", "O’Neill", "José Ángel"]


def names_of(text):
    return [row[1] for row in csv.reader(io.StringIO(text.decode("utf-8-sig")))][1:]


@pytest.mark.django_db
class TestFiles:
    def test_hostile_names_come_through_every_format(self, page, make_delivery, content, tmp_path):
        for position, name in enumerate([*HOSTILE, *SCRIPTS]):
            # As an import from elsewhere could bring them: the form refuses some of these.
            attempt = ledger.sign(
                page, email=f"n{position}@example.org", given_name=name, country="IT"
            )
            ledger.confirm(attempt)
        delivery = make_delivery(formats=["pdf", "csv", "xlsx"])
        assert delivery.error == ""
        guarded = [f"'{name}" if name[0] in "=+@" else name for name in HOSTILE]
        assert names_of(content(delivery, "signatures.csv")) == [*guarded, *SCRIPTS]

        book = load_workbook(io.BytesIO(content(delivery, "signatures.xlsx")))
        cells = [row[1] for row in book.active.iter_rows(min_row=2)]
        assert [cell.value for cell in cells] == [*HOSTILE, *SCRIPTS]
        assert {cell.data_type for cell in cells} == {"s"}

        pdf = pypdf.PdfReader(io.BytesIO(content(delivery, "signatures-001.pdf")))
        text = "".join(page.extract_text() for page in pdf.pages)
        for name in [*HOSTILE, "李小龍", "Владимир", "Γιώργος", "O’Neill", "José Ángel"]:
            assert name.replace(" ", "") in text.replace(" ", "").replace("\n", "")

    def test_a_letter_typed_in_a_browser_keeps_its_paragraphs(self, signed, make_delivery, content):
        letter = "Dear {recipient},\r\n\r\nplease read.\r\n \r\nYours,\r\nAnna"
        assert fill_in(letter, {"recipient": "Jane Doe"}) == [
            "Dear Jane Doe,",
            "please read.",
            "Yours,\nAnna",
        ]
        signed("Anna")
        delivery = make_delivery(formats=["pdf"], cover_letter=letter)
        pdf = pypdf.PdfReader(io.BytesIO(content(delivery, "letter.pdf")))
        lines = [line.strip() for line in pdf.pages[0].extract_text().splitlines()]
        at = lines.index("Dear Jane Doe,")
        assert lines[at : at + 4] == ["Dear Jane Doe,", "please read.", "Yours,", "Anna"]

    def test_a_long_address_stays_in_its_column(self, page, make_delivery, content):
        address = "giovanna.bernasconi-di-lorenzo@example.org"
        ledger.confirm(ledger.sign(page, email=address, given_name="Anna", country="IT"))
        delivery = make_delivery(
            formats=["pdf"], columns=["number", "given_name", "email", "confirmed_at", "message"]
        )
        pdf = pypdf.PdfReader(io.BytesIO(content(delivery, "signatures-001.pdf")))
        text = pdf.pages[0].extract_text()
        assert address not in text
        assert address in text.replace("\n", "")

    def test_the_letter_says_what_is_delivered(self, page, signed, make_delivery, content):
        signed("Anna", "Bruno")
        delivery = make_delivery(
            formats=["pdf"], cover_letter="Dear {recipient},\n\nhere are {count} names. {unknown}"
        )
        pdf = pypdf.PdfReader(io.BytesIO(content(delivery, "letter.pdf")))
        text = " ".join("".join(page.extract_text() for page in pdf.pages).split())
        assert "Dear Jane Doe," in text
        assert "here are 2 names. {unknown}" in text
        assert "We ask you to stop separating children from their parents." in text
        assert delivery.manifest_sha256 in text.replace(" ", "")
        assert pdf.metadata.title == f"{page.title}: Jane Doe"

    def test_labels_and_countries_in_the_documents_language(self, signed, make_delivery, content):
        signed("Anna")
        delivery = make_delivery(language="it")
        lines = content(delivery, "signatures.csv").decode("utf-8-sig").splitlines()
        assert "Italia" in lines[1]

    def test_without_a_page_it_fails_and_says_so(self, page, signed, make_delivery):
        signed("Anna")
        page.unpublish()
        delivery = make_delivery()
        assert delivery.state == Delivery.State.FAILED
        assert "No page of this petition is online" in delivery.error
        assert not delivery.files.exists()

    def test_on_a_full_disk_it_says_what_to_do(self, signed, make_delivery, monkeypatch, caplog):
        def write_tables(*args, **options):
            raise OSError(errno.ENOSPC, "No space left on device", "/srv/private/work")

        monkeypatch.setattr(build, "_write_tables", write_tables)
        signed("Anna")
        delivery = make_delivery()
        assert delivery.error.startswith("The server’s disk is full.")
        assert "/srv/private/work" in caplog.text

    def test_a_column_that_does_not_exist(self, signed, make_delivery):
        signed("Anna")
        assert "shoe_size" in make_delivery(columns=["shoe_size"]).error

    def test_files_are_not_under_the_media_folder(self, signed, make_delivery, settings):
        signed("Anna")
        delivery = make_delivery()
        path = private_storage().path(delivery.files.first().path)
        assert os.path.exists(path)
        assert not path.startswith(str(settings.MEDIA_ROOT) + os.sep)


@pytest.mark.django_db
class TestSameAgain:
    def test_made_again_it_is_the_same_to_the_byte(self, signed, make_delivery, content):
        signed("Anna", "Bruno", "李小龍")
        formats = ["pdf", "csv", "xlsx"]
        first, second = make_delivery(formats=formats), make_delivery(formats=formats)
        Delivery.objects.filter(pk=second.pk).update(created_at=first.created_at)
        for name in ("signatures.csv", "signatures.xlsx", "manifest.json"):
            assert content(first, name) == content(second, name)

    def test_the_manifest_lists_the_files_and_the_text(self, page, signed, make_delivery, content):
        signed("Anna")
        delivery = make_delivery()
        raw = content(delivery, "manifest.json")
        assert sha256(raw).hexdigest() == delivery.manifest_sha256
        listing = json.loads(raw)
        assert listing["signatures"] == 1
        assert listing["texts"] == [{"language": "en", "sha256": page.get_text_to_sign().sha256}]
        hashes = {entry["name"]: entry["sha256"] for entry in listing["files"]}
        assert hashes.keys() == {"signatures.csv", "proof.txt", "verify.html", "verify.py"}
        assert hashes["signatures.csv"] == sha256(content(delivery, "signatures.csv")).hexdigest()
        assert listing["proof"]["root"] == delivery.root


@pytest.mark.django_db
class TestVerify:
    @pytest.fixture
    def archive(self, signed, make_delivery, content, tmp_path):
        self.people = signed("Anna", "Bruno")
        self.delivery = make_delivery()
        path = tmp_path / "delivery.zip"
        path.write_bytes(content(self.delivery))
        return path

    def check(self, path):
        return [*manifest.check_files(path), *verify.check_ledger(path)]

    def tamper(self, path, change):
        with zipfile.ZipFile(path) as archive:
            members = {name: archive.read(name) for name in archive.namelist()}
        change(members)
        with zipfile.ZipFile(path, "w") as archive:
            for name, data in members.items():
                archive.writestr(name, data)

    def test_as_it_was_made(self, archive):
        assert all(finding.holds for finding in self.check(archive))

    def test_says_who_has_withdrawn(self, archive):
        ledger.withdraw(self.people[0])
        texts = [finding.text for finding in self.check(archive)]
        assert "1 of these signatures no longer counts: number 1" in texts

    @pytest.mark.parametrize(
        ("change", "text"),
        [
            (
                lambda m: m.update({"signatures.csv": m["signatures.csv"] + b"3,Carla\r\n"}),
                "signatures.csv: changed since it was made",
            ),
            (lambda m: m.pop("signatures.csv"), "signatures.csv: missing"),
            (lambda m: m.update({"extra.csv": b""}), "extra.csv: not listed in the manifest"),
            (
                lambda m: m.update({"manifest.json": m["manifest.json"].replace(b"Jane", b"Joan")}),
                "No delivery of this site has the manifest",
            ),
        ],
    )
    def test_finds_what_was_tampered_with(self, archive, change, text):
        self.tamper(archive, change)
        failed = [finding.text for finding in self.check(archive) if not finding.holds]
        assert [line for line in failed if line.startswith(text)]

    @pytest.mark.parametrize(
        ("change", "text"),
        [
            (lambda m: m.update({"letter.pdf": b"%PDF"}), "letter.pdf: changed since it was made"),
            (lambda m: m.pop("letter.pdf"), "letter.pdf: missing"),
        ],
    )
    def test_the_letter_is_as_the_ledger_has_it(
        self, signed, make_delivery, content, tmp_path, change, text
    ):
        signed("Anna")
        path = tmp_path / "delivery.zip"
        path.write_bytes(content(make_delivery(formats=["pdf"])))
        assert "letter.pdf: SHA-256 as recorded" in [f.text for f in self.check(path)]
        self.tamper(path, change)
        assert [f.text for f in self.check(path) if not f.holds] == [text]


@pytest.mark.django_db(transaction=True)
def test_killed_at_any_point_it_is_complete_or_absent(page, signed, make_delivery, content):
    """Killed with kill -9 at twenty points, downloads are complete, and the next run finishes."""
    signed(*["Anna"] * 30)
    whole = make_delivery()
    expected = content(whole, "signatures.csv")
    chance = random.Random(7)
    for _round in range(20):
        delivery = make_delivery(made=False)
        killed_after(chance.random() * 0.3, build.build_queued)
        delivery.refresh_from_db()
        assert delivery.files.exists() == (delivery.state == Delivery.State.READY)
        # The lease of a worker that was killed ends; the next worker takes it from there.
        Delivery.objects.filter(pk=delivery.pk).update(leased_until=None)
        build.build_queued()
        delivery.refresh_from_db()
        assert delivery.state == Delivery.State.READY
        assert content(delivery, "signatures.csv") == expected
