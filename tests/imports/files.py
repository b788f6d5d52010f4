"""One small file of each kind that people have: the traits are real, the people are made up."""

import codecs
import io
import json
import zipfile

import openpyxl

ACTION_NETWORK = (
    "uuid,first_name,last_name,email,zip_code,country,can2_user_city,can2_state_abbreviated,"
    "can2_user_tags,can2_subscription_status,can2_subscription_date,US voting state \r\n"
    "11111111-0000-4000-8000-000000000001,Mary,O'Neill,Mary@Example.org,00184-1234,US,Roma,,"
    '"#Ballots, Italy chapter",subscribed,2026-02-11 18:04:31,NY\r\n'
    "11111111-0000-4000-8000-000000000002,Иван,Петров,ivan@example.org,,IT,Firenze,,,unsubscribed,"
    "2026-02-10 18:04:31,CA\r\n"
)
WEBHOOK = [
    {
        "osdi:signature": {
            "created_date": "2026-03-20T21:04:31Z",
            "comments": "For the children.\nAll of them.",
            "action_network:referrer_data": {"source": "none", "website": "x.example"},
            "person": {
                "given_name": "Ada",
                "family_name": "Rossi",
                "email_addresses": [
                    {"address": "old@example.org", "primary": False},
                    {"address": "ada@example.org", "primary": True, "status": "unsubscribed"},
                ],
                "postal_addresses": [
                    {"postal_code": "00184", "address_lines": "Via X 1", "country": "IT"}
                ],
                "languages_spoken": ["it"],
                "custom_fields": {"US voting state": "NY"},
            },
            "add_tags": ["ballots"],
            "_links": {
                "osdi:person": {
                    "href": "https://an.example/api/v2/people/11111111-0000-4000-8000-000000000009"
                }
            },
        },
        "action_network:sponsor": {"title": "X"},
        "idempotency_key": "abc",
    }
]
COLLECTION = {
    "total_records": 1,
    "_links": {"self": {"href": "https://an.example/api/v2/petitions/1/signatures"}},
    "_embedded": {
        "osdi:signatures": [
            {
                "identifiers": ["action_network:sig-1"],
                "created_date": "2026-03-21T10:00:00Z",
                "action_date": "2026-03-20T10:00:00Z",
                "action_network:person_id": "11111111-0000-4000-8000-000000000010",
                "referrer_data": {"source": "newsletter-oct"},
                "person": {
                    "given_name": "Luca",
                    "family_name": "De Santis",
                    "email_addresses": [{"address": "luca@example.org", "status": "subscribed"}],
                    "postal_addresses": [
                        {"address_lines": ["Via Y 2"], "locality": "Roma", "country": "IT"}
                    ],
                },
            }
        ]
    },
}
CHANGE_ORG = (
    "Name\tCity\tState\tPostal Code\tCountry\tSigned On\r\n"
    "Luca De Santis\twoodstock il 60098\tAA\t\tUS\t2026-07-25\r\n"
    "Søren Østergård\tRoma\t\t00184\tItaly\t2026-07-24\r\n"
)
GOOGLE_FORMS = (
    '"Timestamp","Email Address","First name","Last name","In which state do you vote, please?"\n'
    '"2026/05/22 1:16:17 PM GMT+2","ada@example.org","Ada","Rossi","ny"\n'
    "4/29/2026 12:25:42,bob@example.org,Bob,李,New York\n"
)
MICROSOFT_FORMS = (
    "ID;Start time;Completion time;Email;Name;Nome e cognome;Indirizzo e-mail;Città\r\n"
    "1;8/20/25 12:51;8/20/25 12:52;anonymous;Anonymous;Nicolò D’Amico;nico@example.org;Forlì\r\n"
)
MAILCHIMP = (
    "Email Address,First Name,Last Name,MEMBER_RATING,OPTIN_TIME,OPTIN_IP,CONFIRM_TIME,CONFIRM_IP,"
    "LATITUDE,LONGITUDE,GMTOFF,DSTOFF,TIMEZONE,CC,REGION,{}LEID,EUID,NOTES,TAGS\r\n"
    "ada@example.org,Ada,Rossi,2,,,2025-03-16 14:40:47,203.0.113.7,,,,,,US,NY,{}1,a,,"
    '"""Petition"",""Italy"""\r\n'
)
MAILCHIMP_SUBSCRIBED = MAILCHIMP.format("", "")
MAILCHIMP_CLEANED = MAILCHIMP.format("CLEAN_TIME,", "2025-06-01 08:00:00,")
NATIONBUILDER = (
    "nationbuilder_id,email,email_opt_in,first_name,last_name,address_city,address_zip,"
    "address_country_code,tag_list,created_at\n"
    "17,ada@example.org,Y,Ada,Rossi,Roma,00184,IT,petition,03/04/2026\n"
)
PAPER = (
    "sheet;line;signed_on;first_name;last_name;city;postcode;country;us_state;email;show_name;"
    "wants_news\r\n"
    "RM-007;1;2026-10-04;Mary;O'Neill;Roma;00184;IT;NY;;no;no\r\n"
    "sheet;line;signed_on;first_name;last_name;city;postcode;country;us_state;email;show_name;"
    "wants_news\r\n"
    ";;;;;;;;;;;\r\n"
    "RM-007;2;2026-10-04;Luca;De Santis;Frascati;00044;IT;CA;luca@example.org;yes;sì\r\n"
)
UNKNOWN = (
    "Vorname|Nachname|E-Mail|Ort|PLZ|Land|Datum|Schuhgröße\n"
    "Jürgen|Groß|j@example.org|Köln|50667|Deutschland|24.12.2025|44\n"
)
BROKEN_ROWS = (
    "first_name,last_name,email,signed_on\n"
    "Ada,Rossi,mailto:ada@example.org,2026-02-31\n"
    'Ada,Rossi,"a@example.org, b@example.org",2026-03-01\n'
    "=cmd(),Rossi,c@example.org,2026-01-01\n"
    "A\0da,Rossi,d@example.org,2026-03-01,extra\n"
    "Eve,Rossi,e e@example.org,2026-03-01\n"
    ",,nobody@example.org,2026-03-01\n"
    "Eve,Rossi,eve@example.org,soon\n"
)


