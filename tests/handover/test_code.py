"""The code that the recipient's page asks for."""

import pytest

from wagtail_petition.delivery import access_code
from wagtail_petition.models import RecipientLink, RecipientVisit

pytestmark = pytest.mark.django_db
CODE = "K7Q-D4M"


@pytest.fixture
def url(share):
    """The address of a link with a code."""
    link, address = share()
    RecipientLink.objects.filter(pk=link.pk).update(code=access_code.hashed(CODE))
    return address


def enter(client, url, code=CODE):
    return client.post(url, {"code": code})


def test_nothing_is_shown_logged_or_done_before(client, url, delivery, receipt, refusal):
    html = client.get(url).text
    assert "Enter the code" in html
    for words in ("Jane Doe", "2 signatures", delivery.manifest_sha256):
        assert words not in html
    for data in (receipt(), refusal, {"file": delivery.files.first().pk}):
        response = client.post(url, data)
        assert response.status_code == 200
        assert "Enter the code" in response.text
    assert not RecipientVisit.objects.exists()
    assert not delivery.acknowledgements.exists()


@pytest.mark.parametrize("typed", [CODE, "k7q d4m", "K7QD4M", " k7q–d4m ", "Ｋ７Ｑ D4M", "K٧QD٤M"])
def test_the_right_code_opens_it_however_it_is_typed(client, url, typed, delivery):
    response = enter(client, url, typed)
    assert (response.status_code, response.url) == (303, url)
    assert "Jane Doe" in client.get(url).text
    assert RecipientVisit.objects.count() == 1
    assert b"".join(client.post(url, {"file": delivery.files.first().pk}))


def test_the_cookie_is_for_this_address_alone(client, url, share):
    other_link, other_url = share()
    RecipientLink.objects.filter(pk=other_link.pk).update(code=access_code.hashed("ANOTHER"))
    (cookie,) = enter(client, url).cookies.values()
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == (url, True, "Lax")
    client.cookies[cookie.key] = cookie.value
    assert "Enter the code" in client.get(other_url).text


def test_the_cookie_ends_with_the_day_and_with_the_code(client, url, clock):
    enter(client, url)
    clock.forward(hours=11)
    assert "Jane Doe" in client.get(url).text
    clock.forward(hours=2)
    assert "Enter the code" in client.get(url).text
    enter(client, url)
    RecipientLink.objects.update(code=access_code.hashed("ANOTHER"))
    assert "Enter the code" in client.get(url).text


@pytest.mark.parametrize("typed", ["", "wrong1", "K7QD4", "\x00", "-"])
def test_a_wrong_one_is_told(client, url, typed):
    response = enter(client, url, typed)
    assert response.status_code == 422
    assert 'href="#petition-code"' in response.text
    assert not response.cookies


def test_after_some_wrong_ones_even_the_right_one_has_to_wait(client, url, clock):
    for _again in range(access_code.MOST):
        assert enter(client, url, "wrong1").status_code == 422
    response = enter(client, url)
    assert response.status_code == 429
    assert response["Retry-After"] == "3600"
    assert "too many wrong codes" in response.text
    clock.forward(minutes=59)
    assert enter(client, url).status_code == 429
    clock.forward(minutes=2)
    assert enter(client, url).status_code == 303


def test_a_right_one_starts_the_count_anew(client, url):
    for _again in range(3):
        for _wrong in range(access_code.MOST - 1):
            enter(client, url, "wrong1")
        assert enter(client, url).status_code == 303
        client.cookies.clear()


def test_an_empty_field_is_no_attempt(client, url):
    for _again in range(2 * access_code.MOST):
        enter(client, url, "")
    assert enter(client, url).status_code == 303


def test_nothing_is_stored_indexed_or_fetched_from_elsewhere(client, url):
    for response in (client.get(url), enter(client, url, "wrong1")):
        assert response["Cache-Control"] == "no-store, private"
        assert "default-src 'none'" in response["Content-Security-Policy"]
        assert response["X-Robots-Tag"] == "noindex, nofollow"


def test_in_the_delivery_s_language(client, url, delivery):
    type(delivery).objects.update(language="ar")
    assert 'lang="ar" dir="rtl"' in client.get(url).text
    assert client.get(f"{url}?language=en")["Content-Language"] == "en"
