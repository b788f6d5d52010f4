"""Takes the pictures in docs/images: each state of the demo's petition, in two widths and three
languages; and how an update is sent, in English.

``make screenshots`` runs it. It makes a demo of its own in a temporary folder, so that yours
stays as it is. The Arabic page is invented here, to see the design from right to left.
"""

import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from update_screenshots import take_update

ROOT = Path(__file__).resolve().parent.parent
IMAGES = ROOT / "docs" / "images"
SIZES = {"wide": {"width": 1280, "height": 1100}, "phone": {"width": 360, "height": 1100}}
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
SETTINGS = """
from website.settings import *

MEDIA_ROOT = {media!r}
LANGUAGES = WAGTAIL_CONTENT_LANGUAGES = [*LANGUAGES, ("ar", "العربية")]
if "MAILERS" in globals():
    MAILERS["default"] = {{
        "BACKEND": "django.core.mail.backends.filebased.EmailBackend",
        "OPTIONS": {{"file_path": {mails!r}}},
    }}
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = {mails!r}
WAGTAIL_PETITION = {{**globals().get("WAGTAIL_PETITION", {{}}), "BACKGROUND": "inline"}}
"""
ARABIC = {
    "title": "أوقفوا فصل عائلات المهاجرين على الحدود",
    "introduction": "<p>يُفصل الأطفال عن آبائهم على الحدود. نحن المواطنين الأمريكيين المقيمين في "
    "إيطاليا نطالب بإنهاء كل سياسة تفصل العائلات، وبإعادة كل طفل إلى أسرته.</p>",
    "letter": "<p>نحن المواطنين الأمريكيين المقيمين في إيطاليا نعارض فصل الأطفال عن آبائهم على "
    "حدود الولايات المتحدة مع المكسيك.</p><p>نطالب بوقف الفصل فوراً، وبرعاية الأطفال المحتجزين، "
    "وبلمّ شمل العائلات دون تأخير.</p>",
}


def main():
    with tempfile.TemporaryDirectory(prefix="petition-screenshots-") as name:
        folder = Path(name)
        address = f"127.0.0.1:{free_port()}"
        set_up(folder)
        petition = make_demo(address)
        with serving(address, folder):
            take_all(f"http://{address}", petition, folder / "mails")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def set_up(folder):
    """Settings of our own in ``folder``, for this process and the server's."""
    (folder / "screenshot_settings.py").write_text(
        SETTINGS.format(media=str(folder / "media"), mails=str(folder / "mails"))
    )
    paths = [str(folder), str(ROOT / "example_project"), str(ROOT)]
    sys.path[:0] = paths
    os.environ |= {
        "DATABASE_URL": f"sqlite:///{folder / 'db.sqlite3'}",
        # Playwright's own loop runs in this thread, where Django then suspects async code.
        "DJANGO_ALLOW_ASYNC_UNSAFE": "true",
        "DJANGO_SETTINGS_MODULE": "screenshot_settings",
        "PYTHONPATH": os.pathsep.join(paths),
    }
    import django

    django.setup()


def make_demo(address):
    """The demo, with an Arabic page. Returns the petition's pages by language."""
    from django.core.management import call_command
    from wagtail.models import Locale

    from wagtail_petition.models import PetitionPage

    call_command("migrate", verbosity=0)
    call_command("load_demo", address=address, verbosity=0)
    source = PetitionPage.objects.get(locale__language_code="en")
    arabic = Locale.objects.create(language_code="ar")
    page = source.copy_for_translation(arabic, copy_parents=True)
    for name, value in ARABIC.items():
        setattr(page, name, value)
    page.save_revision().publish()
    pages = PetitionPage.objects.filter(translation_key=source.translation_key)
    return {page.locale.language_code: page for page in pages}


@contextmanager
def serving(address, folder):
    """The demo's server on ``address``."""
    with (folder / "server.log").open("w") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "django", "runserver", "--noreload", address],
            stdout=log,
            stderr=log,
        )
        try:
            for _ in range(120):
                with suppress(URLError):
                    urlopen(f"http://{address}/").close()
                    break
                # The server's process runs meanwhile; ask again when it has had a chance.
                with suppress(subprocess.TimeoutExpired):
                    server.wait(0.5)
                    raise SystemExit((folder / "server.log").read_text())
            yield
        finally:
            server.terminate()
            server.wait()


