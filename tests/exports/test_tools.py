"""Files for other tools: who is in them, and each byte as the tool wants it."""

import csv
import io
import json
import zipfile
from datetime import UTC, datetime

import pytest
from django.contrib.auth import get_user_model
from django.http import QueryDict

from tests.imports.files import ACTION_NETWORK
from wagtail_petition import ledger
from wagtail_petition.access.selection import Selection
from wagtail_petition.exports import export, parts, writers
from wagtail_petition.exports.tools import find_tool, get_format, get_tools
from wagtail_petition.imports import batches, mapping, run
from wagtail_petition.imports.reading import inspect
from wagtail_petition.mail import opt_out
from wagtail_petition.models import ImportBatch, MailOptOut, PetitionLogEntry, Signature

pytestmark = pytest.mark.django_db
SIGNED = datetime(2026, 10, 3, 22, 12, 44, tzinfo=UTC)
QUESTION = {"type": "short_text", "id": "state", "value": {"label": "US voting state"}}


@pytest.fixture
def asking(make_page):
    return make_page(title="Stop it, now", questions=[QUESTION], ask_message="optional")


@pytest.fixture
def mary(asking, make_signature):
    """A signer who wants news, with all that tools know, and texts that spreadsheets would run."""
    signature = make_signature(
        asking,
        given_name="Mary",
        family_name="O'Neill",
        email="mary@example.org",
        country="IT",
        city="Roma",
        postcode="00184",
        region="rm",
        message="=1+1\n“Yes”",
        answers={"state": "+39, NY"},
        source="newsletter-oct",
        wants_news=True,
    )
    Signature.objects.filter(pk=signature.pk).update(
        signed_at=SIGNED, confirmed_at=SIGNED, language="it"
    )
    signature.refresh_from_db()
    return signature


def make(name, *, everyone=False, answers=False):
    """The bytes of the file that an admin gets for a tool."""
    user, _is_new = get_user_model().objects.get_or_create(username="root", is_superuser=True)
    file = export.export(
        Selection(user, QueryDict()),
        None,
        format=name,
        columns=get_tools()[name].get_columns(answers=answers),
        everyone=everyone,
    )
    with file:
        return file.read()


CSV = {
    "action_network": (
        "email,first_name,last_name,address,city,state,zip_code,country,language,"
        "us_state,us_district,signed_at",
        "mary@example.org,Mary,O'Neill,,Roma,rm,00184,IT,it,,,2026-10-04",
    ),
    "nationbuilder": (
        "email,email_opt_in,first_name,last_name,address_city,address_zip,address_country_code,"
        "language,tag_list,external_id,created_at",
        "mary@example.org,Y,Mary,O'Neill,Roma,00184,IT,it,Petition: Stop it now,wp-{pk}-1,"
        "10/04/2026",
    ),
    "civicrm_contacts": (
        "External Identifier,First Name,Last Name,Email,City,Postal Code,Country,"
        "Preferred Language,Source",
        "wp-{pk}-1,Mary,O'Neill,mary@example.org,Roma,00184,IT,it_IT,Petition: Stop it now",
    ),
    "civicrm_activities": (
        "External Identifier,Activity Type,Subject,Activity Date,Activity Status",
        'wp-{pk}-1,Petition,"Stop it, now",2026-10-04 00:12:44,Completed',
    ),
    "mailchimp": (
        "Email Address,First Name,Last Name,Tags",
        "mary@example.org,Mary,O'Neill,Petition: Stop it now",
    ),
}


@pytest.mark.parametrize("name", CSV)
def test_tables_are_as_the_tool_wants_them(mary, name):
    expected = "".join(f"{line.format(pk=mary.petition_id)}\r\n" for line in CSV[name])
    assert make(name).decode() == expected


