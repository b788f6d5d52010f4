"""Our pages of Wagtail's admin under axe, wide and narrow, and from right to left."""

import io
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect
from wagtail.users.models import UserProfile

from wagtail_petition import ledger
from wagtail_petition.delivery import build
from wagtail_petition.exports import breakdowns
from wagtail_petition.imports import batches, mapping, typing_in
from wagtail_petition.imports import run as imports
from wagtail_petition.models import (
    BlockRule,
    ColumnPreset,
    Delivery,
    DeliverySplit,
    Invalidation,
    PetitionPage,
    PetitionUpdatePage,
    Signature,
)

from .axe import violations
from .conftest import DESK
from .petition import fields

pytestmark = pytest.mark.screens

NARROW = {"width": 800, "height": 900}


@pytest.fixture
def petition(make_page):
    """A petition with signatures of every kind, a delivery, a rule and messages."""
    page = make_page(**fields())
    for number in range(60):
        made = ledger.sign(
            page,
            email=f"anna{number}@mailinator.com",
            given_name="Anna",
            family_name="Moretti" * (1 + number % 3 * 4),
            country="IT",
            region="Lazio" if number % 2 else "",
            message="Please." if number % 10 == 0 else "",
            show_name=True,
            source="newsletter",
            network="a" * 32,
        )
        if number % 6:
            ledger.confirm(made)
    confirmed = Signature.objects.filter(status="confirmed").order_by("pk")
    page.petition.refresh_from_db()
    ledger.invalidate([confirmed[3].pk], petition=page.petition)
    Signature.objects.update(signed_at=timezone.now() - timedelta(hours=2))
    return page.petition


