"""Public names: the newest on the page, all of them on the list."""

import re
import uuid
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import PageViewRestriction

from wagtail_petition import ledger
from wagtail_petition.models import Signature
from wagtail_petition.templatetags.petition_public_tags import ago


def names_in(response):
    """The names and places in the list, in order."""
    items = re.findall(r"<li>\s*<span>(.*?)</span>\s*<time", response.content.decode(), flags=re.S)
    return [re.sub(r"<[^>]+>", "", item).strip() for item in items]


def test_only_confirmed_people_who_want_it_are_shown(client, page, make_signature):
    make_signature(given_name="Anna", email="a@example.org", city="Rome", show_name=True)
    make_signature(given_name="Hidden", email="b@example.org")
    make_signature(given_name="Pending", email="c@example.org", show_name=True, confirm=False)
    make_signature(given_name="Marco", family_name="", email="d@example.org", show_name=True)
    assert names_in(client.get(page.url)) == ["Marco, Italy", "Anna M., Rome"]


def test_a_message_is_shown_once_it_was_approved(client, url_of, make_signature):
    signature = make_signature(show_name=True, message="Bring <b>them</b> home")
    assert "Bring" not in client.get(url_of("signatures")).text
    ledger.set_message_state([signature.pk], "shown", petition=signature.petition)
    assert "Bring &lt;b&gt;them&lt;/b&gt; home" in client.get(url_of("signatures")).text


@pytest.mark.parametrize("verb", ["withdraw", "invalidate", "anonymise", "hide"])
def test_who_is_gone_is_shown_no_more(client, page, url_of, make_signature, verb):
    signature = make_signature(show_name=True)
    if verb == "withdraw":
        ledger.withdraw(signature)
    elif verb == "hide":
        ledger.set_show_name(signature, False)
    else:
        getattr(ledger, verb)([signature.pk], petition=signature.petition)
    assert names_in(client.get(page.url)) == []
    assert names_in(client.get(url_of("signatures"))) == []


def test_the_page_shows_the_ten_newest_and_leads_to_all(client, page, url_of, make_signers):
    make_signers(9)
    make_signers(3, city="Turin")
    response = client.get(page.url)
    assert names_in(response) == ["Anna M., Turin"] * 3 + ["Anna M., Italy"] * 7
    assert f'href="{url_of("signatures")}?language=en"' in response.content.decode()


def test_nobody_yet(client, page, url_of):
    assert b"Latest signatures" not in client.get(page.url).content
    assert b"Nobody has chosen to show their name yet." in client.get(url_of("signatures")).content


def test_names_are_isolated_and_escaped(client, page, make_signature):
    make_signature(given_name="<b>محمد", family_name="", city='"><script>', show_name=True)
    html = client.get(page.url).content.decode()
    assert "<bdi>&lt;b&gt;محمد</bdi>, <bdi>&quot;&gt;&lt;script&gt;</bdi>" in html


def test_a_place_in_the_language_of_the_page(client, translated, make_signers):
    make_signers(1)
    assert names_in(client.get(translated.url)) == ["Anna M., Italia"]


def test_the_list_is_paged_by_number(client, url_of, make_signers):
    make_signers(120)
    seen, address = [], url_of("signatures")
    while address:
        response = client.get(address)
        seen += [int(s.number) for s in response.context["signers"]]
        older = re.search(r'href="(\?[^"]+)" rel="next"', response.content.decode())
        address = older and url_of("signatures") + older[1].replace("&amp;", "&")
    assert seen == list(range(120, 0, -1))


def test_the_next_page_is_not_moved_by_who_signs_meanwhile(client, url_of, make_signers):
    make_signers(60)
    before = client.get(url_of("signatures") + "?before=11").content
    make_signers(5)
    after = client.get(url_of("signatures") + "?before=11").content
    assert before.replace(b"60 people", b"65 people") == after


@pytest.mark.parametrize("before", ["x", "-1", "1.5", "٣", "9" * 30, "0" * 5000, "\x00"])
def test_a_number_that_is_none(client, url_of, before):
    assert client.get(url_of("signatures"), {"before": before}).status_code == 404


def test_a_number_beyond_the_last_name(client, url_of, make_signers):
    make_signers(1)
    response = client.get(url_of("signatures") + "?before=1")
    assert b"There are no more names." in response.content
    assert b"Newest names" in response.content


def test_the_list_is_for_people_and_caches(client, page, url_of, translated):
    response = client.get(url_of("signatures"), {"language": "it"})
    assert response["X-Robots-Tag"] == "noindex"
    assert response["Content-Language"] == "it"
    assert "public" in response["Cache-Control"]
    assert not response.cookies
    assert f'href="{translated.url}"' in response.content.decode()


def test_a_language_without_a_page_gets_another(client, url_of):
    assert client.get(url_of("signatures"), {"language": "xx"})["Content-Language"] == "en"


@pytest.mark.parametrize("name", ["signatures", "paper", "embed", "card"])
def test_what_the_site_hides_is_not_shown_elsewhere(client, page, url_of, name):
    assert client.get(url_of(name)).status_code == 200
    restriction = PageViewRestriction.objects.create(page=page, restriction_type="login")
    assert client.get(url_of(name)).status_code == 404
    restriction.delete()
    page.unpublish()
    assert client.get(url_of(name)).status_code == 404
    assert client.get(reverse(f"wagtail_petition:{name}", args=[uuid.uuid4()])).status_code == 404


def test_no_more_queries_for_more_signers(client, page, url_of, make_signers):
    def queries(address):
        client.get(address)
        with CaptureQueriesContext(
            connection,
        ) as captured:
            client.get(address)
        return len(captured)

    make_signers(2)
    few = queries(page.url), queries(url_of("signatures"))
    make_signers(80)
    assert (queries(page.url), queries(url_of("signatures"))) == few


def test_the_list_is_read_from_its_index(page, make_signers):
    make_signers(500)
    make_signers(500, show_name=False)
    with connection.cursor() as cursor:
        # Else the plan is one for what the table held before.
        cursor.execute(f"ANALYZE {Signature._meta.db_table}")
    signers = page.petition.signatures.public().filter(number__lt=1000)[:10]
    assert "petition_sig_public" in signers.explain()


@pytest.mark.parametrize(
    ("passed", "words"),
    [
        (timedelta(seconds=5), "within the last hour"),
        (timedelta(minutes=59), "within the last hour"),
        (timedelta(minutes=61), "1 hour ago"),
        (timedelta(hours=23), "23 hours ago"),
        (timedelta(days=1), "1 day ago"),
        (timedelta(days=6, hours=23), "6 days ago"),
        (timedelta(days=7), "March 1, 2026"),
    ],
)
def test_how_long_ago(clock, passed, words):
    now = datetime(2026, 3, 8, 12, tzinfo=UTC)
    clock.stop(now)
    assert ago(now - passed) == words


def test_a_moment_for_machines(page, make_signers, settings):
    (signer,) = make_signers(1, confirmed_at=datetime(2026, 3, 8, 12, tzinfo=UTC))
    html = render_to_string("wagtail_petition/includes/signers.html", {"signers": [signer]})
    assert 'datetime="2026-03-08T12:00:00Z"' in html
