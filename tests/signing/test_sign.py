"""Sending the form: an unconfirmed signature and an email, or the page again with errors."""

import ipaddress
import re
import time
from datetime import timedelta
from html import unescape

import pytest
from django.db import OperationalError
from django.utils import timezone

from tests.conftest import RequestCommits
from tests.forms.test_sign import ANSWERS, BAD_NAMES, KEPT, OPTIONAL, questions
from tests.helpers import errors_of, path_in
from wagtail_petition.models import OutgoingEmail, Petition, Signature, Visit
from wagtail_petition.signing import limits
from wagtail_petition.signing.views import sign as views

pytestmark = pytest.mark.django_db
Status = Signature.Status

HERE = {"Origin": "http://testserver"}
TYPED = {
    "given_name": "Anna & <b>Maria</b>",
    "family_name": "O'Neill",
    "email": "anna@example.org",
    "country": "IT",
    "postcode": "39100",
    "city": "Bozen",
    "region": "Südtirol",
    "message": 'He said "no" <img src=x>',
    "source": "poster-7",
    **ANSWERS,
}


@pytest.fixture
def full_page(make_page):
    """A page that asks for everything."""
    return make_page(questions=questions(), **OPTIONAL)


def without_tokens(response):
    """What a person could see or measure of a response, but for the signed id in its address."""
    headers = dict(response.headers)
    headers["Location"] = re.sub(r"/sent/[^/]+/", "/sent/…/", headers["Location"])
    return response.status_code, headers, response.content, dict(response.cookies)


# Taken


def test_signing_leads_to_check_your_inbox(client, page, post, mailoutbox):
    response = post()
    assert response.status_code == 303
    (signature,) = Signature.objects.all()
    assert signature.status == Status.UNCONFIRMED
    assert [m.to for m in mailoutbox] == [["anna@example.org"]]
    inbox = client.get(response["Location"])
    assert inbox.status_code == 200
    assert "anna@example.org" in inbox.text


def test_everything_typed_is_stored(full_page, post):
    post(to=full_page, show_name="on", wants_news="on", **TYPED)
    (signature,) = Signature.objects.all()
    assert signature.answers == KEPT
    for name in ("family_name", "postcode", "city", "region", "message", "source"):
        assert getattr(signature, name) == TYPED[name]
    assert signature.given_name == TYPED["given_name"]
    assert signature.show_name
    assert signature.wants_news


@pytest.mark.parametrize("name", ["O'Neill", "李小龍", "José Ángel", "محمد", "שָׁלוֹם כֹּהֵן", "👩‍👧"])
def test_names_in_every_script_are_stored_as_typed(post, name):
    assert post(given_name=name).status_code == 303
    assert Signature.objects.get().given_name == name


def test_new_and_known_addresses_get_the_same_answer(page, post, make_signature):
    known = make_signature()
    first = post(email="new@example.org")
    second = post(email=known.email)
    assert without_tokens(first) == without_tokens(second)
    inbox = [
        re.sub(r"new@example\.org|anna@example\.org", "…", by_address.text)
        for by_address in (post.follow(first), post.follow(second))
    ]
    assert inbox[0] == inbox[1]


def test_the_mail_tells_who_has_signed_already(post, make_signature, mailoutbox):
    make_signature()
    OutgoingEmail.objects.all().delete()
    post()
    (mail,) = mailoutbox
    assert "already signed" in mail.subject
    assert "/signature/" in mail.body
    assert "/confirm/" not in mail.body


def test_squatting_is_of_no_use(client, page, post, mailoutbox):
    """Somebody signs with another's address under an insulting name; then the owner signs."""
    post(given_name="Idiot")
    post(given_name="Anna")
    attack, own = (path_in(mail, "confirm") for mail in mailoutbox)
    assert "Idiot" in client.get(attack).text
    shown = client.get(own).context["attempts"].values()
    assert [attempt.given_name for attempt in shown] == ["Anna", "Idiot"], "own first"
    assert client.post(own).status_code == 303
    assert client.post(attack).status_code == 409
    (counted,) = Signature.objects.filter(status=Status.CONFIRMED)
    assert counted.given_name == "Anna"