def take_all(root, pages, mails):
    from playwright.sync_api import sync_playwright

    IMAGES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        for language, page in pages.items():
            for size, viewport in SIZES.items():
                context = browser.new_context(base_url=root, viewport=viewport)
                suffix = size if language == "en" else f"{size}-{language}"
                take_states(context.new_page(), page, mails, suffix)
                context.close()
        take_update(browser, root, pages["en"], take)
        browser.close()


def chromium():
    """The system's Chromium, or None for Playwright's own."""
    return shutil.which("chromium") or shutil.which("chromium-browser")


def take_states(window, page, mails, suffix):
    """Each state of ``page``, in the order in which a person meets them."""
    # A source in the URL, so that the page isn't served from the cache.
    address = f"{page.url}?source=picture"
    window.goto(address)
    take(window, f"petition-{suffix}")
    hurry_not(window)
    window.locator(".petition-form button[type=submit]").click()
    window.wait_for_selector(".petition-errors")
    take(window, f"errors-{suffix}")

    window.goto(address)
    for name, value in (
        ("given_name", "Anna"),
        ("family_name", "Moretti"),
        ("email", f"anna.moretti.{suffix}@example.org"),
    ):
        window.fill(f"#petition-{name}", value)
    window.select_option("#petition-country", "IT")
    window.check("#petition-consent")
    hurry_not(window)
    window.locator(".petition-form button[type=submit]").click()
    window.wait_for_selector(".petition-address")
    take(window, f"sent-{suffix}")
    window.goto(link_in(newest(mails), "confirm"))
    take(window, f"confirm-{suffix}")
    window.locator("form .petition-button").first.click()
    window.wait_for_selector(".petition-number")
    take(window, f"signed-{suffix}")
    window.goto(link_in(newest(mails), "signature"))
    take(window, f"signature-{suffix}")

    for state in ("upcoming", "closed", "delivered"):
        with changed(page, state):
            window.goto(address)
            take(window, f"{state}-{suffix}")


def hurry_not(window):
    """Nobody fills in a form within a second; what does is taken for a program."""
    window.evaluate("performance.now = () => 60000")


def newest(mails):
    return max(mails.iterdir(), key=lambda mail: mail.stat().st_mtime_ns).read_text()


def link_in(mail, step):
    return re.findall(rf"http://\S+/petitions/{step}/\S+", mail)[0]


@contextmanager
def changed(page, state):
    """Let ``page`` be in ``state`` for a while."""
    from django.utils import timezone

    from wagtail_petition.models import Delivery, Petition

    now = timezone.now()
    # The source page shows its own dates, a translation those of the petition.
    rows = [type(page).objects.filter(pk=page.pk), Petition.objects.filter(pk=page.petition.pk)]
    before = {"opens_at": page.terms.opens_at, "closes_at": page.terms.closes_at}
    dates = {"opens_at": now + timedelta(days=14)}
    if state != "upcoming":
        dates = {"closes_at": now - timedelta(days=14)}
    if state == "delivered":
        count = page.petition.signature_count
        Delivery.objects.create(
            petition=page.petition,
            state=Delivery.State.DELIVERED,
            recipient=page.to[0]["name"],
            language=page.language,
            last_number=count,
            count=count,
            delivered_on=timezone.localdate() - timedelta(days=3),
        )
    for row in rows:
        row.update(**dates)
    yield
    for row in rows:
        row.update(**before)
    Delivery.objects.all().delete()


def take(window, name):
    """A picture of what is in the window, in as few colours as do it justice."""
    from io import BytesIO

    from PIL import Image

    picture = Image.open(BytesIO(window.screenshot(animations="disabled")))
    target = IMAGES / f"{name}.png"
    picture.convert("RGB").quantize(96, dither=Image.Dither.NONE).save(target, optimize=True)
    print(target.relative_to(ROOT))


if __name__ == "__main__":
    main()
