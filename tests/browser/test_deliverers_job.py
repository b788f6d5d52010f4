"""The deliverer's whole job by keyboard alone: from the login to the receipt on record."""

import json
import re

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.urls import reverse
from playwright.sync_api import expect

from wagtail_petition import ledger
from wagtail_petition.delivery import build
from wagtail_petition.models import Delivery, Petition

from .conftest import DESK
from .test_admin_accessibility import NARROW, faults
from .test_editors_job import Keyboard


@pytest.fixture
def deliverer(site, make_page, settings, tmp_path):
    """Somebody who may deliver the signatures of a petition that has some."""
    settings.MEDIA_ROOT = tmp_path / "media"
    page = make_page()
    for number, region in enumerate(["Lazio", "lazio", "", "Ohio"]):
        ledger.confirm(
            ledger.sign(
                page,
                given_name="Anna",
                family_name="Moretti",
                email=f"anna{number}@example.org",
                country="IT",
                region=region,
                wants_news=not number,
            )
        )
    ledger.add_paper_count(page.petition, number=312, day=page.petition.created_at.date())
    call_command("create_petition_groups", verbosity=0)
    user = get_user_model().objects.create_user("deliverer", "d@example.org", "password")
    groups = ["Petition editors", "Signature managers", "Signature exporters"]
    user.groups.set(Group.objects.filter(name__in=groups))
    return user


def log_in(keyboard):
    window = keyboard.window
    window.goto("/admin/login/")
    keyboard.write(window.locator("[name=username]"), "deliverer")
    keyboard.write(window.locator("[name=password]"), "password")
    keyboard.press("Enter")
    expect(window).to_have_url(re.compile("/admin/$"))


@pytest.mark.parametrize(
    ("size", "scheme"), [(DESK, "light"), (NARROW, "dark")], ids=["wide", "narrow and dark"]
)
def test_from_the_login_to_the_receipt(deliverer, open_window, size, scheme, tmp_path):
    window = open_window(size, color_scheme=scheme)
    keyboard, found = Keyboard(window), []
    main = window.get_by_role("main")
    button, link = (
        lambda name, role=role, **more: main.get_by_role(role, name=name, **more)
        for role in ("button", "link")
    )

    def is_at(name, target):
        """Wait for ``target``, and let axe look at what it doesn't see elsewhere."""
        expect(target).to_be_visible()
        found.extend(faults(window, name))

    scan = tmp_path / "stamp.pdf"
    scan.write_bytes(b"%PDF-1.7")

    log_in(keyboard)
    # Create: the only petition is chosen already.
    keyboard.activate(window.get_by_role("button", name="Petitions").first)
    menu = window.get_by_role("list", name="Petitions")
    keyboard.activate(menu.get_by_role("link", name="Deliveries"))
    expect(window.get_by_role("heading", name="Deliveries").first).to_be_visible()
    keyboard.activate(window.get_by_role("link", name="Add delivery").first)
    step = window.locator("[aria-current=step]")
    expect(step).to_have_text("Signatures")

    # Another recipient, whose name is asked for. What is missing is announced.
    keyboard.go_to(window.get_by_role("radio", name="Jane Doe"))
    expect(window.get_by_label("Recipient name")).to_be_hidden()
    keyboard.press("ArrowUp")
    expect(window.get_by_label("Recipient name")).to_be_visible()
    keyboard.activate(button("Next"))
    expect(window.locator(".messages").first).to_contain_text("due to errors")
    is_at("signatures", window.get_by_text("Enter the name of the recipient."))
    keyboard.write(window.get_by_label("Recipient name"), "Senator Roe")
    keyboard.activate(button("Next"))

    expect(step).to_have_text("Contents")
    is_at("contents", window.get_by_role("heading", name="Summary"))
    summary = window.get_by_role("complementary", name="Summary")
    expect(summary).to_contain_text("Paper signatures without names")
    keyboard.activate(button("Next"))

    # Check: what the sample shows is what will be delivered.
    expect(step).to_have_text("Review")
    is_at("review", window.get_by_role("heading", name="Sample page"))
    keyboard.activate(button("Create delivery"))

    # It is built in the background, and the page says when it is ready.
    expect(link("Mark as delivered")).to_be_visible()
    expect(main).to_contain_text("1 signer can be notified")
    with window.expect_download() as download:
        keyboard.activate(link(re.compile(r"\.zip$")))
    assert download.value.suggested_filename.endswith(".zip")

    keyboard.activate(link("Verify files"))
    expect(window.get_by_text("All files are as they were made.")).to_be_visible()
    keyboard.activate(link("Back to the delivery"))

    # Handed over, with a receipt.
    keyboard.activate(link("Mark as delivered"))
    expect(window.get_by_label("Place")).to_be_visible()
    keyboard.write(window.get_by_label("Place"), "Washington")
    receipt = window.get_by_label("Receipt")
    # The system's dialog would open with Enter. The file is given to the field without it.
    keyboard.go_to(receipt)
    receipt.set_input_files(scan)
    expect(receipt).to_have_value(re.compile(r"stamp\.pdf$"))
    keyboard.activate(button("Mark as delivered"))
    expect(link("receipt-stamp.pdf")).to_be_visible()
    expect(main).to_contain_text("Washington")

    # What comes later is added, with who and when.
    keyboard.activate(link("Add receipt or note"))
    expect(window.get_by_label("Note")).to_be_visible()
    keyboard.write(window.get_by_label("Note"), "The answer came by post.")
    keyboard.activate(button("Add", exact=True))
    expect(window.get_by_role("heading", name="History")).to_be_visible()
    entry = window.get_by_role("row").filter(has_text="The answer came by post.")
    expect(entry).to_contain_text("deliverer")

    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.recipient, delivery.count) == ("delivered", "Senator Roe", 4)
    assert not found, "\n".join(map(str, found))
    # Checking the files needed a shell before, and a receipt that came later had no place.
    assert keyboard.pressed <= 18