def test_two_people_one_page_one_count_in_both_languages(
    client, page, translated, post, mailoutbox
):
    post(email="a@example.org")
    post(to=translated, email="b@example.org")
    english, italian = mailoutbox
    assert english.subject == "Please confirm your signature: Stop separating families"
    for mail in (english, italian):
        assert client.post(path_in(mail, "confirm")).status_code == 303
    key = page.translation_key
    assert client.get(f"/petitions/{key}/count.json").json() == {"count": 2}
    assert Petition.objects.get(key=key).signature_count == 2
    assert set(Signature.objects.values_list("language", "number")) == {("en", 1), ("it", 2)}


# Not taken: the page again, with words beside the field and in the summary


def assert_shown_again(response, name, message):
    assert response.status_code == 422
    assert errors_of(response)[name] == [message]
    html = response.text
    summary = re.search(r'<div class="petition-errors".*?</div>', html, re.DOTALL)[0]
    escaped = message.replace("'", "&#x27;")
    assert escaped in summary
    assert f'href="#petition-{name}' in summary
    assert html.count(escaped) >= 2, "in the summary and beside the field"
    assert not Signature.objects.exists()


@pytest.mark.parametrize("name", BAD_NAMES, ids=lambda n: ascii(n[:20]))
@pytest.mark.parametrize("field", ["given_name", "family_name"])
def test_bad_name(post, field, name):
    label = {"given_name": "First name", "family_name": "Last name"}[field]
    message = BAD_NAMES[name].format(label)
    if field == "family_name":
        message = message.replace("first name", "last name")
    assert_shown_again(post(**{field: name}), field, message)


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        (
            "email",
            "anna@",
            "Enter an email address in the right format, like name@example.org.",
        ),
        ("email", None, "Enter your email address."),
        ("country", "XX", "Choose a country from the list."),
        ("country", None, "Choose the country where you live."),
        (
            "consent",
            None,
            "Tick the box if you agree. We can’t accept your signature without your consent.",
        ),
        ("q_date", "2018-02-30", "Enter a date, like 2026-11-26."),
        ("q_one", "maybe", "Choose an answer from the list."),
        ("q_number", "x", "Enter a whole number, like 12."),
    ],
)
def test_bad_value(full_page, post, field, value, message):
    assert_shown_again(post(to=full_page, **{field: value}), field, message)


@pytest.mark.parametrize("field", [*TYPED, "consent", "show_name", "wants_news", "fax", "elapsed"])
def test_nul_in_any_field_is_no_fault_of_ours(full_page, post, field):
    response = post(to=full_page, **{**TYPED, field: "a\x00b"})
    assert response.status_code in (200, 303, 422)
    assert not [s for s in Signature.objects.values() if "\x00" in repr(s)]


def test_nothing_typed_is_lost(full_page, post):
    response = post(to=full_page, consent=None, show_name="on", **TYPED)
    assert response.status_code == 422
    form = response.context["form"]
    for name, value in TYPED.items():
        assert form[name].value() in (value, value == "on")
    html = response.text
    for shown in ("O&#x27;Neill", "anna@example.org", "39100", "Bozen", "Südtirol", "poster-7"):
        assert shown in html
    assert "&lt;img src=x&gt;" in html
    assert "<img src=x>" not in html
    assert re.search(r'<option value="IT" selected', html)
    for name, value in [("q_one", "yes"), ("q_several", "collect"), ("q_several", "translate")]:
        assert re.search(rf'name="{name}" value="{value}"[^>]*checked', html)
    assert re.search(r'name="show_name"[^>]*checked', html)


@pytest.mark.parametrize(
    ("dates", "words"),
    [
        ({"opens_at": timedelta(days=1)}, "can’t be signed yet"),
        ({"closes_at": -timedelta(days=1)}, "closed and can no longer be signed"),
    ],
)
def test_petition_that_is_not_open(make_page, post, dates, words):
    page = make_page(**{name: timezone.now() + delta for name, delta in dates.items()})
    response = post(to=page, given_name="Quirina")
    assert response.status_code == 422
    (message,) = response.context["form"].non_field_errors()
    assert words in message
    assert words in response.text
    assert "Quirina" in response.text
    assert not Signature.objects.exists()


