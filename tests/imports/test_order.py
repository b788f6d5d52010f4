"""Files in another order: the same people count."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from wagtail_petition import ledger
from wagtail_petition.identity.emails import email_key
from wagtail_petition.imports import batches, run
from wagtail_petition.models import MailOptOut, Petition, Signature
from wagtail_petition.models.search import fold

from .files import MAILCHIMP_CLEANED

pytestmark = pytest.mark.django_db
NAMES, CITIES = ["Ada", "Bob", "李"], ["Roma", "Milano", ""]
WITH_EMAIL = st.tuples(
    st.sampled_from(NAMES),
    st.sampled_from(["a@example.org", "A+1@example.org", "bb@gmail.com", "B.B@gmail.com"]),
    st.sampled_from(CITIES),
    st.integers(1, 28),
)
WITHOUT_EMAIL = st.tuples(
    st.sampled_from(NAMES), st.just(""), st.sampled_from(CITIES), st.integers(1, 28)
)


@pytest.fixture
def who_counts(make_batch):
    """Import files of people in turn. Returns who counts then, and takes them out again."""

    def who(files, ticked=(), unwanted=None):
        for position, people in enumerate(files):
            if position == unwanted:
                import_opt_outs(email for _name, email, _city, _day in people)
                continue
            lines = [f"{name},,{email},{city},2026-01-{d:02}" for name, email, city, d in people]
            content = "\n".join(["first name,last name,email,city,date", *lines]).encode()
            if people:
                batch = make_batch(content, ticked=ticked)
                assert batches.problems(batch) == []
                run.import_now(batch)
        found = list(Signature.objects.values_list("email_key", "name_key", "city"))
        assert ledger.recount(Petition.objects.get()) == []
        Signature.objects.all().delete()
        MailOptOut.objects.all().delete()
        petition = Petition.objects.get()
        petition.tallies.all().delete()
        Petition.objects.update(signature_count=0, last_number=0)
        return found

    def import_opt_outs(emails):
        content = MAILCHIMP_CLEANED.splitlines()[0]
        lines = [f"{email},,,2,2025-06-01 08:00:00" for email in emails]
        if lines:
            run.import_now(make_batch("\n".join([content, *lines]).encode()))

    return who


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(first=st.lists(WITH_EMAIL, max_size=6), second=st.lists(WITH_EMAIL, max_size=6))
def test_the_order_of_files_does_not_matter_for_whose_address_counts(who_counts, first, second):
    def keys(*files):
        return sorted(key for key, _name, _city in who_counts(files))

    expected = {email_key(email) for _name, email, _city, _day in [*first, *second]}
    assert keys(first, second) == keys(second, first) == sorted(expected)


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(first=st.lists(WITHOUT_EMAIL, max_size=6), second=st.lists(WITHOUT_EMAIL, max_size=6))
def test_the_order_of_files_does_not_matter_for_people_without_an_address(
    who_counts, first, second
):
    """Of one name in one place one counts. Without a place, each date of a name counts once."""

    def people(*files):
        return sorted((name, city) for _key, name, city in who_counts(files))

    rows = {(fold(name), city, day) for name, _email, city, day in [*first, *second]}
    placed = {(name, city) for name, city, _day in rows if city}
    placeless = [(name, city) for name, city, _day in rows if not city]
    assert people(first, second) == people(second, first) == sorted([*placed, *placeless])


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    first=st.lists(st.one_of(WITH_EMAIL, WITHOUT_EMAIL), max_size=6),
    second=st.lists(st.one_of(WITH_EMAIL, WITHOUT_EMAIL), max_size=6),
)
def test_whatever_the_order_of_files_nobody_is_lost_or_counted_twice(who_counts, first, second):
    """Somebody without an address may be somebody with one. Which of them counts may depend on the
    order. But each person counts, or somebody with their address does, or they wait for a tick
    because somebody of their name and place has an address.
    """
    rows = [(fold(n), email and email_key(email), c) for n, email, c, _day in [*first, *second]]
    with_address = {(name, city) for name, key, city in rows if key and city}
    for files in ((first, second), (second, first)):
        found = who_counts(files)
        keys = [key for key, _name, _city in found if key]
        assert len({*keys}) == len(keys)
        counted = {(name, city) for _key, name, city in found}
        for name, key, city in rows:
            waits = not key and (name, city) in with_address
            assert key in keys or (name, city) in counted or waits
        without = [(name, city) for key, name, city in found if not key and city]
        assert len({*without}) == len(without)


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    first=st.lists(st.one_of(WITH_EMAIL, WITHOUT_EMAIL), max_size=6),
    second=st.lists(st.one_of(WITH_EMAIL, WITHOUT_EMAIL), max_size=6),
)
def test_with_all_possible_duplicates_the_order_of_files_does_not_matter(who_counts, first, second):
    """If somebody says that equal names are several people, all files have the same result."""

    def people(*files):
        return sorted(
            (key or "", "" if key else name, "" if key else city)
            for key, name, city in who_counts(files, ticked=True)
        )

    assert people(first, second) == people(second, first)


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    unwanted=st.lists(WITH_EMAIL, max_size=4),
    signers=st.lists(st.one_of(WITH_EMAIL, WITHOUT_EMAIL), max_size=6),
)
def test_a_list_of_who_wants_no_emails_takes_nobody_out(who_counts, unwanted, signers):
    """Whether it comes before or after the signers, and as if it had never come."""
    alone = sorted(map(repr, who_counts([signers])))
    assert sorted(map(repr, who_counts([unwanted, signers], unwanted=0))) == alone
    assert sorted(map(repr, who_counts([signers, unwanted], unwanted=1))) == alone
