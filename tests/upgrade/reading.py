"""How pages and emails are read."""

import re
from email.utils import parseaddr
from html import unescape


def as_shown(response):
    """The text of a page, without tags and with single blanks."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", response.text)).split())


def recipient_of(mail):
    """The address that an email went to."""
    return parseaddr(mail.to[0])[1]


def emails_to(mailoutbox, address):
    """Those of the emails sent that went to ``address``. Others may have been sent first."""
    return [mail for mail in mailoutbox if recipient_of(mail) == address]