def test_action_network_gets_answers_as_custom_fields_and_no_guard_of_formulas(mary):
    lines = make("action_network", answers=True).decode().splitlines()
    assert lines == [
        "email,first_name,last_name,address,city,state,zip_code,country,language,"
        "us_state,us_district,US voting state,signed_at",
        'mary@example.org,Mary,O\'Neill,,Roma,rm,00184,IT,it,,,"+39, NY",2026-10-04',
    ]


def helper(signature, **more):
    identifier = f"wagtail_petition:{signature.petition.key}-1"
    return {
        "identifiers": [identifier],
        "origin_system": "wagtail_petition",
        "action_date": "2026-10-03T22:12:44Z",
        "referrer_data": {"source": "newsletter-oct", "website": "localhost"},
        "action_network:referrer_data": {"source": "newsletter-oct", "website": "localhost"},
        "person": {
            "identifiers": [identifier],
            "given_name": "Mary",
            "family_name": "O'Neill",
            "email_addresses": [{"address": "mary@example.org", "primary": True}],
            "postal_addresses": [
                {
                    "primary": True,
                    "locality": "Roma",
                    "region": "RM",
                    "postal_code": "00184",
                    "country": "IT",
                }
            ],
            "languages_spoken": ["it"],
        },
        "add_tags": ["Petition: Stop it now"],
        "triggers": {"autoresponse": {"enabled": False}},
        **more,
    }


@pytest.mark.parametrize(
    ("voting", "state", "district"),
    [
        (("US", "US-NY", "12"), "NY", "12"),
        (("US", "US-NY", "03"), "NY", "3"),
        (("US", "US-AK", "00"), "AK", "00"),
        (("US", "US-NY", ""), "NY", ""),
        (("IT", "IT-A", ""), "", ""),
    ],
)
def test_where_people_vote_is_in_custom_fields_of_action_network(mary, voting, state, district):
    values = dict(zip(("home_country", "home_region", "home_district"), voting, strict=True))
    Signature.objects.update(**values)
    (row,) = csv.DictReader(io.StringIO(make("action_network").decode()))
    assert (row["us_state"], row["us_district"]) == (state, district)
    (line,) = make("osdi").splitlines()
    fields = json.loads(line)["person"].get("custom_fields", {})
    assert (fields.get("us_state", ""), fields.get("us_district", "")) == (state, district)
    (line,) = make("osdi", answers=True).splitlines()
    assert json.loads(line)["person"]["custom_fields"]["US voting state"] == "+39, NY"


def test_each_line_for_osdi_can_be_posted(mary):
    (line,) = make("osdi").splitlines()
    assert json.loads(line) == helper(mary)


def test_osdi_gets_messages_and_answers_only_if_asked_for(mary):
    (line,) = make("osdi", answers=True).splitlines()
    found = json.loads(line)
    assert found["comments"] == "=1+1\n“Yes”"
    assert found["person"]["custom_fields"] == {"US voting state": "+39, NY"}


def test_what_is_not_known_is_not_sent_to_osdi(asking, make_signature):
    make_signature(asking, country="", region="Lazio", family_name="", wants_news=True)
    (line,) = make("osdi", answers=True).splitlines()
    found = json.loads(line)
    assert found["person"].keys() == {
        *("identifiers", "given_name", "email_addresses", "languages_spoken")
    }
    assert "comments" not in found
    assert "source" not in found["referrer_data"]


def test_an_osdi_collection(mary):
    content = make("osdi_collection")
    found = json.loads(content)
    url = found["_links"]["self"]["href"]
    assert url.startswith("http://localhost/")
    assert [*map(found.get, ("total_records", "per_page", "page", "total_pages"))] == [1, 1, 1, 1]
    assert found["_links"]["curies"][0]["name"] == "osdi"
    assert found["_embedded"]["osdi:signatures"] == [
        helper(
            mary,
            created_date="2026-10-03T22:12:44Z",
            modified_date="2026-10-03T22:12:44Z",
            _links={"osdi:petition": {"href": url}},
        )
    ]


