"""A site may override every template of ours, and what it writes is what people see."""

from datetime import timedelta
from pathlib import Path
from unittest.mock import patch

import pytest
from django.template.backends.django import Template
from django.template.loader import get_template, render_to_string
from django.test.signals import template_rendered
from django.utils import timezone

import wagtail_petition
from tests.helpers import path_in
from tests.testapp.models import CampaignPage
from wagtail_petition import ledger
from wagtail_petition.mail.messages import render_message
from wagtail_petition.models import OutgoingEmail, PetitionPage
from wagtail_petition.models.delivery import Delivery
from wagtail_petition.public.embed import embed_code

from .signing.test_form import ANSWERS, OPTIONAL, questions

pytestmark = pytest.mark.django_db

ROOT = Path(wagtail_petition.__file__).parent / "templates"
NAMES = {
    name
    for path in ROOT.rglob("*.*")
    # The admin's are for Wagtail's editors, and tested there.
    if not (name := path.relative_to(ROOT).as_posix()).startswith("wagtail_petition/admin/")
}
MARK = "Overridden by the site: "


class Rendering:
    """One call that renders a template, and every template it used for it."""

    def __init__(self, name, context, request):
        self.name = name
        self.context = context
        self.request = request
        self.used = set()

    def repeat(self):
        """Render it again from the same context."""
        return get_template(self.name).render(dict(self.context), self.request)


@pytest.fixture
def renderings():
    """Everything that is rendered while the test runs, in order."""
    found, open_ones = [], []
    render = Template.render

    def recorded(self, context=None, request=None):
        rendering = Rendering(self.template.name, dict(context or {}), request)
        found.append(rendering)
        open_ones.append(rendering)
        try:
            return render(self, context, request)
        finally:
            open_ones.pop()

    def used(template, **kwargs):
        for rendering in open_ones:
            rendering.used.add(template.name)

    template_rendered.connect(used)
    with patch.object(Template, "render", recorded):
        yield found
    template_rendered.disconnect(used)


@pytest.fixture
def overrides(settings, tmp_path):
    """A folder of the site's own templates, read anew each time."""
    options = {
        **settings.TEMPLATES[0]["OPTIONS"],
        "loaders": [
            ("django.template.loaders.filesystem.Loader", [tmp_path]),
            "django.template.loaders.app_directories.Loader",
        ],
    }
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "APP_DIRS": False, "OPTIONS": options}]
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
    return tmp_path


@pytest.fixture
def everything(client, make_page, post, mailoutbox, clock, rf, overrides):
    """See every page, step and mail there is."""
    page = make_page(
        questions=questions(),
        body=[(n, b.get_preview_value()) for n, b in _blocks("body")],
        sponsors=[(n, b.get_preview_value()) for n, b in _blocks("sponsors")],
        **OPTIONAL,
    )
    key = page.translation_key

    def get(path):
        return client.get(path)

    # The page, open and not yet open, with errors, from elsewhere.
    get(page.url)
    get(make_page(opens_at=timezone.now() + timedelta(days=1)).url)
    post(to=page, consent=None)
    post(to=page, headers={"Origin": "https://evil.example"})
    # The steps, in the order of a person.
    filled = {"show_name": "on", "message": "Please.", **ANSWERS}
    get(post(to=page, **filled)["Location"])
    confirm = path_in(mailoutbox[0], "confirm")
    get(confirm)
    get(client.post(confirm)["Location"])
    get(page.url)
    manage = path_in(mailoutbox[-1], "signature")
    get(manage)
    get(path_in(mailoutbox[-1], "unsubscribe"))
    get("/petitions/confirm/nothing/")
    # Another attempt of the same person: a duplicate, an expired link, too late, ended.
    again = _link(client, page)
    client.post(again)
    client.post(manage, {"withdraw": "1"})
    get(confirm)
    late = _link(client, page, "late@example.org")
    clock.forward(days=8)
    get(late)
    clock.forward(days=-8)
    page.closes_at = timezone.now() - timedelta(days=2)
    page.save_revision().publish()
    get(_link(client, page, "later@example.org"))
    page.closes_at = None
    page.save_revision().publish()
    # For everybody.
    for path in ("signatures", "paper", "embed"):
        get(f"/petitions/{key}/{path}/")
    embed_code(page)
    # Blocks in the editor's previews.
    for _name, block in [*_blocks("body"), *_blocks("questions"), *_blocks("recipients")]:
        value = block.get_preview_value()
        context = {**block.get_preview_context(value), "bound_block": block.bind(value)}
        render_to_string(block.get_preview_template(value, context), context, rf.get("/"))
    from wagtail_petition.blocks import PetitionTeaserBlock

    teaser = PetitionTeaserBlock()
    teaser.render(teaser.to_python({"page": page.pk}), {"request": rf.get("/")})
    # Every mail.
    Delivery.objects.create(
        petition=page.petition, recipient="Jane Doe", last_number=1, told_at=timezone.now()
    )
    signature = ledger.confirm(
        ledger.sign(page, email="mail@example.org", given_name="Anna")
    ).signature
    for kind in OutgoingEmail.Kind:
        render_message(kind, signature, page)
    # When nothing works.
    with patch.object(ledger, "sign", side_effect=_gone):
        post(to=page)
    page.unpublish()
    get(page.sign_url)
    return page


def _gone(*args, **kwargs):
    from django.db import OperationalError

    raise OperationalError


def _blocks(field):
    return PetitionPage._meta.get_field(field).stream_block.child_blocks.items()


def _link(client, page, email="anna@example.org"):
    from django.urls import reverse

    from wagtail_petition.models import Token
    from wagtail_petition.signing import tokens

    signature = ledger.sign(page, email=email, given_name="Anna")
    token = tokens.issue(signature, Token.Purpose.CONFIRM)[Token.Purpose.CONFIRM]
    return reverse("wagtail_petition:confirm", args=[token])


def test_every_template_can_be_overridden(renderings, everything, overrides):
    seen = list(renderings)
    assert NAMES - {name for r in seen for name in r.used} == set(), "rendered by nobody"
    unchanged = []
    for name in sorted(NAMES):
        path = overrides / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{MARK}{name}")
        rendering = next(r for r in seen if name in r.used)
        if f"{MARK}{name}" not in rendering.repeat():
            unchanged.append(name)
        path.unlink()
    assert unchanged == []


def test_a_page_type_may_have_a_template_of_its_own(client, make_page, overrides):
    page = make_page(CampaignPage)
    assert "separating children" in client.get(page.url).text
    (overrides / "testapp").mkdir()
    (overrides / "testapp/campaign_page.html").write_text("Our own: {{ page.title }}")
    assert client.get(page.url).text == "Our own: Stop separating families"


def test_a_site_s_base_needs_no_more_than_a_content_block(client, page, settings, overrides):
    (overrides / "base.html").write_text("<main>{% block content %}{% endblock %}</main>")
    html = client.get(page.url).text
    assert html.startswith("<main>")
    assert "separating children" in html
    assert 'rel="stylesheet"' in html


def test_templates_tolerate_drafts_with_blanks(page, rf):
    """Wagtail saves drafts with required values missing; previews show them."""
    for field in ("body", "questions", "recipients", "sponsors"):
        for _name, block in _blocks(field):
            value = block.to_python({}) if hasattr(block, "child_blocks") else block.get_default()
            assert isinstance(block.render(value, {"page": page, "request": rf.get("/")}), str)
