"""Every kind of email to signers, with everything that it may contain."""

from django.utils import timezone
from wagtail.images import get_image_model
from wagtail.images.tests.utils import get_test_image_file
from wagtail.rich_text import RichText

from wagtail_petition import ledger
from wagtail_petition.ledger import tokens
from wagtail_petition.mail.rendering import LINKS, render_message
from wagtail_petition.mail.update import render_update_message
from wagtail_petition.models import Delivery, OutgoingEmail

Kind = OutgoingEmail.Kind
TEXT = (
    "<h2>What she said</h2><p>The <b>committee</b> will <i>hear</i> us: "
    '<a href="https://a.example/">its agenda</a>.</p><ul><li>Anna</li><li>Bruno</li></ul>'
    "<ol><li>First</li></ol><hr/>"
)


def every_block():
    """The body of an update with each block. Saves a picture."""
    picture = get_image_model().objects.create(title="A hand", file=get_test_image_file())
    link = {"title": "The agenda", "url": "https://a.example/", "description": "All of it."}
    source = "https://www.a.example/speech"
    return [
        ("text", RichText(TEXT)),
        ("heading", "What happens next"),
        ("image", {"image": picture, "alt_text": "Two hands", "caption": "At the border"}),
        ("quote", {"text": "A child belongs home.", "author": "Li Wei", "source": source}),
        ("links", {"show_heading": True, "links": [link]}),
        ("video", {"title": "A story"}),
        ("action", {"text": "Every name counts.", "button": ""}),
    ]


def hand_over(page):
    """A delivery whose signers get an email."""
    return Delivery.objects.create(
        petition=ledger.ensure_petition(page),
        last_number=1,
        recipient="Jane Doe",
        language="en",
        count=2001,
        state=Delivery.State.DELIVERED,
        delivered_on=timezone.localdate(),
        told_at=timezone.now(),
    )


def every_message(page, signature, update):
    """Each kind of email to ``signature``: {kind: message}. ``page`` has been handed over."""
    made = {kind: render_message(kind, signature, page) for kind in LINKS if kind != Kind.UPDATE}
    issued = tokens.issue(signature, *LINKS[Kind.UPDATE])
    made[Kind.UPDATE] = render_update_message(update, signature, page, number=3, issued=issued)
    return made


def html_of(message):
    """The HTML of a message."""
    return message.alternatives[0].content


def sign_as_other(page):
    """The confirmed signature of somebody else."""
    made = ledger.sign(page, email="other@example.org", given_name="B", country="IT")
    return ledger.confirm(made).signature
