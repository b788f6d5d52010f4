import pytest

from wagtail_petition.identity.mail_domains import suggest_address


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("anna@gmial.com", "anna@gmail.com"),
        ("anna@gmail.con", "anna@gmail.com"),
        ("anna@GMAI.com", "anna@gmail.com"),
        ("anna@hotmial.com", "anna@hotmail.com"),
        ("a.b+c@libero.lt", "a.b+c@libero.it"),
    ],
)
def test_slips_of_the_finger(typed, meant):
    assert suggest_address(typed) == meant


@pytest.mark.parametrize(
    "address",
    [
        "anna@gmail.com",
        "anna@mail.com",
        "anna@yahoo.com.au",
        "anna@hotmail.be",
        "anna@example.org",
        "anna@me.com",
        "anna@uni-roma.it",
    ],
)
def test_what_is_right_gets_no_hint(address):
    assert suggest_address(address) == ""
