"""Responses of all steps: privacy headers, no cookie, the site's design, the signer's language."""

import re

import pytest

from tests.helpers import path_in

pytestmark = pytest.mark.django_db

PRIVATE = {
    "Cache-Control": "no-store, private",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
}


@pytest.fixture
def flow(client, page, post, mailoutbox, form_data):
    """Every response of signing, confirming, managing and unsubscribing: {name: response}."""
    responses = {
        "page": client.get(page.url),
        "errors": post(consent=None),
        "foreign": post(headers={"Origin": "https://evil.example"}),
        "suspicion": post(fax="1"),
    }
    responses["signed up"] = post(show_name="on")
    inbox = responses["signed up"]["Location"]
    responses["inbox"] = client.get(inbox)
    ours = {"Origin": "http://testserver"}
    responses["again"] = client.post(inbox, {"email": "anna@example.org"}, headers=ours)
    responses["wrong address"] = client.post(inbox, {"email": "anna"}, headers=ours)
    confirm = path_in(mailoutbox[0], "confirm")
    responses["confirm"] = client.get(confirm)
    responses["confirmed"] = client.post(confirm)
    responses["thanks"] = client.get(responses["confirmed"]["Location"])
    duplicate = path_in(mailoutbox[1], "confirm")
    responses["confirmed again"] = client.post(duplicate)
    manage = path_in(mailoutbox[-1], "signature")
    responses["manage"] = client.get(manage)
    responses["saved"] = client.post(manage, {"show_name": "on"})
    unsubscribe = path_in(mailoutbox[-1], "unsubscribe")
    responses["unsubscribe"] = client.get(unsubscribe)
    responses["unsubscribed"] = client.post(unsubscribe)
    responses["withdrawn"] = client.post(manage, {"withdraw": "1"})
    responses["ended"] = client.get(confirm)
    responses["dead link"] = client.get("/petitions/confirm/nothing/")
    page.unpublish()
    responses["gone"] = client.get(page.sign_url)
    return responses


def test_no_cookie_on_any_response(client, flow):
    assert [name for name, r in flow.items() if r.cookies] == []
    assert not client.cookies


def test_every_step_is_private(flow):
    tolerant = {"page", "errors"}
    # Their forms are sent from there, and without a referrer from nowhere.
    own_form = {"suspicion", "inbox", "wrong address"}
    for name in flow.keys() - tolerant:
        found = {header: flow[name].get(header) for header in PRIVATE}
        if flow[name].request["REQUEST_METHOD"] == "POST":
            # Or else a browser asks on the way back whether to send the form once more.
            assert found.pop("Cache-Control") == "no-cache, private", name
        if name in own_form:
            assert found.pop("Referrer-Policy") == "same-origin", name
        assert found.items() <= PRIVATE.items(), name
    assert flow["errors"]["Cache-Control"] == "no-cache, private"


def test_no_third_party_asset_on_any_step(flow):
    for name, response in flow.items():
        tags = re.findall(
            r"<(?:script|link|img|source|iframe|form|video|object)[^>]*>", response.text
        )
        loaded = re.findall(r'(?:src|href|action|data)="((?:https?:)?//[^"/]*)', " ".join(tags))
        assert set(loaded) <= {"http://localhost", "http://testserver"}, name


def test_steps_work_under_a_strict_policy(flow):
    """``default-src 'self'``: no script, style or handler within the page."""
    for name, response in flow.items():
        html = response.text
        assert not re.search(r"<style|\sstyle=|\son\w+=\"", html), name
        for attributes in re.findall(r"<script([^>]*)>", html):
            assert "src=" in attributes or 'type="application/ld+json"' in attributes, name
        assert "javascript:" not in html


def test_statuses(flow):
    assert {name: response.status_code for name, response in flow.items()} == {
        "page": 200,
        "errors": 422,
        "foreign": 403,
        "suspicion": 200,
        "signed up": 303,
        "inbox": 200,
        "again": 303,
        "wrong address": 422,
        "confirm": 200,
        "confirmed": 303,
        "thanks": 200,
        "confirmed again": 303,
        "manage": 200,
        "saved": 303,
        "unsubscribe": 200,
        "unsubscribed": 200,
        "withdrawn": 303,
        "ended": 410,
        "dead link": 404,
        "gone": 410,
    }


def test_after_every_post_stands_a_page_without_a_confirm_token(flow):
    assert "/confirm/" not in flow["confirmed"]["Location"]
    assert "/confirm/" not in flow["thanks"].text


def test_steps_are_in_the_site_s_design(flow):
    for name, response in flow.items():
        if response.status_code != 303:
            assert "<title>A bare site</title>" in response.text, name


def test_steps_speak_the_language_of_the_petition(client, translated, post, mailoutbox):
    post(to=translated)
    for step in ("confirm", "unsubscribe"):
        response = client.get(path_in(mailoutbox[0], step), headers={"Accept-Language": "en"})
        assert response["Content-Language"] == "it"


def test_a_page_for_some_people_is_shown_to_nobody_else(client, page, post):
    from wagtail.models import PageViewRestriction

    PageViewRestriction.objects.create(page=page, restriction_type=PageViewRestriction.LOGIN)
    response = post(consent=None)
    assert response.status_code == 410
    for told in ("separating", page.slug, "no longer online"):
        assert told not in response.text
