import json
import zipfile

import pytest
from django.core.management import CommandError, call_command

from wagtail_petition import ledger
from wagtail_petition.delivery import build, expiry, lifecycle, manifest, parts, split_manifest
from wagtail_petition.models import Delivery, DeliverySplit, Signature
from wagtail_petition.storage import private_storage


@pytest.fixture
def archive(page, make_signature, settings, tmp_path):
    """The path of a delivery's ZIP."""
    settings.MEDIA_ROOT = tmp_path / "media"
    make_signature()
    delivery = Delivery.objects.create(
        petition=page.petition,
        last_number=1,
        recipient="Jane Doe",
        language="en",
        columns=["number", "given_name"],
        formats=["csv"],
    )
    build.build_queued()
    return private_storage().path(delivery.files.get(name__endswith=".zip").path)


@pytest.mark.django_db
def test_a_good_one(archive, capsys):
    call_command("verify_delivery", archive)
    out = capsys.readouterr().out
    assert "holds  signatures.csv" in out
    assert "holds  Made here for Jane Doe" in out
    assert "Everything holds." in out


@pytest.mark.django_db
def test_hashes_alone_ask_no_database(archive, django_assert_num_queries):
    with django_assert_num_queries(0):
        call_command("verify_delivery", archive, hashes_only=True)


def test_something_else(tmp_path):
    path = tmp_path / "no.zip"
    path.write_bytes(b"not a zip")
    with pytest.raises(CommandError, match="not a delivery that can be checked"):
        call_command("verify_delivery", str(path))


@pytest.fixture
def unpacked(make_split, make_signature, tmp_path):
    """The folder with the manifest and all parts of a split delivery."""
    for number, region in enumerate(["US-NY", "US-NY", "US-CA", ""]):
        make_signature(
            email=f"anna{number}@example.org",
            home_country="US" if region else "",
            home_region=region,
        )
    split = make_split()
    listing = manifest.as_bytes(split_manifest.make(split))
    bundle = tmp_path / "all.zip"
    bundle.write_bytes(
        b"".join(parts.zip_chunks(parts.get_archives(split), {split_manifest.NAME: listing}))
    )
    folder = tmp_path / "parts"
    with zipfile.ZipFile(bundle) as archive:
        archive.extractall(folder)
    return folder


def verify(path, capsys, **options):
    """The lines that the command prints, and its error."""
    error = ""
    try:
        call_command("verify_delivery", str(path), **options)
    except CommandError as raised:
        error = str(raised)
    return capsys.readouterr().out.splitlines(), error


def failures(lines):
    return [line.removeprefix("FAILS  ") for line in lines if line.startswith("FAILS")]


def name_of(label):
    return f"delivery-{DeliverySplit.objects.get().parts.get(part_label=label).pk}.zip"


