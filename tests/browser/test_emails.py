"""Emails as a mail program with a browser's engine shows them."""

import pytest

from tests.mail.messages import every_block, every_message, hand_over

from .axe import violations
from .conftest import PHONE

pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
PANE = {"width": 800, "height": 900}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["en", "it", "ar"])
def test_every_email_can_be_read(
    page, make_signature, make_update, open_window, settings, tmp_path, language, scheme
):
    settings.MEDIA_ROOT = tmp_path
    hand_over(page)
    signature = make_signature(wants_news=True)
    signature.language = language
    update = make_update(introduction="At last.", body=every_block())
    messages = every_message(page, signature, update)
    for size in (PHONE, PANE):
        window = open_window(size, color_scheme=scheme)
        for kind, message in messages.items():
            window.set_content(message.alternatives[0].content)
            assert violations(window) == [], f"{kind} {size}"
            width = window.evaluate("document.documentElement.scrollWidth")
            assert width <= size["width"], f"{kind} is {width} pixels wide"