@pytest.fixture
def paths(petition, make_page, italian, settings, tmp_path):
    """Each of our pages: {name: path}."""
    settings.MEDIA_ROOT = tmp_path / "media"
    # In two languages, so that the overview has links one above the other.
    source = PetitionPage.objects.get()
    source.copy_for_translation(italian, copy_parents=True).save_revision().publish()
    update = source.add_child(instance=PetitionUpdatePage(title="News", slug="news", body=[]))
    update.save_revision().publish()
    # One of several petitions.
    make_page(title="Open the archives of the ministry of foreign affairs")
    breakdowns.count_stale()
    ColumnPreset.objects.create(
        user=get_user_model().objects.create_user("colleague"),
        name="Press",
        columns=["number"],
        is_shared=True,
    )
    ledger.add_paper_count(petition, number=312, day=timezone.now().date(), place="Rome")
    sheet = typing_in.open_sheet(petition, "RM-7", day=timezone.now().date(), place="Rome")
    typing_in.save_line(sheet, 1, {"given_name": "Anna", "family_name": "Moretti"})
    delivery = Delivery.objects.create(
        petition=petition,
        last_number=10,
        recipient="Jane Doe",
        language="en",
        columns=["number", "given_name"],
        formats=["csv"],
    )
    delivered = Delivery.objects.create(
        petition=petition, last_number=1, recipient="Li Wei", state="delivered", note="By post"
    )
    split = DeliverySplit.objects.create(petition=petition, by="home_region", count=4)
    for label, state in [("New York", "queued"), ("Castilla-La Mancha", "ready")]:
        Delivery.objects.create(
            petition=petition,
            split=split,
            part_label=label,
            last_number=10,
            recipient="Senator Ada Lovelace, Senator Mary Wollstonecraft Shelley",
            state=state,
            columns=["number"],
            formats=["csv"],
            language="en",
        )
    build.build_queued()
    rule = Invalidation.objects.create(
        petition=petition, reason="Spam", domain="spam.example", until=0, state="done"
    )
    block = BlockRule.objects.create(kind=BlockRule.Kind.DOMAIN, value="spam.example")
    signature = Signature.objects.filter(status="confirmed").latest("pk")
    signatures = reverse("petition_signatures:index")
    bulk = ["wagtail_petition", "signature"]
    return {
        "overview": reverse("petitions:index"),
        "dashboard": reverse("petitions:dashboard", args=[petition.pk]),
        "suspicious": reverse("petitions:suspicious", args=[petition.pk]),
        "paper": reverse("petitions:offline", args=[petition.pk]),
        "sheets": reverse("petitions:sheet_add", args=[petition.pk]),
        "sheet": reverse("petitions:sheet", args=[petition.pk, sheet.pk]),
        "list": f"{signatures}?status=",
        "confirmed": f"{signatures}?status=confirmed&petition={petition.pk}&ordering=name",
        "choose": reverse("petition_deliveries:choose"),
        "filtered": f"{signatures}?delivered=false&status=confirmed",
        "nothing": f"{signatures}?q=nobody",
        "signature": reverse("petition_signatures:inspect", args=[signature.pk]),
        "act": reverse("petition_signatures:action", args=[signature.pk, "invalidate"]),
        "bulk": "{}?{}".format(
            reverse("wagtail_bulk_action", args=[*bulk, "invalidate"]), urlencode({"id": "all"})
        ),
        "bulk erase": "{}?{}".format(
            reverse("wagtail_bulk_action", args=[*bulk, "erase"]), urlencode({"id": "all"})
        ),
        "export": reverse("petition_signatures:export"),
        "messages": reverse("petition_messages:index"),
        "deliveries": reverse("petition_deliveries:index"),
        "delivery": reverse("petition_deliveries:detail", args=[delivery.pk]),
        "split": reverse("petition_deliveries:split", args=[split.pk]),
        "handover": reverse("petition_deliveries:handover", args=[delivery.pk]),
        "verified": reverse("petition_deliveries:verify", args=[delivery.pk]),
        "delivered": reverse("petition_deliveries:detail", args=[delivered.pk]),
        "note": reverse("petition_deliveries:add_note", args=[delivered.pk]),
        "erase": reverse("petition_deliveries:erase_handover", args=[delivered.pk]),
        "wizard": reverse("petition_deliveries:add", args=[petition.pk]),
        "rules": reverse("petition_invalidations:index"),
        "rule": reverse("petition_invalidations:detail", args=[rule.pk]),
        "new rule": reverse("petition_invalidations:add", args=[petition.pk]),
        "blocks": reverse("petition_block_rules:index"),
        "block": reverse("petition_block_rules:edit", args=[block.pk]),
        "updates": reverse("petition_updates:index", args=[petition.pk]),
        "send update": reverse("petition_updates:send", args=[update.pk]),
        **import_paths(petition),
    }


PEOPLE = b"""first_name,last_name,email,signed_on,city
Ada,Rossi,ada@example.org,2026-01-02,Roma
Anna,Moretti,,2026-01-02,Roma
Anna,Moretti,,2026-01-03,Roma
Bob,Neri,nonsense,2026-01-03,Roma
"""


def import_paths(petition):
    """The pages of adding an import, and of one that is done: {name: path}."""
    drafts = []
    for state in ("new", "checked", "done"):
        batch = batches.create(petition, io.BytesIO(PEOPLE), f"{state}.csv")
        inspection = batches.look_into(batch)
        batches.describe(batch, inspection, mapping.propose(inspection, petition))
        batch.signed_text = batches.newest_text(petition)
        batch.save()
        drafts.append(batch)
    new, checked, done = drafts
    imports.start_check(checked)
    imports.work_off()
    imports.import_now(done)
    return {
        "imports": reverse("petition_imports:index"),
        "add import": reverse("petition_imports:add"),
        "columns": reverse("petition_imports:columns", args=[new.pk]),
        "text": reverse("petition_imports:text", args=[new.pk]),
        "check": reverse("petition_imports:check", args=[checked.pk]),
        "refused": reverse("petition_imports:rows", args=[checked.pk, "rejected"]),
        "doubtful": reverse("petition_imports:rows", args=[checked.pk, "possible_duplicates"]),
        "import": reverse("petition_imports:detail", args=[done.pk]),
    }


