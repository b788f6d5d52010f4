"""Real names are stored exactly, shown, found by search, and delivered.

Each (first name, last name, name in public, what else a search finds it by).
"""

import csv
import io
import re
import unicodedata
from html import unescape

import openpyxl
import pypdf
import pytest
from django.urls import reverse

from tests.admin.people import make_user
from tests.helpers import path_in
from wagtail_petition.delivery import build
from wagtail_petition.delivery.columns import PRESETS
from wagtail_petition.exports.cells import unguard
from wagtail_petition.models import Delivery, Signature
from wagtail_petition.models.public_name import public_name
from wagtail_petition.storage import private_storage

PEOPLE = [
    ("Anna", "Moretti", "Anna M.", "moretti anna"),
    ("Maria Grazia", "Dell'Acqua", "Maria Grazia D.", "dell’acqua"),
    ("Niccolò", "D’Alò", "Niccolò D.", "d'alo"),
    ("Sofia", "d'Angelo", "Sofia A.", "dangelo"),
    ("Gian Luca", "De Rossi", "Gian Luca D.", "de rossi"),
    ("Anna", "(née) Rossi", "Anna R.", "anna nee rossi"),
    ("Jane", "Dönitz (née Groß)", "Jane D.", "donitz"),
    ("Seán", "O'Neill", "Seán O.", "oneill"),
    ("Aoife", "Ní Dhomhnaill", "Aoife N.", "ni dhomhnaill"),
    ("Róisín", "Mac an tSaoir", "Róisín M.", "roisin mac"),
    ("Conor", "McDonald", "Conor M.", "mcdonald"),
    ("Gerard", "'t Hooft", "Gerard H.", "t hooft"),
    ("Willem", "’t Hart", "Willem H.", "'t hart"),
    ("Joost", "ʼt hart", "Joost t.", "t hart"),
    ("Vincent", "van der Berg", "Vincent B.", "van der berg"),
    ("Jan-Willem", "van ’s-Gravenhage", "Jan-Willem G.", "jan willem"),
    ("Juan", "de la Cruz", "Juan C.", "de la cruz"),
    ("José Ángel", "Núñez y Gómez", "José Ángel N.", "nunez"),
    ("Begoña", "García-Lorca", "Begoña G.", "garcia lorca"),
    ("Laia", "Gal·la", "Laia G.", "laia"),
    ("Björk", "Guðmundsdóttir", "Björk G.", "gudmundsdottir"),
    ("Þórir", "Ægisson", "Þórir Æ.", "aegisson thorir"),
    ("Øyvind", "Åsgård", "Øyvind Å.", "oyvind asgard"),
    ("Łukasz", "Wałęsa", "Łukasz W.", "lukasz walesa"),
    ("Đorđe", "Đoković", "Đorđe Đ.", "dorde dokovic"),
    ("Jürgen", "Groß", "Jürgen G.", "gross"),
    ("Işık", "Yılmaz", "Işık Y.", "yilmaz"),
    ("İbrahim", "Çelik", "İbrahim Ç.", "ibrahim"),
    ("Sukarno", "", "Sukarno", "sukarno"),
    ("Suharto", "", "Suharto", "suharto"),
    ("小龍", "李", "小龍", "李 小龍"),
    ("伟", "王", "伟", "王"),
    ("さくら", "田中", "さくら", "田中"),
    ("さくら", "ｱﾍﾞ", "さくら", "アベ"),
    ("민준", "김", "민준", "김"),
    ("Xiaoming", "Wang", "Xiaoming W.", "wang xiaoming"),
    ("محمد", "عبد الله", "محمد ع.", "عبد"),
    ("فاطمة", "الزهراء", "فاطمة ا.", "الزهراء"),
    ("أحمد", "حداد", "أحمد ح.", "احمد"),
    ("דוד", "כהן", "דוד כ.", "כהן"),
    ("שָׁלוֹם", "עוז", "שָׁלוֹם ע.", "שלום"),
    ("สมชาย", "ใจดี", "สมชาย ใ.", "สมชาย"),
    ("Nguyễn Thị", "Minh Khai", "Nguyễn Thị M.", "nguyen thi"),
    ("Đặng", "Văn Lâm", "Đặng V.", "dang van lam"),
    ("Ọláolúwa", "Adéyẹmí", "Ọláolúwa A.", "adeyemi"),
    ("Ngozi", "Okonjo-Iweala", "Ngozi O.", "okonjo iweala"),
    ("Chukwuemeka", "Ɗangote", "Chukwuemeka Ɗ.", "dangote"),
    ("Keanu", "Kaʻiulani", "Keanu K.", "ka'iulani"),
    ("Kuʻulei", "Kahanamoku", "Kuʻulei K.", "kuulei"),
    ("Дмитро", "Шевченко", "Дмитро Ш.", "шевченко"),
    ("Сергей", "Ёлкин", "Сергей Ё.", "елкин"),
    ("Σωκράτης", "Παπαδόπουλος", "Σωκράτης Π.", "παπαδοπουλοσ"),
    ("राम्‌कुमार", "शर्मा", "राम्‌कुमार श.", "शर्मा"),
    ("Գարիկ", "Մարտիրոսյան", "Գարիկ Մ.", "մարտիրոսյան"),
    ("გიორგი", "მესხი", "გიორგი მ.", "მესხი"),
    ("Martin Luther", "King Jr.", "Martin Luther K.", "king jr"),
    ("Sammy", "Davis, Jr.", "Sammy D.", "davis jr"),
    ("John", "Smith III", "John S.", "smith iii"),
    ("J.R.R.", "Tolkien", "J.R.R. T.", "j r r tolkien"),
    ("J.Co", "Rossi.io", "J.Co R.", "rossi io"),
    ("Mary", "Smith-Jones", "Mary S.", "smith jones"),
    ("X Æ", "A-12", "X Æ A.", "a-12"),
    ("anna", "rossi", "anna r.", "rossi anna"),
    ("Hubert Blaine", "Wolfeschlegelsteinhausenbergerdorff" * 2, "Hubert Blaine W.", "wolfesch"),
    ("Ana`", "O´Hara", "Ana` O.", "ohara"),
]
FULL = [f"{given} {family}".strip() for given, family, _public, _search in PEOPLE]
pytestmark = pytest.mark.django_db


