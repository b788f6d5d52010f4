"""All texts that people read can be translated."""

import json
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.template.base import Lexer, TokenType
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import trans_real

import wagtail_petition
from tests.admin.test_permissions import ADDRESSES, BULK
from tests.helpers import path_in
from tests.reading import words
from wagtail_petition import ledger
from wagtail_petition.countries import countries as all_countries
from wagtail_petition.forms import countries
from wagtail_petition.ledger import tokens
from wagtail_petition.mail.rendering import LINKS, render_message
from wagtail_petition.mail.update import render_update_message
from wagtail_petition.models import BlockRule, Delivery, Invalidation, OutgoingEmail
from wagtail_petition.signing import responses
from wagtail_petition.signing.views.confirm import signed_url

Kind = OutgoingEmail.Kind
TEMPLATES = Path(wagtail_petition.__file__).parent / "templates/wagtail_petition"


# What templates say by themselves


def outside_of_gettext(source):
    """The text of a template that is not looked up."""
    said, depth = [], 0
    for token in Lexer(source).tokenize():
        name = token.contents.split()[0] if token.contents.split() else ""
        if token.token_type == TokenType.BLOCK and name in ("blocktranslate", "comment"):
            depth += 1
        elif token.token_type == TokenType.BLOCK and name in ("endblocktranslate", "endcomment"):
            depth -= 1
        elif token.token_type == TokenType.TEXT and not depth:
            said.append(token.contents)
    return "".join(said)


def test_templates_say_nothing_by_themselves():
    found = {
        path.name: said
        for path in TEMPLATES.rglob("*.*")
        if (said := words(outside_of_gettext(path.read_text(encoding="utf-8"))))
    }
    assert found == {}


# What comes out

OTHER_STEPS = """
    confirm_closed confirm_duplicate confirm_expired dead_link foreign_origin gone signature_expired
    unavailable
""".split()

# Editors and signers write in other letters than English, so that English is what is left over.
GREEK = "Άλφα βήτα"

# The first two steps of making a delivery, filled in.
WHICH = {"recipient": GREEK, "which": "new"}
WHAT = {"language": "en", "preset": "names", "order": "number", "formats": "csv", "paper": "a4"}


@pytest.fixture
def pseudo(monkeypatch):
    """A language in which every text stands within ⟦ and ⟧."""

    def enclose(name):
        found = getattr(trans_real, name)
        monkeypatch.setattr(
            translation._trans, name, lambda *args: f"⟦{found(*args)}⟧", raising=False
        )

    for name in ("gettext", "ngettext", "pgettext", "npgettext"):
        enclose(name)
    _forget_countries()
    yield
    _forget_countries()


def _forget_countries():
    """Clear the process's cache of country names, since these tests translate them differently."""
    del all_countries.countries
    for kept in (countries._country_choices, countries._options, countries._codes):
        kept.cache_clear()


def left_over(html):
    """The words of a page that were not looked up."""
    kept, depth = [], 0
    for character in html:
        depth += character == "⟦"
        if not depth:
            kept.append(character)
        depth -= character == "⟧" and depth > 0
    return words("".join(kept))


@pytest.fixture
def greek(make_page):
    """A page with nearly everything in it, in Greek."""
    choices = [{"type": "item", "id": n, "value": GREEK} for n in "ab"]
    asked = {"label": GREEK, "help_text": GREEK}
    days = [{"date": f"2018-06-{day:02}", "title": GREEK} for day in range(1, 21)]
    link = {"title": GREEK, "url": "https://example.org/", "description": GREEK}
    return make_page(
        title=GREEK,
        letter=f"<p>{GREEK}</p>",
        introduction=f"<p>{GREEK}</p>",
        organisation=GREEK,
        recipients=[
            ("recipient", {"name": GREEK, "office": GREEK, "role": role}) for role in ("to", "cc")
        ],
        sponsors=[("sponsor", {"name": GREEK, "link": "https://example.org/"})],
        body=json.dumps(
            [
                {"type": "timeline", "value": {"heading": GREEK, "events": days}},
                {"type": "links", "value": {"heading": GREEK, "links": [link]}},
                {"type": "action", "value": {"text": GREEK, "button": GREEK}},
            ]
        ),
        questions=json.dumps(
            [
                {"type": "short_text", "value": asked},
                {"type": "one_choice", "value": asked | {"choices": choices, "shown_as": "list"}},
                {"type": "several_choices", "value": asked | {"choices": choices}},
                {"type": "tick_box", "value": asked | {"required": True}},
                {"type": "number", "value": asked},
                {"type": "date", "value": asked},
            ]
        ),
        **{f"ask_{name}": "optional" for name in ("postcode", "city", "region", "message")},
    )


@pytest.fixture
def sign(greek, make_signature):
    """Let somebody with a Greek name sign; returns the signature and the links in their mails."""

    def sign(name, kind=Kind.RECEIPT, **fields):
        made = make_signature(
            greek,
            **{
                "email": f"{name}@example.org",
                **dict.fromkeys(("given_name", "family_name", "city", "message"), GREEK),
                "confirm": kind == Kind.RECEIPT,
                "show_name": True,
                **fields,
            },
        )
        mail = render_message(kind, made, greek)
        step = "signature" if kind == Kind.RECEIPT else "confirm"
        return made, [path_in(mail, step), path_in(mail, "unsubscribe")]

    return sign