@pytest.mark.parametrize("name", get_tools())
def test_a_file_of_nobody_can_be_read(page, name):
    ledger.ensure_petition(page)
    content = make(name)
    if name == "osdi":
        assert content == b""
    elif name == "osdi_collection":
        assert json.loads(content)["_embedded"] == {"osdi:signatures": []}
    else:
        assert content.count(b"\r\n") == 1


@pytest.fixture
def people(page, make_signature):
    """Signers of every kind: one alone wants news and may be handed over."""
    wants = {"wants_news": True}
    make_signature(email="yes@example.org", **wants)
    make_signature(email="no@example.org")
    make_signature(email="unconfirmed@example.org", confirm=False, **wants)
    petition = ledger.ensure_petition(page)
    ledger.withdraw(make_signature(email="withdrawn@example.org", **wants))
    invalidated = make_signature(email="invalidated@example.org", **wants)
    ledger.invalidate([invalidated.pk], petition=petition)
    erased = make_signature(email="erased@example.org", **wants)
    ledger.erase([erased.pk], petition=petition)
    make_signature(email="gone@example.org", **wants)
    opt_out.opt_out("gone@example.org")
    paper = make_signature(email="paper@example.org", **wants)
    Signature.objects.filter(pk=paper.pk).update(email="", email_key=None)
    return petition


@pytest.mark.parametrize("name", get_tools())
def test_only_people_who_opted_in_are_handed_over(people, name):
    found = make(name).decode()
    if name == "civicrm_activities":
        assert found.count("\r\n") == 2
        assert "-1,Petition" in found
    else:
        assert found.count("@example.org") == 1
        assert "yes@example.org" in found


def test_everyone_still_leaves_out_who_must_not_be_emailed(people):
    lines = make("nationbuilder", everyone=True).decode().splitlines()[1:]
    assert [line.split(",")[:2] for line in lines] == [
        ["yes@example.org", "Y"],
        ["no@example.org", "N"],
    ]
    entry = PetitionLogEntry.objects.filter(action="wagtail_petition.export").get()
    assert (entry.data["rows"], entry.data["everyone"]) == (2, True)


def test_osdi_says_of_everyone_who_did_not_opt_in(people):
    lines = make("osdi", everyone=True).splitlines()
    (first,), (second,) = (json.loads(line)["person"]["email_addresses"] for line in lines)
    assert "status" not in first
    assert second["status"] == "unsubscribed"


def test_mailchimp_never_gets_people_who_did_not_opt_in(people):
    assert make("mailchimp", everyone=True).decode().count("@") == 1


def test_a_file_that_is_too_large_for_nationbuilder_comes_in_parts(
    page, make_signature, monkeypatch
):
    for number in range(5):
        make_signature(email=f"{number}@example.org", wants_news=True)
    whole = make("nationbuilder")
    monkeypatch.setattr(writers, "ROWS_AT_ONCE", 1)
    assert make("nationbuilder") == whole
    head, *rows = whole.splitlines(keepends=True)
    monkeypatch.setattr(parts, "PART_BYTES", len(head) + 2 * len(rows[0]))
    with zipfile.ZipFile(io.BytesIO(make("nationbuilder"))) as archive:
        found = {name: archive.read(name) for name in archive.namelist()}
    assert found == {
        "part-1.csv": b"".join([head, *rows[:2]]),
        "part-2.csv": b"".join([head, *rows[2:4]]),
        "part-3.csv": b"".join([head, *rows[4:]]),
    }


def test_a_site_has_a_tool_of_its_own(settings, mary):
    settings.WAGTAIL_PETITION = {"EXPORT_TOOLS": ["tests.testapp.exports.listmonk"]}
    assert find_tool("listmonk").label == "listmonk (CSV)"
    assert make("listmonk").decode() == "email,name\r\nmary@example.org,Mary\r\n"


