"""The pictures of an update, for ``screenshots.py``: written, read as an email, sent, watched."""

ADMIN = {"width": 1100, "height": 900}
MAIL = {"width": 700, "height": 900}
UPDATE = {
    "title": "The attorney general has answered",
    "slug": "answer",
    "introduction": "He will receive us in May. Until then, every name counts.",
}
NEWS = (
    "<p>Six weeks after we wrote to him, the attorney general has answered: he will receive three of "
    "us in Washington. We’ll ask him <b>how many children are still waiting</b>, and until when.</p>"
    "<p>What shall we tell him in your name? Write to us.</p>"
)


def take_update(browser, root, page, take):
    """An update of ``page``, as its editor sees it. ``take(window, name)`` takes a picture."""
    from django.urls import reverse

    update, user = make_update(page)
    context = browser.new_context(base_url=root, viewport=ADMIN, reduced_motion="reduce")
    log_in(context, user)
    window, mail = context.new_page(), context.new_page()
    window.goto(reverse("wagtailadmin_pages:edit", args=[update.pk]))
    take(window, "update-write")
    mail.set_viewport_size(MAIL)
    mail.set_content(update.make_preview_request(preview_mode="email").render().content.decode())
    take(mail, "update-email")
    window.goto(reverse("petition_updates:send", args=[update.pk]))
    window.get_by_role("button", name="Send me a test email").click()
    window.locator("[data-petition-recipients] table").wait_for()
    window.get_by_role("button", name="Send to signers").scroll_into_view_if_needed()
    take(window, "update-send")
    send_some(page.petition, update, user)
    window.reload()
    take(window, "update-watch")
    context.close()


def make_update(page):
    """A published update of ``page``. Returns it, and an administrator."""
    from django.contrib.auth import get_user_model
    from wagtail.rich_text import RichText

    from wagtail_petition.models import PetitionUpdatePage

    update = PetitionUpdatePage(**UPDATE, body=[("text", RichText(NEWS))], live=False)
    page.refresh_from_db()
    page.add_child(instance=update)
    user = get_user_model().objects.get(username="admin")
    update.save_revision(user=user).publish()
    return PetitionUpdatePage.objects.get(pk=update.pk), user


def log_in(context, user):
    from django.test import Client

    client = Client()
    client.force_login(user)
    value = client.cookies["sessionid"].value
    cookie = {"name": "sessionid", "value": value, "domain": "127.0.0.1", "path": "/"}
    context.add_cookies([cookie])


def send_some(petition, page, user):
    """Start to send the update of ``page``, and send two thirds of its emails."""
    from django.test import override_settings

    from wagtail_petition.mail import sender
    from wagtail_petition.updates import sending
    from wagtail_petition.updates.audience import Audience

    with override_settings(WAGTAIL_PETITION={"BACKGROUND": "worker"}):
        update = sending.get_update(petition, page)
        sending.start(update, Audience(), title=page.title, send_at=None, user=user)
        update.refresh_from_db()
        sending.queue_next()
        sender.drain(limit=update.total * 2 // 3)