@pytest.fixture
def open_admin(open_window, log_in):
    """Open a window of the admin in English: ``open_admin(size)``."""

    def open_admin(size, **options):
        user = get_user_model().objects.create_superuser("superuser")
        UserProfile.objects.create(user=user, preferred_language="en")
        window = open_window(size, **options)
        log_in(window, user)
        return window

    return open_admin


def faults(window, name):
    """What axe finds on the page called ``name``, and what sticks out sideways."""
    found = [(name, *violation) for violation in violations(window)]
    width = window.evaluate("document.documentElement.scrollWidth")
    if width > window.viewport_size["width"]:
        found.append((name, "sticks out sideways", width))
    return found


LANGUAGES = ["en", "it", "ar"]
SCHEMES = ["light", "dark"]


@pytest.mark.parametrize("scheme", SCHEMES)
def test_axe_finds_nothing_on_our_pages(open_admin, paths, scheme):
    """Each page in both themes, once wide and once narrow, in two of the languages in turn."""
    window = open_admin(DESK, color_scheme=scheme)
    found = []
    for turn, (name, path) in enumerate(paths.items(), start=SCHEMES.index(scheme)):
        language = LANGUAGES[turn % len(LANGUAGES)]
        direction = "rtl" if language == "ar" else "ltr"
        UserProfile.objects.update(preferred_language=language)
        window.set_viewport_size([DESK, NARROW][turn % 2])
        answer = window.goto(path)
        assert answer.status == 200, name
        assert window.url.endswith(path)  # And not the page to log in.
        if name == "filtered":
            window.locator("#filters-drilldown .w-slim-header-action-button").click()
            window.locator(".w-drilldown__toggle[aria-controls=drilldown-id_delivered]").click()
            expect(window.get_by_role("radio").first).to_be_visible()
        if name == "list":
            window.locator(".petition-choose-columns summary").click()
        assert window.evaluate("document.dir || getComputedStyle(document.body).direction") == (
            direction
        )
        found += faults(window, name)
    assert not found, "\n".join(map(str, found))


CUT = """
() => {
  const main = document.querySelector("main");
  const isCut = (el) => el.getBoundingClientRect().right > innerWidth + 1;
  const wide = [...main.querySelectorAll(".listing, .petition-admin *, .petition-messages *")];
  const words = [];
  const walker = document.createTreeWalker(main, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode;
    if (!text.parentElement.closest(".petition-admin thead th, .petition-admin td.petition-figure")) continue;
    for (const word of text.data.matchAll(/\\S+/g)) {
      const range = new Range();
      range.setStart(text, word.index);
      range.setEnd(text, word.index + word[0].length);
      const lines = new Set([...range.getClientRects()].map((box) => Math.round(box.top)));
      if (lines.size > 1) words.push(word[0]);
    }
  }
  const scrolled = (el) => el.closest(".petition-scroll") && !el.matches(".petition-scroll");
  return [
    ...words,
    ...wide.filter((el) => el.checkVisibility() && !scrolled(el) && isCut(el)).map((el) => el.outerHTML.slice(0, 80)),
  ];
}
"""


# The lists, whose titles are next to a search field and buttons.
LISTS = {"list", "rules", "blocks", "messages"}
IS_CUT = """
(around) => {
  const title = new Range();
  title.selectNodeContents([...around.querySelectorAll("a")].at(-1));
  return title.getBoundingClientRect().right > around.getBoundingClientRect().right;
}
"""


def test_nothing_is_cut_on_a_narrow_screen(open_admin, paths):
    """No heading breaks within a word, nothing goes beyond the edge, and filters fit their menu."""
    window = open_admin(NARROW)
    cut = {}
    for name, path in paths.items():
        window.goto(path)
        if found := window.evaluate(CUT):
            cut[name] = found
        if name in LISTS and window.locator(".w-breadcrumbs").evaluate(IS_CUT):
            cut[name] = "title"
    assert cut == {}
    window.goto(paths["list"])
    # Not behind the menu, where it could not be clicked.
    window.locator(".petition-choose-columns summary").click()
    window.locator(".petition-choose-columns").get_by_label("Email").uncheck()
    window.locator(".petition-choose-columns summary").click()
    window.locator("#filters-drilldown .w-slim-header-action-button").click()
    for name in ("petition", "country"):
        window.locator(f".w-drilldown__toggle[aria-controls=drilldown-id_{name}]").click()
        field = window.locator(f".w-drilldown__submenu [name={name}]")
        expect(field).to_be_visible()
        box, menu = field.bounding_box(), window.locator(f"#drilldown-id_{name}").bounding_box()
        assert box["x"] + box["width"] <= menu["x"] + menu["width"]
        window.locator(f"#drilldown-id_{name} .w-drilldown__back").click()
        expect(field).to_be_hidden()