def xlsx(rows, sheets=("Sheet1",)):
    """A workbook as Excel writes it, with shared texts; ``rows`` of the first sheet."""
    book = openpyxl.Workbook()
    for position, name in enumerate(sheets):
        sheet = book.active if position == 0 else book.create_sheet()
        sheet.title = name
        for row in rows if position == 0 else ():
            sheet.append(row)
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def zipped(**parts):
    """A ZIP file of parts: {name: content}."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return made.getvalue()


# {name: (bytes, preset, encoding, delimiter, date order)}
FILES = {
    "action_network": (ACTION_NETWORK.encode(), "action_network", "utf-8", ",", "ymd"),
    "webhook": (json.dumps(WEBHOOK).encode(), "osdi", "utf-8", "", "ymd"),
    "collection": (json.dumps(COLLECTION, indent=2).encode(), "osdi", "utf-8", "", "ymd"),
    "helper": (
        json.dumps(COLLECTION["_embedded"]["osdi:signatures"][0]).encode(),
        *("osdi", "utf-8", "", "ymd"),
    ),
    "helpers": (
        "\n".join(json.dumps(item["osdi:signature"]) for item in WEBHOOK * 2).encode(),
        *("osdi", "utf-8", "", "ymd"),
    ),
    "change_org": (
        codecs.BOM_UTF16_LE + CHANGE_ORG.encode("utf-16-le"),
        *("change_org", "utf-16", "\t", "ymd"),
    ),
    "change_org_without_bom": (
        CHANGE_ORG.encode("utf-16-le"),
        *("change_org", "utf-16-le", "\t", "ymd"),
    ),
    "google_forms": (GOOGLE_FORMS.encode(), "google_forms", "utf-8", ",", "mdy"),
    "microsoft_forms": (
        MICROSOFT_FORMS.encode("windows-1252"),
        *("microsoft_forms", "windows-1252", ";", "mdy"),
    ),
    "mailchimp": (MAILCHIMP_SUBSCRIBED.encode(), "mailchimp", "utf-8", ",", "ymd"),
    "mailchimp_cleaned": (MAILCHIMP_CLEANED.encode(), "mailchimp_cleaned", "utf-8", ",", "ymd"),
    "nationbuilder": (NATIONBUILDER.encode(), "nationbuilder", "utf-8", ",", "mdy"),
    "paper": (codecs.BOM_UTF8 + PAPER.encode(), "paper", "utf-8-sig", ";", "ymd"),
    "unknown": (UNKNOWN.encode("iso-8859-15"), "", "windows-1252", "|", "dmy"),
    "sheet": (
        xlsx([line.split(";") for line in PAPER.splitlines() if line.strip(";")]),
        *("paper", "", "", "ymd"),
    ),
}

# {name: (bytes, what the sentence says)}
UNREADABLE = {
    "empty": (b"", "The file is empty"),
    "blank": (b"\n\n  \n", "The file is empty"),
    "headings alone": (b"first_name,last_name,email\n", "no rows below"),
    "two of one name": (b"Email,Name,email\na@example.org,A B,b@example.org\n", "Two columns"),
    "no headings": (b"Ada,Rossi,ada@example.org\n", "not headings"),
    "quotation mark": (
        b'first_name,last_name,email\nLuca,De Santis,l@example.org\nAda,"Rossi,a@example.org\n',
        "line 3 is never closed",
    ),
    "a cell without end": (b'name,email\n"' + b"x" * 200_000, "line 2 is never closed"),
    "old Excel": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "can’t be read"),
    "PDF": (b"%PDF-1.7 ...", "can’t be read"),
    "a page called Excel": (b"\xef\xbb\xbf <html><table><tr><td>a@b.org", "can’t be read"),
    "a page in UTF-16": ("<html><table>".encode("utf-16"), "can’t be read"),
    "a picture": (b"\x89PNG\r\n\x1a\n" + b"\0" * 30, "can’t be read"),
    "RTF": (b"{\\rtf1 first name", "can’t be read"),
    "a document": (
        zipped(**{"[Content_Types].xml": "", "word/document.xml": ""}),
        "no spreadsheet",
    ),
    "JSON in UTF-16": ('[{"email":"a@example.org"}]'.encode("utf-16"), "Save it in UTF-8"),
    "a cell too long": (b"name,email\n" + b"x" * 200_000, "Line 2 has a cell"),
    "a title above": (
        b"Signers 2026\n\nname,email,city\nAda,a@example.org,Roma\n",
        "Delete what is",
    ),
    "formulas alone": (xlsx([["name", "email"], ['="Ada"', "a@example.org"]]), "have no values"),
    "too many columns": (xlsx([[f"c{n}" for n in range(501)], ["x"]]), "more than 500 columns"),
    "a workbook without sheets": (
        zipped(**{"xl/workbook.xml": "<workbook/>", "[Content_Types].xml": "<Types/>"}),
        "damaged",
    ),
    "half a workbook": (FILES["sheet"][0][:900], "damaged"),
    "a workbook of nothing": (zipped(**{"xl/workbook.xml": "<workbook/>"}), "damaged"),
    "no XML": (zipped(**{"content.xml": "<office:spreadsheet"}), "damaged"),
    "another ZIP": (zipped(**{"readme.md": "hello"}), "no spreadsheet"),
    "lists in a ZIP": (zipped(**{"subscribed.csv": "a", "cleaned.csv": "b"}), "Unpack it"),
    "half a document": (json.dumps(WEBHOOK).encode()[:200], "ends too early"),
    "no signatures": (b"[]", "No signatures"),
    "numbers": (b"[1, 2, 3]", "No signatures"),
    "deep": (b"[" * 100_000, "nested too deeply"),
    "deep objects": (b'[{"a":' * 26 + b"1" + b"}]" * 26, "nested too deeply"),
    "bomb": (zipped(**{"content.xml": b" " * 30_000_000}), "unpacks to far more"),
    "laughs": (
        zipped(
            **{
                "content.xml": '<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "'
                + "&a;" * 1000
                + '">]><x>&b;</x>'
            }
        ),
        "not safe",
    ),
}
