"""Personal data in invalidation rules is erased with the signers' data; the record stays."""

import pytest
from django.urls import reverse

from tests.helpers import dump
from wagtail_petition import jobs, ledger
from wagtail_petition.models import Invalidation
from wagtail_petition.moderation import erasure, invalidation

pytestmark = pytest.mark.django_db
State = Invalidation.State


@pytest.fixture
def apply(page):
    """Invalidate by a rule; arguments are its fields."""

    def apply(done=True, **fields):
        page.petition.refresh_from_db()
        rule = Invalidation.objects.create(
            petition=page.petition, reason="Made up", until=page.petition.last_number, **fields
        )
        if done:
            invalidation.work_off()
        rule.refresh_from_db()
        return rule

    return apply


@pytest.fixture
def anna(make_signature):
    return make_signature(email="anna@example.org", given_name="Anna", family_name="Moretti")


@pytest.mark.parametrize(
    "rule", [{"name_pattern": "Anna Moretti"}, {"address": "anna@example.org"}]
)
@pytest.mark.parametrize("how", ["withdraw", "erase", "anonymise"])
def test_a_rule_that_names_somebody_forgets_them_with_their_data(
    page, anna, apply, rule, how, admin_client
):
    made = apply(**rule)
    assert made.count == 1
    if how == "withdraw":
        ledger.withdraw(anna)
    else:
        getattr(ledger, how)([anna.pk], petition=page.petition)
    text = dump().casefold()
    assert "moretti" not in text
    assert "anna@" not in text
    made.refresh_from_db()
    assert (made.count, made.reason, made.erased_fields) == (1, "Made up", list(rule))
    assert (
        "Erased" in admin_client.get(reverse("petition_invalidations:detail", args=[made.pk])).text
    )


def test_a_pattern_goes_once_all_are_gone_who_matched(page, make_signature, apply):
    people = [make_signature(email=f"{n}@example.org", given_name="Bot") for n in range(2)]
    rule = apply(name_pattern="Bot*")
    for left, person in enumerate(people):
        ledger.withdraw(person)
        erasure.forget_rules()
        rule.refresh_from_db()
        assert rule.name_pattern == ["Bot*", ""][left]


@pytest.mark.parametrize("after", [invalidation.undo, invalidation.stop], ids=["undo", "stop"])
def test_so_does_the_pattern_of_a_rule_that_was_ended(page, make_signature, apply, after):
    people = [make_signature(email=f"{n}@example.org", given_name="Giulia") for n in range(2)]
    rule = apply(done=after is invalidation.undo, name_pattern="Giulia*")
    after(rule)
    invalidation.work_off()
    for left, person in enumerate(people):
        person.refresh_from_db()
        ledger.withdraw(person)
        erasure.forget_rules()
        rule.refresh_from_db()
        assert rule.name_pattern == ["Giulia*", ""][left]


def test_so_does_a_rule_whose_person_left_while_it_ran(page, anna, apply):
    rule = apply(done=False, address="anna@example.org")
    ledger.withdraw(anna)
    invalidation.work_off()
    erasure.forget_rules()
    rule.refresh_from_db()
    assert (rule.state, rule.count, rule.address) == (State.DONE, 0, "")


def test_so_does_a_rule_for_somebody_who_never_confirmed(page, make_signature, apply, clock):
    make_signature(email="anna@example.org", confirm=False)
    rule = apply(address="anna@example.org")
    jobs.housekeeping()
    rule.refresh_from_db()
    assert rule.address == "anna@example.org"
    clock.forward(days=60)
    jobs.housekeeping()
    assert "anna@" not in dump()


def test_a_rule_that_was_erased_invalidates_nobody_more(page, anna, make_signature, apply):
    other = make_signature(email="b@example.org", given_name="Bruno")
    rule = apply(done=False, address="anna@example.org")
    invalidation.stop(rule)
    ledger.withdraw(anna)
    invalidation.resume(rule)
    invalidation.work_off()
    other.refresh_from_db()
    rule.refresh_from_db()
    assert (other.status, rule.count, rule.state) == ("confirmed", 0, State.DONE)


def test_at_the_end_of_retention_nothing_is_left_that_leads_to_a_person(page, anna, apply, clock):
    rule = apply(name_pattern="Ann*", domain="moretti.example", postcode="00*", country="IT")
    page.petition.erase_at = clock.now()
    page.petition.save()
    clock.forward(hours=1)
    jobs.anonymise_ended()
    rule.refresh_from_db()
    assert rule.rule == {"country": "IT"}
    assert rule.erased_fields == ["name_pattern", "domain", "postcode"]


def test_a_network_is_forgotten_after_a_week(page, anna, apply, clock):
    rule = apply(network="192.0.2.7/32", country="IT")
    clock.forward(days=8)
    jobs.forget_networks()
    rule.refresh_from_db()
    assert (rule.rule, rule.erased_fields) == ({"country": "IT"}, ["network"])