def email_of(position):
    return f"person{position}@example.org"


@pytest.mark.parametrize(("given", "family", "public", "_text"), PEOPLE, ids=FULL)
def test_it_is_taken_as_typed(page, form_data, given, family, public, _text):
    data = form_data(given_name=given, family_name=family or "-")
    form = page.get_sign_form(data)
    assert form.is_valid(), form.errors
    kept = (form.personal_data["given_name"], form.personal_data["family_name"])
    assert kept == (unicodedata.normalize("NFC", given), unicodedata.normalize("NFC", family))
    assert public_name(given, family) == public


@pytest.fixture
def everybody(page, make_signature):
    """All of them, confirmed, in order."""
    return [
        make_signature(
            given_name=given, family_name=family, email=email_of(position), show_name=True
        )
        for position, (given, family, _public, _text) in enumerate(PEOPLE)
    ]


def test_it_is_shown_to_the_person_who_confirms(client, post, mailoutbox, settings):
    settings.WAGTAIL_PETITION = {
        **settings.WAGTAIL_PETITION,
        "SIGNATURES_PER_NETWORK": None,
        "SIGNATURES_PER_NETWORK_AT_MOST": None,
    }
    for position, (given, family, _public, _text) in enumerate(PEOPLE):
        post(given_name=given, family_name=family or "-", email=email_of(position))
    assert len(mailoutbox) == len(PEOPLE)
    for mail in mailoutbox:
        name = FULL[int(re.search(r"\d+", mail.to[0])[0])]
        assert name in unescape(client.get(path_in(mail, "confirm")).text)


def test_it_is_shown_in_public_by_its_initial(client, page, everybody):
    url = f"{reverse('wagtail_petition:signatures', args=[page.petition_key])}"
    html, before = "", None
    while before != html:
        before, query = html, f"?before={len(everybody) + 1 - html.count('<time')}"
        html += client.get(url + query).text if html.count("<time") < len(everybody) else ""
    for _given, family, public, _text in PEOPLE:
        assert f">{public}<" in unescape(html)
        assert len(family) < 3 or f"{_given} {family}" not in unescape(html)


def test_it_is_listed_and_found(client, page, everybody):
    client.force_login(make_user("viewer", "view", pages=[page]))
    results = reverse("petition_signatures:index_results")

    def listed(**query):
        return re.findall(r"<bdi>([^<]*)</bdi>", client.get(results, query).text)

    for (given, family, _public, text), name in zip(PEOPLE, FULL, strict=True):
        for asked in (name, f"{family} {given}".strip(), text):
            assert name in map(unescape, listed(q=asked)), asked


def test_what_is_safe_to_publish_holds_no_last_name():
    columns = PRESETS["public"].columns
    assert "public_name" in columns
    assert not {"family_name", "given_name", "email", "postcode"} & {*columns}


def test_it_is_exported_and_delivered(page, everybody, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    page.petition.refresh_from_db()
    delivery = Delivery.objects.create(
        petition=page.petition,
        last_number=page.petition.last_number,
        recipient="Jane Doe",
        language="en",
        columns=["number", "given_name", "family_name", "public_name", "country"],
        formats=["csv", "xlsx", "pdf"],
        only_new=False,
    )
    build.build_queued()
    files = {}
    for file in delivery.files.all():
        with private_storage().open(file.path) as opened:
            files[file.name] = io.BytesIO(opened.read())
    expected = [
        [str(number), given, family, public]
        for number, (given, family, public, _text) in enumerate(PEOPLE, 1)
    ]

    (name,) = (name for name in files if name.endswith(".csv"))
    rows = list(csv.reader(io.StringIO(files[name].getvalue().decode("utf-8-sig"), newline="")))
    assert [[unguard(cell) for cell in row[:4]] for row in rows[1:]] == expected

    (name,) = (name for name in files if name.endswith(".xlsx"))
    cells = openpyxl.load_workbook(files[name]).active.iter_rows(min_row=2, values_only=True)
    assert [[str(cell or "") for cell in row[:4]] for row in cells] == expected

    text = "".join(
        page.extract_text()
        for name in files
        if re.search(r"signatures-\d+\.pdf", name)
        for page in pypdf.PdfReader(files[name]).pages
    )
    # How a PDF keeps the order and the joining of other scripts is its reader's business.
    for name in FULL:
        if name.isascii() and "Wolfe" not in name:
            assert name in " ".join(text.split())
    assert Signature.objects.count() == len(PEOPLE)
