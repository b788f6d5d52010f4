"""Template tags of the admin."""

from collections import Counter
from datetime import timedelta

from django import template
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.admin.templatetags.wagtailadmin_tags import timesince_simple

from wagtail_petition import moments
from wagtail_petition.access import counting
from wagtail_petition.access.permissions import can
from wagtail_petition.admin.base import petition_buttons, signatures_url
from wagtail_petition.admin.petitions import charts
from wagtail_petition.admin.petitions.statistics import today, with_figures, with_pending_messages
from wagtail_petition.clock import local_time
from wagtail_petition.exports.tools import describe_format
from wagtail_petition.formats import listed
from wagtail_petition.mail.rendering import sample_message
from wagtail_petition.mail.update import sample_update
from wagtail_petition.models import OutgoingEmail, Petition, Signature
from wagtail_petition.public.embed import embed_code, paper_url

register = template.Library()

register.simple_tag(embed_code, name="embed_code")
register.simple_tag(paper_url)
register.simple_tag(sample_message)
register.simple_tag(sample_update)
register.filter("number", charts.number)
register.filter("percent", charts.percent)
register.filter("export_format", describe_format)


@register.filter
def figure(value):
    """A number with separators, or "more than 100,000" if counting stopped at ``counting.MOST``.

    ``value`` is a ``counting.Count``, or a number of rows counted up to ``counting.MOST`` + 1.
    """
    if not isinstance(value, counting.Count):
        value = counting.Count(min(value, counting.MOST), value > counting.MOST)
    shown = charts.number(value.number)
    return _("more than %(number)s") % {"number": shown} if value.is_more else shown


@register.filter
def moment(value):
    """A date and time in the user's format and time zone; "" for None.

    The tooltip has the zone, and how long ago it was.
    """
    if value is None:
        return ""
    local = local_time(value)
    words = [moments.with_zone(local)]
    if value <= timezone.now():
        words.append(timesince_simple(value))
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        moments.iso(value),
        listed(words),
        moments.short(local),
    )


@register.filter
def duration(value):
    """A timedelta as text: 40 seconds, 3 hours, 20 minutes."""
    seconds = round(value.total_seconds())
    if seconds < 60:
        return ngettext("%(seconds)d second", "%(seconds)d seconds", seconds) % {"seconds": seconds}
    now = timezone.now()
    return timesince(now - value, now)


@register.simple_tag
def petition_figures(page, user):
    """The petition of ``page`` with its figures; None if ``user`` may not view it."""
    petitions = with_figures(Petition.objects.filter(key=page.petition_key))
    petition = with_pending_messages(petitions).first()
    return petition if petition and can(user, "view", petition, Petition) else None


@register.simple_tag
def petition_notices(page):
    """The ten newest ``Notice`` of a page's petition, each with its numbers of emails ``counts``."""
    kinds = (OutgoingEmail.Kind.MILESTONE, OutgoingEmail.Kind.REPORT)
    emails = OutgoingEmail.objects.filter(signature=None, petition=page.petition, kind__in=kinds)
    counts = Counter(
        (payload.get("notice"), state) for payload, state in emails.values_list("payload", "state")
    )
    notices = page.petition.notices.all()[:10]
    for notice in notices:
        notice.counts = {state: counts[notice.pk, state] for state in OutgoingEmail.State.values}
    return notices


@register.simple_tag
def petition_links(petition, user):
    """The buttons for what ``user`` may do with ``petition``."""
    return petition_buttons(user, petition)


@register.simple_tag
def petition_lists(petition, user):
    """The URLs of the lists behind the figures: {name: URL}.

    The names are the statuses, "last_day", "last_week" and "messages". Empty if ``user`` may not
    view signatures.
    """
    if not can(user, "view", petition):
        return {}
    lists = {
        status.value: signatures_url(petition, status=status.value) for status in Signature.Status
    }
    lists["last_day"] = signatures_url(
        petition, status=Signature.Status.CONFIRMED.value, since=petition.day_ago.isoformat()
    )
    first = today() - timedelta(days=6)
    lists["last_week"] = signatures_url(
        petition, status=Signature.Status.CONFIRMED.value, counted_from=first.isoformat()
    )
    if can(user, "change", petition):
        lists["messages"] = f"{reverse('petition_messages:index')}?petition={petition.pk}"
    return lists