def test_sent_by_email_until_the_office_confirms(deliverer, open_window, settings, mailoutbox):
    """The organiser writes, looks at and sends the email; the office enters the code, and answers."""
    settings.WAGTAIL_PETITION = {"BACKGROUND": "inline"}
    petition = Petition.objects.get()
    delivery = Delivery.objects.create(
        petition=petition, last_number=4, recipient="Senator Roe", language="en",
        columns=["number"], formats=["csv"],
    )  # fmt: skip
    build.build_queued()
    window = open_window(NARROW, color_scheme="dark")
    keyboard, found = Keyboard(window), []
    main = window.get_by_role("main")
    window.goto("/admin/login/")
    keyboard.write(window.locator("[name=username]"), "deliverer")
    keyboard.write(window.locator("[name=password]"), "password")
    keyboard.press("Enter")
    expect(window).to_have_url(re.compile("/admin/$"))
    window.goto(reverse("petition_deliveries:detail", args=[delivery.pk]))

    mailoutbox.clear()
    keyboard.activate(main.get_by_role("link", name="Send by email"))
    keyboard.write(main.get_by_role("textbox", name="To*"), "roe@senate.example")
    keyboard.write(window.get_by_label("Code"), "K7Q-D4M")
    found.extend(faults(window, "email"))
    keyboard.activate(main.get_by_role("button", name="Preview"))
    preview = window.frame_locator("iframe[title='Email preview']")
    expect(preview.get_by_text("Dear Senator Roe,")).to_be_visible()
    expect(preview.get_by_text("roe@senate.example")).to_be_visible()
    found.extend(faults(window, "preview"))
    assert not mailoutbox
    keyboard.activate(main.get_by_role("button", name="Send email"))
    expect(main.get_by_role("heading", name="Emails to the recipient")).to_be_visible()
    expect(main).to_contain_text("roe@senate.example")
    found.extend(faults(window, "sent"))

    (email,) = mailoutbox
    office = open_window(NARROW, color_scheme="dark")
    keys = Keyboard(office)
    office.goto(re.search(r"/petitions/recipient/\S+", email.body)[0])
    found.extend(faults(office, "code"))
    keys.write(office.get_by_label("Code"), "wrong1")
    keys.press("Enter")
    expect(office.get_by_role("alert")).to_contain_text("This is not the right code.")
    found.extend(faults(office, "wrong code"))
    keys.write(office.get_by_label("Code"), "k7q d4m")
    keys.press("Enter")
    expect(office.get_by_role("heading", name="Confirm receipt")).to_be_visible()
    receipt = office.locator("#receipt")
    keys.write(receipt.get_by_label("Your name"), "Ada Clerk")
    keys.write(receipt.get_by_label("Your office"), "Mail room")
    keys.activate(receipt.get_by_role("button", name="Confirm receipt"))
    expect(office.get_by_role("heading", name="Receipt confirmed")).to_be_visible()

    window.reload()
    for step in ("Sent", "Opened", "Receipt confirmed"):
        expect(main.get_by_role("term").filter(has_text=step).first).to_be_visible()
    assert not found, "\n".join(map(str, found))


def test_a_split_delivery_and_its_manifest(deliverer, open_window):
    window = open_window(DESK)
    keyboard, main = Keyboard(window), window.get_by_role("main")
    log_in(keyboard)
    window.goto(reverse("petition_deliveries:choose"))
    keyboard.go_to(window.get_by_label("Split into separate deliveries"))
    keyboard.press("ArrowDown", "ArrowDown")
    keyboard.activate(main.get_by_role("button", name="Next"))
    expect(window.locator("[aria-current=step]")).to_have_text("Contents")
    keyboard.activate(main.get_by_role("button", name="Next"))
    expect(main.get_by_role("table").first).to_contain_text("Lazio")
    keyboard.activate(main.get_by_role("button", name="Create delivery"))

    # One lands on all parts, which are built in the background.
    expect(main.get_by_role("heading", name="Split by region")).to_be_visible()
    manifest = main.get_by_role("link", name="Download manifest")
    expect(manifest).to_be_visible()
    expect(main).to_contain_text("Equal to the whole")
    assert not faults(window, "split")
    with window.expect_download() as download:
        keyboard.activate(manifest)
    assert download.value.suggested_filename == "split-manifest.json"
    listing = json.loads(download.value.path().read_text())
    assert (listing["signatures"], len(listing["parts"])) == (4, 3)

    keyboard.activate(main.get_by_role("link", name="Lazio"))
    keyboard.activate(main.get_by_role("link", name="Split by region").last)
    expect(manifest).to_be_visible()
