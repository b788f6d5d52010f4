"""The parts of a split delivery together: complete, disjoint, in one manifest, in one ZIP."""

import io
import json
import zipfile

import pytest

from wagtail_petition import ledger
from wagtail_petition.delivery import build, expiry, lifecycle, manifest, parts, split_manifest
from wagtail_petition.delivery.membership import Members
from wagtail_petition.models import Delivery, Signature

pytestmark = pytest.mark.django_db

PLACES = ["US-NY", "US-NY", "US-CA", "US-AK", ""]


@pytest.fixture
def people(signed):
    return signed(
        *(
            {"given_name": f"Anna{n}", "home_country": "US", "home_region": region}
            for n, region in enumerate(PLACES)
        )
    )


@pytest.mark.parametrize("by", ["home_region", "home_district", "country", "region"])
def test_the_parts_hold_everybody_once(people, make_split, by):
    split = make_split(by)
    listing = split_manifest.make(split)
    numbers = [n for part in split.parts.all() for n in Members(part.members)]
    assert sorted(numbers) == [person.number for person in people]
    assert listing["signatures"] == listing["signatures_when_split"] == len(people)
    assert sum(entry["signatures"] for entry in listing["parts"]) == len(people)
    assert listing["in_more_than_one_part"] == []
    assert parts.get_progress(split) == ({"ready": len(listing["parts"])}, len(people))


def test_what_the_manifest_says_of_a_part(people, make_split):
    split = make_split()
    listing = json.loads(manifest.as_bytes(split_manifest.make(split)))
    assert [entry["label"] for entry in listing["parts"]] == [
        *("New York", "Alaska", "California", "No region")
    ]
    entry, part = listing["parts"][0], split.parts.earliest("pk")
    assert entry["filters"] == {"home_regions": ["US-NY"]}
    assert entry["recipient"] == {"name": "Senator of New York", "office": ""}
    assert (entry["signatures"], entry["numbers"]) == (2, {"first": 1, "last": 2})
    assert entry["manifest_sha256"] == part.manifest_sha256
    assert entry["files"] == list(part.files.values("name", "size", "sha256"))
    assert {file["name"] for file in entry["files"]} >= {
        *(f"delivery-{part.pk}.zip", "manifest.json", "signatures.csv")
    }
    assert listing["range"] == {"first": 1, "last": 5}
    assert listing["by"] == "home_region"


def test_it_names_no_signer(people, make_split):
    text = manifest.as_bytes(split_manifest.make(make_split())).decode()
    assert not any(words in text for words in ("Anna", "Moretti", "@example.org"))


def test_it_is_the_same_until_a_part_changes(people, make_split):
    split = make_split()
    before = manifest.as_bytes(split_manifest.make(split))
    assert manifest.as_bytes(split_manifest.make(split)) == before
    ledger.withdraw(people[0])
    part = split.parts.earliest("pk")
    assert parts.gone_from(split) == {part.pk: 1}
    lifecycle.rebuild(part)
    assert not parts.get_progress(split).is_complete
    build.build_queued()
    assert parts.gone_from(split) == {}
    after = split_manifest.make(split)
    assert (after["signatures_when_split"], after["signatures"]) == (5, 4)
    assert after["parts"][0] != json.loads(before)["parts"][0]
    assert after["parts"][1:] == json.loads(before)["parts"][1:]


def test_somebody_who_moves_between_two_builds_is_found_in_both(people, make_split):
    split = make_split()
    Signature.objects.filter(number=1).update(home_region="US-CA")
    california = split.parts.get(part_label="California")
    lifecycle.rebuild(california)
    # As if it were built for the first time.
    Delivery.objects.filter(pk=california.pk).update(members=b"")
    build.build_queued()
    assert split_manifest.make(split)["in_more_than_one_part"] == [1]


def test_a_cancelled_part_is_named_with_nothing_in_it(people, make_split):
    split = make_split()
    lifecycle.cancel(split.parts.get(part_label="California"))
    assert parts.get_progress(split).is_complete
    listing = split_manifest.make(split)
    [entry] = [entry for entry in listing["parts"] if entry.get("cancelled")]
    assert (entry["label"], entry["signatures"], entry["files"]) == ("California", 0, [])
    assert listing["signatures"] == 4


def test_it_outlives_the_files_and_says_when_they_were_deleted(people, make_split):
    split = make_split()
    before = split_manifest.make(split)
    part = split.parts.earliest("pk")
    expiry.delete_files(part)
    part.refresh_from_db()
    after = split_manifest.make(split)
    day = after["parts"][0].pop("files_deleted_on")
    assert day == part.files_deleted_at.date().isoformat()
    assert after == before


def test_not_complete_while_one_is_prepared_or_has_failed(people, make_split):
    split = make_split(made=False)
    progress = parts.get_progress(split)
    assert (progress.is_waiting, progress.is_complete, progress.signatures) == (True, False, 0)
    build.build_queued()
    assert parts.get_progress(split).is_complete
    Delivery.objects.filter(part_label="Alaska").update(state="failed")
    progress = parts.get_progress(split)
    assert (progress.is_waiting, progress.is_complete, progress.signatures) == (False, False, 4)


def test_any_number_of_parts_takes_as_many_queries(
    page, signed, make_split, django_assert_num_queries
):
    signed(*({"home_country": "US", "home_region": f"US-{state}"} for state in ("NY", "CA")))
    few = make_split()
    signed(*({"home_country": "US", "home_region": f"US-{n}"} for n in range(20)))
    many = make_split()
    assert (few.parts.count(), many.parts.count()) == (2, 22)
    for split in (few, many):
        with django_assert_num_queries(2):
            split_manifest.make(split)
        with django_assert_num_queries(2):
            parts.gone_from(split)
        with django_assert_num_queries(1):
            parts.get_progress(split)


def test_one_zip_of_all(people, make_split, content):
    split = make_split()
    archives = list(parts.get_archives(split))
    made = b"".join(parts.zip_chunks(archives, {"note.txt": b"Note"}))
    with zipfile.ZipFile(io.BytesIO(made)) as bundle:
        assert bundle.testzip() is None
        assert bundle.read("note.txt") == b"Note"
        for part in split.parts.all():
            assert bundle.read(f"delivery-{part.pk}.zip") == content(part)
    assert len(archives) == 4
