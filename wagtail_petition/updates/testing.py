"""Send an update as a test to its editor, in each language."""

from typing import Any

from django.contrib.auth.models import AbstractUser
from django.db import transaction
from wagtail.log_actions import log

from wagtail_petition.compat import open_mailer
from wagtail_petition.mail.update import render_test
from wagtail_petition.models.update import Update, version
from wagtail_petition.pages.lookup import find_page


def send_tests(update: Update, pages: list[Any], user: AbstractUser, request: Any = None) -> int:
    """Send ``update`` to ``user`` in the language of each of its ``pages``. Returns how many.

    Raises the exceptions of the mail backend.
    """
    messages = []
    for page in pages:
        petition_page = find_page(update.petition.key, page.language)
        messages.append(render_test(page, petition_page, user.email, request))
    mailer = open_mailer(timeout=30)
    try:
        mailer.open()
        mailer.send_messages(messages)
    finally:
        mailer.close()
    with transaction.atomic():
        update.tested = {page.language: version(page) for page in pages}
        update.save(update_fields=["tested"])
        log(
            update.petition,
            "wagtail_petition.test_update",
            user=user,
            data={"update": update.number},
        )
    return len(messages)


def untested(update: Update, pages: list[Any]) -> list[Any]:
    """Those of its ``pages`` that changed since their last test, or were never tested.

    The text about a closing date is ready, and needs no test.
    """
    if update.is_deadline:
        return []
    return [page for page in pages if not update.was_tested(page)]
