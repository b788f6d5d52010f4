"""Every page of the admin and in public, on sites with settings that change how values are written."""

import io
import re
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from wagtail.admin.views.bulk_action.registry import bulk_action_registry

from tests.admin.people import make_user
from wagtail_petition import jobs, ledger
from wagtail_petition.delivery import build
from wagtail_petition.mail import sender
from wagtail_petition.models import (
    BlockRule,
    Delivery,
    DeliverySplit,
    Invalidation,
    OutgoingEmail,
    Petition,
    PetitionUpdatePage,
    Signature,
)
from wagtail_petition.moderation.actions import SIGNATURE_ACTIONS

pytestmark = pytest.mark.django_db

# The ids of all that is shown: people write them with a separator, addresses and forms never.
PAGE, PETITION, SIGNATURE, NUMBER = 23_456, 12_345, 34_567, 1_500
WRITTEN = re.compile(r"\d[,.’\u00a0\u202f]\d{3}\b")
# What programs read; labels and texts for people may well hold a number as people write it.
ATTRIBUTE = re.compile(
    r"\s(action|aria-controls|aria-describedby|aria-labelledby|data-(?!text)[\w-]+|for|formaction|"
    r'height|href|id|max|min|name|src|start|value|viewBox|width|x1|x2|y1|y2)="([^"]*)"'
)


@pytest.fixture
def site(make_page, make_update, client, settings, tmp_path, clock):
    """A petition with everything that pages show, whose ids have five digits."""
    settings.MEDIA_ROOT = tmp_path / "media"
    clock.forward(minutes=0)
    _count_pages_from(PAGE)
    page = make_page(publish=False, goal=2_000, ask_message="optional")
    Petition.objects.create(
        pk=PETITION, key=page.translation_key, title=page.title, last_number=NUMBER - 1
    )
    page.save_revision().publish()
    page.refresh_from_db()
    text = page.get_text_to_sign()
    text.save()
    now = timezone.now()
    ledger.record_import(
        page.petition,
        [
            Signature(
                pk=SIGNATURE + position,
                given_name="Anna",
                family_name="Moretti",
                email=f"signer{position}@example.org",
                country="IT",
                language="en",
                source="x",
                show_name=True,
                message="Well said",
                signed_text=text,
                signed_at=now - timedelta(days=position % 40),
                confirmed_at=now - timedelta(days=position % 40),
            )
            for position in range(60)
        ],
    )
    ledger.invalidate([SIGNATURE], petition=page.petition)
    ledger.set_message_state([SIGNATURE + 1], Signature.MessageState.SHOWN, petition=page.petition)
    BlockRule.objects.create(pk=45_678, kind=BlockRule.Kind.DOMAIN, value="evil.example")
    delivery = Delivery.objects.create(
        pk=56_789,
        petition=page.petition,
        split=DeliverySplit.objects.create(
            pk=78_901, petition=page.petition, by="country", count=12_345
        ),
        part_label="Italy",
        last_number=NUMBER + 40,
        recipient="Jane Doe",
        language="en",
        columns=["number", "given_name", "family_name", "confirmed_at"],
        formats=["csv", "xlsx", "pdf"],
    )
    build.build_queued()
    delivery.refresh_from_db()
    assert delivery.state == Delivery.State.READY, delivery.error
    make_update(page)
    Invalidation.objects.create(
        pk=67_890, petition=page.petition, reason="Junk", until=NUMBER + 60, position=NUMBER
    )
    client.force_login(make_user("anybody", superuser=True))
    return page