@pytest.mark.django_db
class TestSplit:
    @pytest.mark.parametrize("place", ["parts", "parts/split-manifest.json", "all.zip"])
    @pytest.mark.parametrize("hashes_only", [True, False])
    def test_all_parts_as_they_were_made(self, unpacked, capsys, place, hashes_only):
        lines, error = verify(unpacked.parent / place, capsys, hashes_only=hashes_only)
        assert not error
        assert "holds  Signatures in the parts together: 4, in the whole: 4" in lines
        assert lines[-1] == "Everything holds."
        text = "\n".join(lines)
        assert f"holds  New York: {name_of('New York')}: " in text
        assert ("New York: Made here for Senator of New York" in text) is not hashes_only

    def test_hashes_alone_ask_no_database(self, unpacked, capsys, django_assert_num_queries):
        with django_assert_num_queries(0):
            assert verify(unpacked, capsys, hashes_only=True)[1] == ""

    @pytest.mark.parametrize("hashes_only", [True, False])
    def test_a_missing_part_is_named(self, unpacked, capsys, hashes_only):
        (unpacked / name_of("California")).unlink()
        lines, error = verify(unpacked, capsys, hashes_only=hashes_only)
        assert failures(lines) == [f"California: {name_of('California')}: missing"]
        assert error == "1 of these do not hold."

    def test_a_changed_file_of_a_part_is_named(self, unpacked, capsys):
        path = unpacked / name_of("New York")
        with zipfile.ZipFile(path) as archive:
            contents = {name: archive.read(name) for name in archive.namelist()}
        contents["signatures.csv"] += b"3,Mallory\r\n"
        with zipfile.ZipFile(path, "w") as archive:
            for name, content in contents.items():
                archive.writestr(name, content)
        lines, _error = verify(unpacked, capsys, hashes_only=True)
        found = failures(lines)
        assert found[:2] == [
            f"New York: {path.name}: changed since it was made",
            "New York: signatures.csv: changed since it was made",
        ]
        assert all(line.startswith("New York: ") for line in found)

    def test_a_part_that_is_something_else(self, unpacked, capsys):
        path = unpacked / name_of("New York")
        path.write_bytes(b"not a zip")
        for hashes_only in (True, False):
            lines, _error = verify(unpacked, capsys, hashes_only=hashes_only)
            assert failures(lines) == [
                f"New York: {path.name}: changed since it was made",
                "New York: not a delivery that can be checked",
            ]

    def test_a_part_that_was_rebuilt_since(self, unpacked, capsys):
        ledger.withdraw(Signature.objects.get(number=1))
        lifecycle.rebuild(DeliverySplit.objects.get().parts.get(part_label="New York"))
        build.build_queued()
        lines, _error = verify(unpacked, capsys)
        expected = "New York: not as recorded: the part was rebuilt, or the manifest was changed"
        assert failures(lines) == [expected]

    def test_a_part_taken_out_of_the_manifest(self, unpacked, capsys):
        path = unpacked / split_manifest.NAME
        listing = json.loads(path.read_text())
        gone = listing["parts"].pop()
        listing["signatures"] -= gone["signatures"]
        path.write_text(json.dumps(listing))
        lines, _error = verify(unpacked, capsys)
        [found] = failures(lines)
        assert "2 parts, in the ledger’s record: 3" in found

    def test_deleted_files_are_called_deleted(self, unpacked, capsys):
        part = DeliverySplit.objects.get().parts.get(part_label="California")
        expiry.delete_files(part)
        # What was downloaded before is still as it was made.
        assert verify(unpacked, capsys)[1] == ""
        listing = manifest.as_bytes(split_manifest.make(DeliverySplit.objects.get()))
        (unpacked / split_manifest.NAME).write_bytes(listing)
        (unpacked / name_of("California")).unlink()
        lines, _error = verify(unpacked, capsys)
        part.refresh_from_db()
        day = part.files_deleted_at.date().isoformat()
        assert failures(lines) == [
            f"California: {name_of('California')}: missing. The site deleted it on {day}, as planned"
        ]

    def test_a_cancelled_part_has_no_files(self, unpacked, capsys):
        split = DeliverySplit.objects.get()
        lifecycle.cancel(split.parts.get(part_label="California"))
        listing = manifest.as_bytes(split_manifest.make(split))
        (unpacked / split_manifest.NAME).write_bytes(listing)
        lines, error = verify(unpacked, capsys)
        assert not error
        assert "holds  California: cancelled; its signatures are in no part" in lines

    def test_a_signature_in_two_parts(self, unpacked, capsys):
        path = unpacked / split_manifest.NAME
        listing = json.loads(path.read_text()) | {"in_more_than_one_part": [1], "signatures": 3}
        path.write_text(json.dumps(listing))
        lines, _error = verify(unpacked, capsys, hashes_only=True)
        assert failures(lines) == [
            "In more than one part: numbers 1",
            "Signatures in the parts together: 4, in the whole: 3",
        ]

    def test_of_another_site(self, unpacked, capsys):
        Delivery.objects.update(split=None)
        DeliverySplit.objects.all().delete()
        lines, _error = verify(unpacked, capsys)
        assert failures(lines) == ["This site has no such split delivery"]

    def test_a_folder_without_a_manifest(self, tmp_path, capsys):
        assert "not a delivery that can be checked" in verify(tmp_path, capsys)[1]
        (tmp_path / split_manifest.NAME).write_text("[]")
        assert "is not of the format" in verify(tmp_path, capsys)[1]
