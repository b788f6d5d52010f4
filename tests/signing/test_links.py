"""Links work even if a mail program adds surrounding characters to them."""

import pytest

from tests.helpers import path_in

pytestmark = pytest.mark.django_db

# What stands around a link in a sentence, in HTML that was pasted, or after a line was wrapped.
JUNK = [
    *(")", ">", ",", '"', "'", ".", ";", "]", "%20", "%0A", "%E2%80%8B", "%C2%A0"),
    *("&gt;", ")).", '">Confirm</a>', "*", "%EF%BC%89"),
]


@pytest.fixture
def paths(client, post, mailoutbox):
    """The URLs with a token or an encrypted number: {name: path}."""
    sent = post()["Location"]
    paths = {name: path_in(mailoutbox[0], name) for name in ("confirm", "unsubscribe")}
    client.post(paths["confirm"])
    return {
        **paths,
        "signature": path_in(mailoutbox[1], "signature"),
        "signed": client.get(paths["confirm"])["Location"],
        "sent": sent,
        "embed_sent": sent.replace("/petitions/sent/", "/petitions/embed/sent/"),
    }


def led_to(response):
    """The URL a response redirects to, without the encrypted number, which always differs."""
    return response.headers.get("Location", "").partition("/signed/")[0]


@pytest.mark.parametrize("junk", JUNK)
def test_what_follows_a_link_is_ignored(client, paths, junk):
    for name, path in paths.items():
        expected = client.get(path)
        for cut_out in (f"{path}{junk}", f"{path.rstrip('/')}{junk}", f"{path.rstrip('/')}{junk}/"):
            response = client.get(cut_out)
            assert response.status_code == expected.status_code, (name, cut_out)
            assert led_to(response) == led_to(expected)
            assert "This link does not work" not in response.text


def test_what_precedes_a_link_is_ignored(client, paths):
    path = paths["signature"].replace("/signature/", "/signature/%20")
    assert client.get(path).status_code == 200


def test_acting_works_by_such_a_link_too(client, paths):
    response = client.post(f"{paths['signature']}%20", {"withdraw": "1"})
    assert response.status_code == 303
    assert "Your signature has been withdrawn" in client.get(response["Location"]).text


@pytest.mark.parametrize("step", ["confirm", "signature", "unsubscribe", "sent", "embed/sent"])
@pytest.mark.parametrize("rest", ["", ")", "%20/", "%E2%80%8B", "cut-off/", "a/b/c"])
def test_a_link_without_its_token_gets_our_own_page(client, step, rest):
    response = client.get(f"/petitions/{step}/{rest}")
    assert response.status_code == 404
    assert "This link does not work" in response.text