def test_a_million_characters_are_no_burden(post):
    response = post(given_name="a" + "\u0301\u0323" * 200_000, family_name="b" * 100_000)
    assert response.status_code == 422
    assert set(errors_of(response)) == {"given_name", "family_name"}
    assert len(response.content) < 200_000, "and not all of it comes back"


def test_the_corrected_form_can_say_where_it_comes_from(client, page, post):
    # With "no-referrer" a browser sends "Origin: null" from the page with the errors.
    assert post(consent=None)["Referrer-Policy"] == "same-origin"


# Who sends it


@pytest.mark.parametrize(
    "headers",
    [
        HERE,
        {"Sec-Fetch-Site": "same-origin"},
        {"Origin": "null", "Sec-Fetch-Site": "same-origin"},
        {"Origin": "https://www.partner.example"},
        {"Origin": "https://deep.wild.example"},
    ],
)
def test_our_own_origins(post, settings, headers):
    settings.CSRF_TRUSTED_ORIGINS = ["https://www.partner.example", "https://*.wild.example"]
    assert post(headers=headers).status_code == 303


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "null"},
        {"Origin": "https://evil.example"},
        {"Origin": "https://testserver.evil.example"},
        {"Origin": "http://testserver@evil.example"},
        {"Origin": "http://www.partner.example"},
        {"Origin": "https://notwild.example"},
        {"Origin": "http://["},
        {"Origin": "https://evil.example", "Sec-Fetch-Site": "same-origin"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "none"},
    ],
)
def test_missing_or_foreign_origin_is_refused_with_an_explanation(post, settings, headers):
    settings.CSRF_TRUSTED_ORIGINS = ["https://www.partner.example", "https://*.wild.example"]
    response = post(headers=headers)
    assert response.status_code == 403
    assert "Nothing was saved" in response.text
    assert not Signature.objects.exists()


# Robots


SUSPICIONS = [{"fax": "1"}, {"elapsed": "200"}, {"fax": "1", "elapsed": "200"}]


def step_of(response):
    """The fields of the extra step's form, as a browser sends them."""
    assert response.status_code == 200
    fields = {}
    for name, value in re.findall(
        r'<input type="hidden" name="(\w+)" value="([^"]*)"', response.text
    ):
        fields.setdefault(name, []).append(unescape(value))
    return fields


def test_a_robot_learns_nothing(page, post, mailoutbox):
    """The response is the same for every suspicion. It is true, and gives no reason."""
    answers = [post(**suspicion) for suspicion in SUSPICIONS]
    network = limits.network_hash(ipaddress.ip_address("127.0.0.1"))
    for _time in range(10):
        Visit.objects.create(petition=page.petition, network=network, at=timezone.now())
    answers.append(post())
    texts = {re.sub(r'name="step" value="[^"]+"', "", answer.text) for answer in answers}
    assert len(texts) == 1
    assert "One more step" in answers[0].text
    assert "We’re sending" not in answers[0].text
    assert not Signature.objects.exists()
    assert mailoutbox == []


@pytest.mark.parametrize("suspicion", SUSPICIONS)
def test_a_person_under_suspicion_signs_with_one_more_button(
    full_page, post, mailoutbox, suspicion
):
    asked = post(to=full_page, show_name="on", **TYPED, **suspicion)
    assert post(to=full_page, **step_of(asked)).status_code == 303
    signature = Signature.objects.get()
    assert len(mailoutbox) == 1
    assert signature.answers == KEPT
    assert signature.show_name
    assert not signature.wants_news
    for name in ("given_name", "postcode", "city", "region", "message", "source"):
        assert getattr(signature, name) == TYPED[name]


def test_the_step_is_good_for_one_address_and_a_day(post, monkeypatch):
    fields = step_of(post(fax="1"))
    changed = {**fields, "email": ["bruno@example.org"], "fax": "1"}
    assert "One more step" in post(**changed).text
    real = time.time
    monkeypatch.setattr(time, "time", lambda: real() + 24 * 60 * 60 + 60)
    assert "One more step" in post(**fields, fax="1").text
    assert not Signature.objects.exists()


def test_errors_come_before_suspicions(post):
    response = post(fax="1", given_name="")
    assert response.status_code == 422
    assert post(fax="").status_code == 303


