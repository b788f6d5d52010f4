"""Our own exports, imported into the petition they are of: nobody is added, and nothing changes."""

import io

import pytest

from wagtail_petition import ledger
from wagtail_petition.exports.resources import get_signature_resource
from wagtail_petition.exports.writers import FORMATS, write_open_file
from wagtail_petition.imports import run
from wagtail_petition.models import Petition, Signature

pytestmark = pytest.mark.django_db
PAPER = (
    "sheet,line,signed_on,first_name,last_name,city,email\n"
    "RM-78,1,2026-11-20,Ugo,Neri,Roma,ugo@example.org\n"
    "RM-78,2,2026-11-20,Pia,Neri,,\n"
    "RM-78,3,2026-11-20,Pia,Neri,,\n"
    "RM-78,4,2026-11-20,Ida,Moretti,Roma,\n"
)


@pytest.fixture
def import_again(page, make_batch, make_signature):
    """Import people with and without an address. Returns a function that imports the export."""
    make_signature(email="ada@example.org")
    run.import_now(make_batch(PAPER.encode(), ticked=True))
    petition = Petition.objects.get(key=page.petition_key)

    def export(kind="csv", language="en", **options):
        resource = get_signature_resource(petitions=[petition], language=language, **options)
        made = io.BytesIO()
        header, layout = resource.get_frame(FORMATS[kind])
        rows = resource.get_rows(Signature.objects.order_by("number"))
        write_open_file(made, kind, header, rows, **layout)
        return made.getvalue()

    def import_(content):
        batch = make_batch(content, of=page)
        assert batch.preset == "own_export"
        return run.import_now(batch).counts

    import_.export = export
    return import_


@pytest.mark.parametrize("language", ["en", "it"])
@pytest.mark.parametrize("kind", FORMATS)
def test_people_without_an_address_are_recognised(import_again, kind, language):
    before = sorted(Signature.objects.values_list())
    counts = import_again(import_again.export(kind, language))
    assert +counts == {"already_here": 2, "already_imported": 3}
    assert sorted(Signature.objects.values_list()) == before


def test_so_is_everybody_in_an_export_without_addresses(import_again):
    columns = ["number", "status", "given_name", "family_name", "origin", "signed_at"]
    counts = import_again(import_again.export(columns=columns))
    assert +counts == {"already_here": 1, "already_imported": 4}


def test_a_number_of_somebody_else_is_no_reason(import_again):
    content = import_again.export().replace(b"Pia,Neri", b"Lea,Neri")
    counts = import_again(content)
    assert counts["new"] + counts["possible_duplicates"] == 2


def test_whoever_was_erased_meanwhile_stays_out(import_again):
    content = import_again.export()
    erased = Signature.objects.get(origin_ref="RM-78 3")
    ledger.erase([erased.pk], petition=erased.petition)
    counts = import_again(content)
    assert (counts["new"], counts["already_imported"]) == (0, 2)
    assert Signature.objects.count() == 5
