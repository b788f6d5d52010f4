"""No character stops a PDF: unprintable ones are printed as codes, and listed."""

import io
import json
import random

import pypdf
import pytest

from wagtail_petition.delivery import font_coverage
from wagtail_petition.delivery.pdf import letter_data, volume_data
from wagtail_petition.delivery.typesetter import typeset
from wagtail_petition.models import Delivery

# Unassigned, without a font, of several parts, format characters, refused by PDF/UA-1.
UNUSUAL = [
    "Anna\u0378",
    "\u03a2",
    "Anna 1\ufe0f\u20e3",
    "A\u20e3",
    "\u0890",
    "\U00013430",
    "\u1680x",
    "\ufeff",
    "a\ufeffb",
    "\uff65\uff9f",
    "👩\u200d👧",
    "🇮🇹",
    "x\u202eabc",
    "\U0010fffe",
]
SYSTEM_FONTS = pytest.mark.parametrize("system_fonts", [True, False], ids=["all", "embedded"])


def refused_in(texts, system_fonts):
    found = set().union(*map(font_coverage.odd_clusters, texts))
    return font_coverage.unprintable(found, [], system_fonts=system_fonts)


@SYSTEM_FONTS
def test_each_odd_text_can_be_printed_with_codes(system_fonts):
    refused = refused_in(UNUSUAL, system_fonts)
    coded = {font_coverage.with_codes(text, refused) for text in UNUSUAL}
    assert font_coverage.unprintable(coded, [], system_fonts=system_fonts) == set()


@SYSTEM_FONTS
def test_what_is_taken_for_printable_is(system_fonts):
    plain = {chr(c) for c in range(0x20, 0x3000) if not font_coverage.NOT_PLAIN.match(chr(c))}
    assert len(plain) > 500
    assert font_coverage.unprintable(plain, [], system_fonts=system_fonts) == set()


@SYSTEM_FONTS
def test_texts_of_any_characters_can_be_printed_with_codes(system_fonts):
    """Texts mixed from all planes, their letters next to each other in any order."""
    chance = random.Random(8)
    ranges = [range(0x20, 0x3000), range(0x3000, 0x20000), range(0xE0000, 0x110000)]
    known = [chr(c) for each in ranges for c in chance.sample(each, 40)]
    texts = ["".join(chance.choices(known, k=8)) for _ in range(100)]
    refused = refused_in(texts, system_fonts)
    coded = {font_coverage.with_codes(text, refused) for text in texts}
    assert font_coverage.unprintable(coded, [], system_fonts=system_fonts) == set()


def test_a_letter_stays_and_its_odd_mark_becomes_a_code():
    refused = {"A\u20e3", "👩\u200d👧"}
    assert font_coverage.with_codes("A\u20e3na", refused) == "A[U+20E3]na"
    assert font_coverage.with_codes("👩\u200d👧!", refused) == "[U+1F469 U+200D U+1F467]!"
    assert font_coverage.with_codes("Anna", refused) == "Anna"


@pytest.mark.django_db
class TestDelivery:
    @pytest.mark.parametrize("text", UNUSUAL, ids=ascii)
    def test_the_document_is_made_whatever_stands_in_it(self, page, tmp_path, text):
        """Also in the title and the cover letter."""
        page.title = text
        page.petition.title = text
        delivery = Delivery(
            petition=page.petition,
            last_number=1,
            recipient=f"Jane {text}",
            language="en",
            cover_letter=f"Dear {{recipient}},\n\n{text}",
        )
        data = volume_data(
            delivery,
            page,
            [["1", text]],
            columns=[("No.", 0), ("Name", 3)],
            position=1,
            of=1,
            total=1,
            content_sha256="",
        )
        letter = letter_data(delivery, page, count=1, breakdowns=[], manifest_sha256="0", logos={})
        jobs = [("volume.typ", data, "volume.pdf"), ("letter.typ", letter, "letter.pdf")]
        typeset(tmp_path, jobs, timestamp=delivery.petition.created_at)
        for name in ("volume.pdf", "letter.pdf"):
            assert (tmp_path / name).read_bytes()[:5] == b"%PDF-"

    def test_it_says_whose_and_where(self, signed, make_delivery, content):
        signed(
            "Bruno",
            {"given_name": "Anna\u0378"},
            {"given_name": "Carla", "city": "Roma\u03a2", "message": "A\u20e3"},
        )
        delivery = make_delivery(
            formats=["pdf", "csv"], columns=["number", "given_name", "city", "message"]
        )
        assert (delivery.state, delivery.error) == (Delivery.State.READY, "")
        assert delivery.unprintable.split() == ["A\u20e3", "\u0378", "\u03a2"]
        assert delivery.printed_as_codes == {
            "count": 2,
            "first": [[2, ["given_name"]], [3, ["city", "message"]]],
        }
        assert json.loads(content(delivery, "manifest.json"))["printed_as_codes"] == [
            {"number": 2, "columns": ["given_name"]},
            {"number": 3, "columns": ["city", "message"]},
        ]
        # The table has it as it was typed.
        assert "Anna\u0378" in content(delivery, "signatures.csv").decode("utf-8-sig")
        pdf = pypdf.PdfReader(io.BytesIO(content(delivery, "signatures-001.pdf")))
        text = "".join(each.extract_text() for each in pdf.pages)
        assert "Anna[U+0378]" in text
        assert "Roma[U+03A2]" in text

    def test_without_a_pdf_nobody_asks_for_glyphs(self, signed, make_delivery, monkeypatch):
        monkeypatch.setattr(font_coverage, "unprintable", None)
        signed("Anna\u0378")
        assert make_delivery(formats=["csv"]).error == ""
