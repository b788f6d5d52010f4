"""Template tags for the petition page and the steps of signing."""

import re

from django import forms, template
from django.urls import reverse
from django.utils.formats import get_format
from django.utils.html import escape, format_html
from django.utils.safestring import mark_safe
from wagtail.coreutils import get_content_languages
from wagtail.rich_text import expand_db_html

from wagtail_petition import addresses, formats, moments
from wagtail_petition.conf import settings
from wagtail_petition.formats import shown_host
from wagtail_petition.home.describe import describe_home, get_letter_signer
from wagtail_petition.images import get_rendition
from wagtail_petition.pages.paper import paper_count

register = template.Library()
register.simple_tag(formats.comma)
register.simple_tag(paper_count)
register.filter(formats.language_name)
register.filter(formats.number)

DATE_FORMATS = {"day": "DATE_FORMAT", "month": "YEAR_MONTH_FORMAT", "year": "Y"}


@register.simple_tag(takes_context=True)
def petition_link(context, page):
    """A link to the petition's page, relative if on the same site; "" if it has no URL."""
    return addresses.page_link(page, context.get("request"))


@register.simple_tag(takes_context=True)
def petition_address(context, page):
    """The absolute URL of the petition's page; "" if it has none."""
    return addresses.page_url(page, context.get("request"))


@register.simple_tag
def home_link():
    """A link to the site's home page; "" if there is none."""
    return addresses.home_link()


@register.simple_tag
def thousand_separator():
    """The thousands separator, for the script that updates the count."""
    return get_format("THOUSAND_SEPARATOR") if get_format("NUMBER_GROUPING") else ""


@register.simple_tag
def outcome_title(outcome):
    """What a recipient did, in a sentence with their name as HTML."""
    recipient = format_html("<bdi>{}</bdi>", outcome.delivery.recipient)
    return mark_safe(escape(outcome.SENTENCES[outcome.kind]) % {"recipient": recipient})


@register.simple_tag
def outcome_text(outcome, language):
    """{"text", "language"} of an outcome, in ``language`` or another; None if it has no text."""
    text, language = outcome.get_text(language)
    return {"text": text, "language": language} if text else None


register.filter(moments.deadline)
register.filter(moments.beginning)
register.filter(moments.day_and_time)
register.filter("with_zone", moments.with_zone, expects_localtime=True)
register.filter(moments.iso)


@register.filter(expects_localtime=True)
def written_date(value):
    """A date as in a text; "" for none."""
    return moments.written_date(value) if value else ""


@register.filter
def event_date(event):
    """The date of an event with its precision, in the active language."""
    day = event.get("date")
    return moments.written_date(day, DATE_FORMATS[event.get("precision") or "day"]) if day else ""


@register.filter
def host(url):
    """The host of a URL, without "www."."""
    return shown_host(url)


@register.filter
def isolate_links(text):
    """``text`` as HTML in which URLs stay left-to-right within right-to-left text.

    For emails: mail programs drop ``<bdi>``.
    """
    return mark_safe(re.sub(r"(https?://\S+)", r'<span dir="ltr">\1</span>', escape(text)))


@register.filter
def in_label(html):
    """Rich text for a ``<label>``, with spans instead of paragraphs, which it can't contain."""
    return mark_safe(re.sub(r"<(/?)p\b", r"<\1span", expand_db_html(html or "")))


@register.filter
def first_control(field):
    """The id of a form field's control, or of the first radio button or checkbox."""
    return field.id_for_label or (field.subwidgets[0].id_for_label if field.subwidgets else "")


@register.filter
def answers(signature):
    """The (label, answer) pairs of a signature, with labels from the signed text."""
    return signature.signed_text.describe(signature.answers)


register.filter("home", describe_home)


@register.filter
def letter_signer(signature):
    """The signer as the letter's "From" showed it to them when they signed."""
    if signature.signed_text.shows_home:
        return get_letter_signer(signature)
    return signature.full_name


@register.simple_tag
def proof_of_work():
    """The URL of the challenge for the proof of work; "" if ``ALTCHA`` is off."""
    return reverse("wagtail_petition:challenge") if settings.ALTCHA else ""


@register.simple_tag
def live_translations(page):
    """The live pages of this petition, including this one, in the site's order of languages."""
    order = {code: place for place, code in enumerate(get_content_languages())}
    return sorted(
        page.live_translations, key=lambda p: order.get(p.locale.language_code, len(order))
    )


@register.simple_tag
def rendition(image, spec):
    """The rendition of an image, or None if its file can't be read."""
    return get_rendition(image, spec) if image else None


@register.simple_tag
def question_field(value):
    """The form field of a question, for its preview in the editor."""
    form = forms.Form(auto_id="petition-%s", label_suffix="")
    form.fields["question"] = value.block.get_form_field(value)
    return form["question"]
