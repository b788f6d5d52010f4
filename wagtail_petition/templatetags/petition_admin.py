"""Template tags of the admin: numbers as they are read."""

from django import template
from django.utils import timezone
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from wagtail_petition.admin import charts
from wagtail_petition.admin.figures import MOST

register = template.Library()

register.filter("number", charts.number)
register.filter("percent", charts.percent)


@register.filter
def figure(value):
    """A number with its separators; a bounded count beyond its bound says so."""
    if value > MOST:
        return _("over %(number)s") % {"number": charts.number(MOST)}
    return charts.number(value)


@register.filter
def duration(value):
    """A timedelta in words: 40 seconds, 3 hours, 20 minutes."""
    seconds = round(value.total_seconds())
    if seconds < 60:
        return ngettext("%(seconds)d second", "%(seconds)d seconds", seconds) % {
            "seconds": seconds
        }
    now = timezone.now()
    return timesince(now - value, now)