def _count_pages_from(number):
    """Let the next page have this id: Wagtail takes one with an id for an old one."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("DELETE FROM sqlite_sequence WHERE name = 'wagtailcore_page'")
            cursor.execute(
                "INSERT INTO sqlite_sequence (name, seq) VALUES ('wagtailcore_page', %s)",
                [number - 1],
            )
        else:
            cursor.execute(
                "SELECT setval(pg_get_serial_sequence('wagtailcore_page', 'id'), %s)", [number - 1]
            )


def pages_of_the_admin():
    petition, delivery = [PETITION], [56_789]
    lists = [
        "petition_signatures",
        "petitions",
        "petition_messages",
        "petition_deliveries",
        "petition_invalidations",
        "petition_block_rules",
    ]
    yield reverse("wagtailadmin_home")
    yield reverse("wagtailadmin_pages:edit", args=[PAGE])
    yield from (reverse(f"{name}:index") for name in lists)
    yield from (
        reverse(f"petitions:{name}", args=petition)
        for name in ("dashboard", "suspicious", "offline")
    )
    yield reverse("petition_invalidations:add", args=petition)
    yield reverse("petition_invalidations:detail", args=[67_890])
    yield reverse("petition_deliveries:add", args=petition)
    yield from (
        reverse(f"petition_deliveries:{name}", args=delivery)
        for name in ("detail", "handover", "corrections", "verify")
    )
    yield reverse("petition_deliveries:split", args=[78_901])
    yield reverse("petition_updates:index", args=petition)
    update = PetitionUpdatePage.objects.get().pk
    yield from (reverse(f"petition_updates:{name}", args=[update]) for name in ("send", "audience"))
    yield reverse("petition_block_rules:add")
    yield reverse("petition_block_rules:edit", args=[45_678])
    signatures = reverse("petition_signatures:index")
    for query in (
        f"petition={PETITION}",
        "ordering=-signed_at",
        "signed_from=2026-01-01&signed_to=2099-01-01",
        "q=moretti",
    ):
        yield f"{signatures}?{query}"
    yield f"{reverse('petition_messages:index')}?petition={PETITION}&state=shown"
    for pk in (SIGNATURE, SIGNATURE + 1):
        yield reverse("petition_signatures:inspect", args=[pk])
    for verb in SIGNATURE_ACTIONS.values():
        yield reverse("petition_signatures:action", args=[SIGNATURE + 1, verb.name])
    for action in bulk_action_registry.get_bulk_actions_for_model("wagtail_petition", "signature"):
        names = ["wagtail_petition", "signature", action.action_type]
        yield f"{reverse('wagtail_bulk_action', args=names)}?id={SIGNATURE + 1}"
    yield reverse("petition_signatures:export")


def pages_in_public(page):
    yield page.url
    yield page.updates[0].url
    for name in ("signatures", "proof", "paper", "embed", "count", "updates", "updates_feed"):
        yield reverse(f"wagtail_petition:{name}", args=[page.petition_key])
    yield f"{reverse('wagtail_petition:signatures', args=[page.petition_key])}?before={NUMBER + 40}"
    yield reverse("wagtail_petition:signed", args=[page.pk, NUMBER + 1])


def look_at_all(client, page):
    """Every page with its text; those that answer with a redirect are followed."""
    for path in [*pages_of_the_admin(), *pages_in_public(page)]:
        response = client.get(path, follow=True)
        if response.streaming:
            assert b"".join(response), path
            continue
        assert response.status_code == 200, (path, response.status_code)
        yield path, response.text


def test_no_id_is_written_with_a_separator(client, site, settings):
    settings.USE_THOUSAND_SEPARATOR = True
    seen = 0
    for path, html in look_at_all(client, site):
        seen += 1
        for name, value in ATTRIBUTE.findall(html):
            assert not WRITTEN.search(value), (path, name, value)
        for script in re.findall(r"<script[^>]*>(.*?)</script>", html, re.S):
            assert not re.search(rf"{WRITTEN.pattern}", script), (path, script[:300])
    assert seen > 30


def test_messages_are_moderated_with_separators(client, site, settings):
    settings.USE_THOUSAND_SEPARATOR = True
    queue = reverse("petition_messages:index")
    for verb, state in (("show", "shown"), ("hide", "hidden")):
        value = re.search(rf'name="{verb}" value="([^"]+)"', client.get(queue).text)[1]
        assert client.post(queue, {verb: value}).status_code == 302
        assert Signature.objects.get(pk=value).message_state == state


@pytest.fixture
def _without_time_zones(db, settings):
    settings.USE_TZ = False


@pytest.mark.usefixtures("_without_time_zones")
class TestWithoutTimeZones:
    def test_every_page(self, client, site):
        assert len(list(look_at_all(client, site))) > 30

    def test_pages_of_a_list_by_time(self, client, site):
        index = reverse("petition_signatures:index")
        first = client.get(index, {"ordering": "-signed_at"}).text
        following = re.search(r"p=(older-[\d.-]+)", first)[1]
        second = client.get(index, {"ordering": "-signed_at", "p": following})
        assert second.status_code == 200
        numbers = [
            re.findall(rf"{reverse('petition_signatures:inspect', args=[SIGNATURE])[:-6]}(\d+)/", h)
            for h in (first, second.text)
        ]
        assert not set(numbers[0]) & set(numbers[1])

    @pytest.mark.parametrize("format", ["csv", "xlsx", "ods", "jsonl"])
    def test_exports(self, client, site, format):
        response = client.post(
            reverse("petition_signatures:export"),
            {"format": format, "columns": ["number", "given_name", "confirmed_at"]},
        )
        assert response.status_code == 200
        assert response.get("Content-Disposition")
        assert b"".join(response)

    def test_counts_agree_and_jobs_run(self, site, clock):
        said = io.StringIO()
        call_command("check_petition_counts", stdout=said)
        assert "tally" not in said.getvalue()
        jobs.work_off()
        for days in (3, 8, 40, 400):
            clock.forward(days=days)
            jobs.send_mails()
            jobs.housekeeping()
        assert not OutgoingEmail.objects.filter(state=OutgoingEmail.State.FAILED).exists()
        assert sender.drain() == 0