def found_at(client, addresses):
    """{address: words left over} for those that have any."""
    found = {}
    for address in addresses:
        response = client.get(address)
        assert response.status_code < 500
        # Redirects and files say nothing.
        if response.status_code == 200 and "text/html" not in response["Content-Type"]:
            continue
        if left := left_over(response.content.decode()):
            found[address] = left
    return found


def test_page(greek, pseudo):
    found = {}
    for mode, _label in greek.preview_modes:
        response = greek.make_preview_request(preview_mode=mode)
        response.render()
        if left := left_over(response.content.decode()):
            found[mode] = left
    assert found == {}


def test_steps(greek, sign, client, pseudo):
    """The pages that links in emails open, in every state of the signature."""
    _waiting, links = sign("waiting", Kind.CONFIRM)
    _confirmed, confirmed_links = sign("confirmed")
    withdrawn, withdrawn_links = sign("withdrawn")
    ledger.withdraw(withdrawn)
    invalidated, invalidated_links = sign("invalidated")
    ledger.invalidate([invalidated.pk], petition=greek.petition)
    links += [*confirmed_links, *withdrawn_links, *invalidated_links]
    links.append(signed_url(greek, 1))
    links.append(reverse("wagtail_petition:lost_link", args=[greek.petition_key]))
    links.append(f"{links[-1]}?asked")
    assert found_at(client, links) == {}


def test_steps_that_one_seldom_sees(greek, sign, rf, pseudo):
    signature, _links = sign("waiting", Kind.CONFIRM)
    context = {"page": greek, "signature": signature, "token": "token"}
    pages = {name: responses.step(rf.get("/"), name, **context) for name in OTHER_STEPS}
    found = {name: left_over(response.content.decode()) for name, response in pages.items()}
    assert not any(found.values()), found


def test_what_surrounds_the_page(greek, sign, make_update, client, pseudo, monkeypatch):
    # The number of a sheet has letters, and is no word.
    monkeypatch.setattr("wagtail_petition.public.views.new_number", lambda mark: "234-567-892")
    sign("confirmed")
    names = ("signatures", "paper", "embed", "updates")
    updates = [make_update(greek, title=GREEK, introduction=GREEK, body=[("heading", GREEK)])]
    updates.append(make_update(greek, title=GREEK, body=[("action", {"text": GREEK})]))
    addresses = [greek.url, *(update.url for update in updates)]
    addresses += [reverse(f"wagtail_petition:{n}", args=[greek.petition_key]) for n in names]
    assert found_at(client, addresses) == {}
    assert addresses


def test_mails(greek, sign, make_update, pseudo):
    signature, _links = sign("confirmed")
    Delivery.objects.create(
        petition=greek.petition,
        last_number=1,
        recipient=GREEK,
        language="en",
        state=Delivery.State.DELIVERED,
        delivered_on=timezone.localdate(),
        told_at=timezone.now(),
    )
    update = make_update(greek, title=GREEK, body=[("action", {"text": GREEK})])
    for kind in set(Kind) - set(OutgoingEmail.TO_OTHERS):
        if kind == Kind.UPDATE:
            issued = tokens.issue(signature, *LINKS[kind])
            mail = render_update_message(update, signature, greek, number=1, issued=issued)
        else:
            mail = render_message(kind, signature, greek)
        said = [mail.subject, mail.body, mail.alternatives[0].content]
        assert [left_over(text) for text in said] == [[], [], []], kind


def test_admin(greek, sign, make_update, client, pseudo):
    """Every address of ours in the admin, and the forms that follow a first one."""
    client.force_login(User.objects.create(username=GREEK, is_superuser=True, is_staff=True))
    signature, _links = sign("confirmed")
    petition = greek.petition
    ids = {
        "petition": petition.pk,
        "update": make_update(greek, title=GREEK).pk,
        "signature": signature.pk,
        "verb": "invalidate",
        "block_rule": BlockRule.objects.create(kind="domain", value="example.org", effect="block"),
        "delivery": Delivery.objects.create(
            petition=petition, last_number=1, recipient=GREEK, language="en", state="ready"
        ),
        "invalidation": Invalidation.objects.create(petition=petition, reason=GREEK, until=1),
    }
    addresses = [
        reverse(name, args=[getattr(ids[arg], "pk", ids[arg]) for arg in address.args])
        for name, address in ADDRESSES.items()
        if set(address.args) <= ids.keys() and "results" not in name
    ]
    addresses.append(reverse("wagtailadmin_pages:edit", args=[greek.pk]))
    for action in BULK:
        url = reverse("wagtail_bulk_action", args=["wagtail_petition", "signature", action])
        addresses.append(f"{url}?id={signature.pk}")
    assert found_at(client, addresses) == {}
    answers = [
        ("petition_invalidations:add", [petition.pk], {"domain": "example.org", "reason": GREEK}),
        ("petition_block_rules:add", [], {"kind": "domain", "value": "b.org", "effect": "block"}),
        ("petition_deliveries:add", [petition.pk], {"step": "which", **WHICH}),
        ("petition_deliveries:add", [petition.pk], {"step": "what", **WHICH, **WHAT}),
    ]
    for name, args, data in answers:
        response = client.post(reverse(name, args=args), data, follow=True)
        assert response.status_code == 200
        assert left_over(response.content.decode()) == [], name