@pytest.mark.parametrize("elapsed", ["", "1500", "86400000", "9" * 30, "-5", "soon"])
def test_no_person_is_taken_for_a_robot(post, elapsed):
    post(elapsed=elapsed)
    assert Signature.objects.count() == 1


def test_who_corrects_a_form_in_no_time_is_no_robot(client, page, post):
    assert 'name="elapsed"' in client.get(page.url).text
    assert 'name="elapsed"' not in post(consent=None).text


def test_a_cache_in_front_serves_everybody_the_same(
    page, settings, form_data, django_assert_num_queries
):
    settings.MIDDLEWARE = [
        "django.middleware.cache.UpdateCacheMiddleware",
        *settings.MIDDLEWARE,
        "django.middleware.cache.FetchFromCacheMiddleware",
    ]
    first = RequestCommits().get(page.url)
    with django_assert_num_queries(0):
        second = RequestCommits().get(page.url)
    assert first.content == second.content
    response = RequestCommits().post(page.sign_url, form_data(), headers=HERE)
    assert response.status_code == 303
    inbox = RequestCommits().get(response["Location"])
    assert "anna@example.org" in inbox.text
    assert "anna@example.org" not in RequestCommits().get(page.url).text


def test_two_people_sign_from_the_same_cached_bytes(client, page, form_data, settings):
    """A cached page works for everybody: no cookie or token is needed."""
    first, second = client.get(page.url), RequestCommits().get(page.url)
    assert first.content == second.content
    assert not first.cookies
    assert not second.cookies
    action = re.search(r'<form[^>]*action="([^"]+)"', first.text)[1]
    for name in ("a", "b"):
        by = RequestCommits(enforce_csrf_checks=True)
        response = by.post(action, form_data(email=f"{name}@example.org"), headers=HERE)
        assert response.status_code == 303
    assert Signature.objects.count() == 2


# Where it is sent to


def test_get_leads_to_the_page(client, page):
    response = client.get(page.sign_url)
    assert response.status_code == 303
    assert response["Location"] == page.url


def test_nothing_in_the_request_leads_elsewhere(client, page, post):
    for response in (
        post(next="https://evil.example/", redirect="https://evil.example/"),
        client.get(page.sign_url, {"next": "https://evil.example/"}),
    ):
        assert response["Location"].startswith("/")
        assert "evil" not in response["Location"]


@pytest.mark.parametrize("pk", ["0", "999999", "99999999999999999999999"])
def test_page_that_never_was(client, pk):
    response = client.post(f"/petitions/{pk}/sign/", headers=HERE)
    assert response.status_code == 410


def test_page_of_another_kind(client, home):
    assert client.post(f"/petitions/{home.pk}/sign/", headers=HERE).status_code == 410


# Faults


def test_database_that_does_not_answer(full_page, post, monkeypatch, caplog):
    def locked(*args, **kwargs):
        raise OperationalError("database is locked")

    monkeypatch.setattr(views, "sign_in_transaction", locked)
    response = post(to=full_page, show_name="on", **TYPED)
    assert response.status_code == 503
    assert response["Retry-After"]
    assert "Nothing was saved" in response.text
    assert "The database does not answer" in caplog.text
    fields = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', response.text)
    again = {}
    for name, value in fields:
        again.setdefault(name, []).append(value)
    assert again["q_several"] == ["collect", "translate"]
    assert again["given_name"] == ["Anna &amp; &lt;b&gt;Maria&lt;/b&gt;"]
    assert set(again) == {*TYPED, "consent", "show_name"}
    monkeypatch.undo()
    again = {name: [unescape(v) for v in values] for name, values in again.items()}
    assert post(to=full_page, **again).status_code == 303
    assert Signature.objects.get().message == TYPED["message"]


def test_the_page_of_a_broken_database_needs_no_database(
    client, page, post, monkeypatch, django_assert_num_queries
):
    def gone(request, pk):
        raise OperationalError("server closed the connection unexpectedly")

    monkeypatch.setattr(views, "visible_page_by_id", gone)
    with django_assert_num_queries(0):
        assert post().status_code == 503
        assert client.get(page.sign_url).status_code == 503