def tab_to(window, target):
    """Press Tab until ``target`` has the focus, as somebody without a mouse does."""
    expect(target).to_be_visible()
    for _press in range(100):
        window.keyboard.press("Tab")
        if target.evaluate("element => element === document.activeElement"):
            return
    raise AssertionError(f"Tab leads nowhere near {target}")


@pytest.mark.parametrize("size", [DESK, NARROW], ids=["wide", "narrow"])
def test_a_delivery_is_made_by_keyboard_alone(open_admin, paths, size):
    def press(name):
        tab_to(window, window.get_by_role("button", name=name))
        window.keyboard.press("Enter")

    def is_at(name):
        expect(window.locator("[aria-current=step]")).to_have_text(name)
        found.extend(faults(window, name))

    window, found = open_admin(size), []
    window.goto(paths["wizard"])
    is_at("Signatures")
    # A name is asked for only where it is wanted.
    tab_to(window, window.get_by_role("radio", name="Jane Doe"))
    expect(window.get_by_label("Recipient name")).to_be_hidden()
    window.keyboard.press("ArrowUp")
    expect(window.get_by_role("radio", name="Other recipient")).to_be_checked()
    tab_to(window, window.get_by_label("Recipient name"))
    window.keyboard.type("Senator Roe")
    press("Next")
    is_at("Contents")
    # Columns are chosen under their own heading, and only there.
    expect(window.get_by_role("group", name="Custom columns")).to_be_hidden()
    window.get_by_role("radio", name="Custom").check()
    expect(window.get_by_role("group", name="Custom columns")).to_be_visible()
    window.get_by_role("radio", name="Names and towns").check()
    tab_to(window, window.get_by_role("checkbox", name="Include messages"))
    window.keyboard.press("Space")
    press("Next")
    is_at("Review")
    press("Back")
    expect(window.get_by_role("checkbox", name="Include messages")).to_be_checked()
    press("Next")
    press("Create delivery")
    expect(window.get_by_role("heading", level=1)).to_contain_text("Delivery")
    delivery = Delivery.objects.latest("pk")
    assert delivery.recipient == "Senator Roe"
    assert "message" in delivery.columns
    window.go_back()
    is_at("Review")
    assert not found, "\n".join(map(str, found))


def test_messages_are_decided_by_keyboard_alone(open_admin, paths):
    window = open_admin(DESK)
    window.goto(paths["messages"])
    messages = window.locator("[data-petition-messages] li")
    expect(messages).not_to_have_count(0)
    first, second, third, *_rest = (
        item.get_attribute("id").removeprefix("message-") for item in messages.all()
    )
    tab_to(window, messages.first.get_by_role("button", name="Approve"))
    window.keyboard.press("j")
    expect(window.locator(f"#message-{second}")).to_be_focused()
    window.keyboard.press("r")
    # The next one has the focus, so that keys alone go through the whole queue.
    expect(window.locator(f"#message-{third}")).to_be_focused()
    window.wait_for_load_state("load")
    window.keyboard.press("k")
    expect(window.locator(f"#message-{first}")).to_be_focused()
    window.keyboard.press("a")
    expect(window.locator(f"#message-{third}")).to_be_focused()
    states = dict(Signature.objects.values_list("pk", "message_state"))
    assert [states[int(pk)] for pk in (first, second, third)] == ["shown", "hidden", "pending"]