def test_rows_are_written_as_they_are_read(mary, monkeypatch):
    """No file is held in memory: of many rows, one batch at a time is asked for."""
    asked = []
    row = ["mary@example.org", "Mary", "O'Neill", "Petition"]

    def rows():
        for number in range(5000):
            asked.append(number)
            yield row

    for name in get_tools():
        asked.clear()
        kind = get_format(name)

        class File(io.BytesIO):
            def write(self, data):
                self.most = max(getattr(self, "most", 0), len(data))
                return super().write(data)

        file = File()
        kind.write(file, ["a", "b", "c", "d"], rows())
        assert len(asked) == 5000
        assert file.most < 100_000


def test_from_action_network_and_back(make_page):
    page = make_page(questions=[QUESTION])
    petition = ledger.ensure_petition(page)
    content = io.BytesIO(ACTION_NETWORK.encode())
    batch = batches.create(petition, content, "report.csv")
    inspection = batches.look_into(batch)
    batches.describe(batch, inspection, mapping.propose(inspection, petition))
    batch.signed_text = ledger.get_or_create_text(page.get_text_to_sign())
    batch.consent = "On their form"
    batch.save()
    run.import_now(batch)
    assert batch.state == ImportBatch.State.DONE
    back = make("action_network", answers=True)
    assert back.decode().splitlines() == [
        "email,first_name,last_name,address,city,state,zip_code,country,language,"
        "us_state,us_district,US voting state,signed_at",
        # Of the report's two people, one is unsubscribed there.
        "Mary@example.org,Mary,O'Neill,,Roma,,00184-1234,US,en,,,NY,2026-02-11",
    ]
    # Our own import reads what we have written, without a preset, as the same person.
    again = inspect(io.BytesIO(back))
    meanings = mapping.propose(again, petition).columns
    assert {meanings[name] for name in ("email", "first_name", "zip_code", "signed_at")} == {
        *("email", "given_name", "postcode", "signed_at")
    }


@pytest.mark.parametrize("name", ["osdi", "osdi_collection"])
def test_our_osdi_is_read_again_as_the_same_people(mary, asking, name):
    inspection = inspect(io.BytesIO(make(name, answers=True)))
    proposed = mapping.propose(inspection, mary.petition)
    assert proposed.preset_name == "osdi"
    assert not MailOptOut.objects.exists()
    samples = {column.heading: column.samples for column in inspection.columns}
    assert samples["email"] == ["mary@example.org"]
    assert samples["comments"] == ["=1+1\n“Yes”"]
    assert samples["US voting state"] == ["+39, NY"]
    assert proposed.columns["US voting state"] == "answer:state"


@pytest.mark.parametrize(
    ("voting", "expected"),
    [
        (
            {"home_region": "US-NY", "home_district": "12", "home_place": "Brooklyn, NY 11201"},
            "HNY12,Mary,O'Neill,Brooklyn,NY,11201",
        ),
        (
            {"home_region": "US-AK", "home_district": "00", "home_place": "99501-1234 Anchorage"},
            "HAK00,Mary,O'Neill,Anchorage,AK,99501-1234",
        ),
        ({"home_region": "US-NY", "home_place": "Albany"}, ",Mary,O'Neill,Albany,NY,"),
        ({"home_place": "11201 or 11202"}, ",Mary,O'Neill,11201 or 11202,,"),
        ({"home_country": "GB", "home_district": "Bath", "home_place": "Bath"}, ",Mary,O'Neill,,,"),
        ({"home_country": ""}, ",Mary,O'Neill,,,"),
    ],
)
def test_congress(mary, voting, expected):
    Signature.objects.filter(pk=mary.pk).update(**{"home_country": "US", **voting})
    header, row = make("congress").decode("utf-8-sig").splitlines()
    assert header == "MemberOffice,FirstName,LastName,City,StateAbbreviation,Zip,Email"
    assert row == f"{expected},mary@example.org"
    assert "ConstituentMessage" in make("congress", answers=True).decode()
