"""The filter for logs hides tokens, and leaves a record's arguments usable for its formatter."""

import logging

import pytest

from tests.helpers import path_in, token_in
from wagtail_petition.logs import HideTokens

TOKEN = "ssN5CFrxU61_N2GZV2CDUUBgzGKdkNHFfmOgGMPcHTc"


def record(message, *args):
    return logging.LogRecord("x", logging.INFO, __file__, 1, message, args, None)


class Atoms(dict):
    """The arguments of gunicorn's access log: "-" for missing ones."""

    def __getitem__(self, key):
        return super().__getitem__(key) if key in self else "-"


@pytest.mark.parametrize(
    ("message", "args"),
    [
        ("Not Found: %s", [f"/petitions/confirm/{TOKEN}/"]),
        ('"%s" %s %s', [f"GET /petitions/signature/{TOKEN}/?saved HTTP/1.1", "200", "5120"]),
        ('"%s" %s %s', [f"POST /petitions/recipient/{TOKEN}/?language=en HTTP/1.1", "200", "9"]),
        (f"Not Found: /it/petitions/unsubscribe/{TOKEN}/)", []),
        (
            "%(h)s %(r)s %({x-forwarded-for}i)s",
            [Atoms(h="-", r=f"POST /p/confirm/{TOKEN}/ HTTP/1.1")],
        ),
        ("%s", ["/petitions/embed/sent/MTIzNDU2Nzg5MDEy:1tXyzA:abcdefghijklmnopqrstuvw/"]),
    ],
)
def test_tokens_are_hidden(message, args):
    made = record(message, *args)
    assert HideTokens().filter(made) is True
    text = made.getMessage()
    assert "[hidden]" in text
    assert TOKEN not in text
    assert "abcdefghij" not in text
    assert type(made.args) in (tuple, Atoms)


def test_all_else_stays():
    message = "GET /petitions/12/sign/ and /petitions/%s/signatures/?before=%d"
    made = record(message, "0b5cad1e-0000-4000-8000-000000000000", 50)
    before = made.getMessage()
    HideTokens().filter(made)
    assert made.getMessage() == before
    assert made.args[1] == 50


@pytest.mark.django_db
def test_what_django_logs_itself(client, post, mailoutbox, caplog):
    caplog.handler.addFilter(HideTokens())
    post()
    token = token_in(mailoutbox[0], "confirm")
    client.get(path_in(mailoutbox[0], "confirm").replace("confirm", "signature"))
    assert "[hidden]" in caplog.text
    assert token not in caplog.text
