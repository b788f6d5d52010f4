"""What the templates of the petition page and the signing steps need beyond Django and Wagtail."""

import re

from django import forms, template
from django.urls import reverse
from django.utils.formats import date_format, get_format, number_format
from django.utils.html import escape
from django.utils.safestring import mark_safe
from wagtail.coreutils import get_content_languages
from wagtail.rich_text import expand_db_html

from wagtail_petition import addresses, formats, moments
from wagtail_petition.blocks.links import shown_host
from wagtail_petition.conf import settings
from wagtail_petition.images import get_rendition

register = template.Library()
register.simple_tag(formats.comma)

DATE_FORMATS = {"day": "DATE_FORMAT", "month": "YEAR_MONTH_FORMAT", "year": "Y"}


@register.filter
def number(value):
    """A whole number with the language's separators, whatever USE_THOUSAND_SEPARATOR says."""
    return number_format(value, use_l10n=True, force_grouping=True)


@register.simple_tag(takes_context=True)
def petition_link(context, page):
    """A link to the petition's page, relative on its own site; "" if it has no address."""
    return addresses.page_link(page, context.get("request"))


@register.simple_tag(takes_context=True)
def petition_address(context, page):
    """The whole address of the petition's page; "" if it has none."""
    return addresses.page_url(page, context.get("request"))


@register.simple_tag
def home_link():
    """A link to where the site begins; "" if Wagtail shows no pages."""
    return addresses.home_link()


@register.simple_tag
def thousand_separator():
    """What stands between groups of three digits, for the script that refreshes the count."""
    return get_format("THOUSAND_SEPARATOR") if get_format("NUMBER_GROUPING") else ""


register.filter(moments.deadline)
register.filter(moments.beginning)
register.filter(moments.day_and_time)
register.filter(moments.iso)


@register.filter
def event_date(event):
    """The date of a timeline's event, as precise as the editor said, in the language."""
    day = event.get("date")
    return date_format(day, DATE_FORMATS[event.get("precision") or "day"]) if day else ""


@register.filter
def host(url):
    """The host of an address as people name it."""
    return shown_host(url)


@register.filter
def isolate_links(text):
    """``text`` as HTML in which a web address keeps its order within Arabic or Hebrew words."""
    return mark_safe(re.sub(r"(https?://\S+)", r'<bdi dir="ltr">\1</bdi>', escape(text)))


@register.filter
def in_label(html):
    """Rich text for within a ``<label>``, where a paragraph is not allowed: spans instead."""
    return mark_safe(re.sub(r"<(/?)p\b", r"<\1span", expand_db_html(html or "")))


@register.filter
def first_control(field):
    """The id of a form field's control; the first of several radio buttons or boxes."""
    return field.id_for_label or (field.subwidgets[0].id_for_label if field.subwidgets else "")


@register.filter
def answers(signature):
    """What was asked and answered, in the words of the text signed: (label, answer) pairs."""
    return signature.signed_text.describe(signature.answers)


@register.simple_tag
def proof_of_work():
    """Where the form gets the challenge for its proof of work; "" where that is switched off."""
    return reverse("wagtail_petition:challenge") if settings.ALTCHA else ""


@register.simple_tag
def live_translations(page):
    """The live pages of this petition, this one included, in the site's order of languages."""
    order = {code: place for place, code in enumerate(get_content_languages())}
    return sorted(
        page.live_translations, key=lambda p: order.get(p.locale.language_code, len(order))
    )


@register.simple_tag
def rendition(image, spec):
    """The rendition of an image, None if its file can't be read."""
    return get_rendition(image, spec) if image else None


@register.simple_tag
def question_field(value):
    """The form field of a question block's value, to preview the question in the editor."""
    form = forms.Form(auto_id="petition-%s", label_suffix="")
    form.fields["question"] = value.block.get_form_field(value)
    return form["question"]
