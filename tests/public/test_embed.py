"""The form in a frame on another site."""

import re

import pytest
from django.urls import reverse

from wagtail_petition.models import Signature
from wagtail_petition.public.embed import embed_code
from wagtail_petition.signing.views.confirm import signed_url


@pytest.fixture
def post_in_frame(client, page, form_data):
    """Send the form as the frame does."""

    def post(headers=None, **changes):
        return client.post(
            reverse("wagtail_petition:embed_sign", args=[page.pk]),
            form_data(**{"source": "embed", **changes}),
            headers=headers or {"Origin": "http://testserver"},
        )

    return post


def may_be_framed(response):
    return (
        "X-Frame-Options" not in response.headers
        and "frame-ancestors *" in response["Content-Security-Policy"]
    )


def test_the_frame_has_the_form_and_nothing_of_the_site(client, page, url_of):
    response = client.get(url_of("embed"))
    html = response.content.decode()
    assert "A bare site" not in html
    assert page.title in html
    assert f'action="{reverse("wagtail_petition:embed_sign", args=[page.pk])}"' in html
    assert re.search(r'name="source"[^>]+value="embed"', html)
    assert response["X-Robots-Tag"] == "noindex"
    assert may_be_framed(response)
    assert not response.cookies


def test_only_the_frame_may_be_framed(client, page, url_of, make_signature):
    signature = make_signature()
    for address in (
        page.url,
        url_of("signatures"),
        url_of("paper"),
        signed_url(page, signature.number),
        reverse("wagtail_petition:confirm", args=["x" * 43]),
        reverse("wagtail_petition:sign", args=[page.pk]),
    ):
        assert client.get(address)["X-Frame-Options"] == "DENY"


def test_who_may_frame_it_is_a_setting(client, url_of, settings):
    settings.WAGTAIL_PETITION = {"EMBED_ANCESTORS": "'self' https://partner.example"}
    policy = client.get(url_of("embed"))["Content-Security-Policy"]
    assert "frame-ancestors 'self' https://partner.example" in policy
    assert "default-src 'self';" in policy


def test_static_files_from_elsewhere_are_allowed(client, url_of, settings):
    settings.STATIC_URL = "https://static.example/files/"
    policy = client.get(url_of("embed"))["Content-Security-Policy"]
    assert "default-src 'self' https://static.example;" in policy


def test_signing_stays_in_the_frame(client, post_in_frame):
    response = post_in_frame()
    assert response.status_code == 303
    assert may_be_framed(response)
    sent = client.get(response["Location"])
    assert "anna@example.org" in sent.content.decode()
    assert "A bare site" not in sent.content.decode()
    assert may_be_framed(sent)
    assert Signature.objects.get().source == "embed"


def test_links_to_the_page_leave_the_frame(client, page, post_in_frame):
    """Where it could not be shown."""
    html = client.get(post_in_frame()["Location"]).content.decode()
    assert f'<a href="{page.url}" target="_blank" rel="noopener">' in html


def test_errors_stay_in_the_frame(post_in_frame):
    response = post_in_frame(email="nonsense", given_name="Zoë")
    html = response.content.decode()
    assert response.status_code == 422
    assert may_be_framed(response)
    assert "A bare site" not in html
    assert "There is a problem" in html
    assert 'value="Zoë"' in html
    assert response["Cache-Control"] == "no-cache, private"


def test_another_mail_stays_in_the_frame(client, post_in_frame):
    sent = post_in_frame()["Location"]
    response = client.post(
        sent, {"email": "other@example.org"}, headers={"Origin": "http://testserver"}
    )
    assert response.status_code == 303
    assert response["Location"].startswith("/petitions/embed/sent/")


def test_the_extra_step_stays_in_the_frame(post_in_frame):
    response = post_in_frame(fax="1")
    assert "One more step" in response.text
    assert may_be_framed(response)
    assert "A bare site" not in response.text
    assert not Signature.objects.exists()


def test_a_form_on_the_other_site_itself_is_refused(post_in_frame):
    assert post_in_frame(headers={"Origin": "https://partner.example"}).status_code == 403


def test_the_frame_reloaded_after_an_error_shows_the_form(client, page, url_of):
    response = client.get(reverse("wagtail_petition:embed_sign", args=[page.pk]))
    assert response["Location"] == f"{url_of('embed')}?language=en"


def test_the_source_can_be_named(client, url_of):
    html = client.get(url_of("embed"), {"source": "partner"}).content.decode()
    assert re.search(r'name="source"[^>]+value="partner"', html)


def test_the_frame_in_its_language(client, url_of, translated):
    html = client.get(url_of("embed"), {"language": "it"}).content.decode()
    assert '<html lang="it" dir="ltr">' in html


def test_the_code_to_copy(page, url_of):
    code = embed_code(page)
    assert f'src="http://localhost{url_of("embed")}?language=en"' in code
    assert f'title="{page.title}"' in code
    assert 'e.origin==="http://localhost"' in code
    assert code.startswith("<iframe ")


def test_a_title_can_not_break_the_code(make_page):
    page = make_page(title='"></iframe><script>alert(1)</script>')
    assert "<script>alert" not in embed_code(page)
