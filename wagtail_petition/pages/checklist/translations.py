"""Checks of the translations: whether they are up to date, and go live with the page."""

import swapper
from django.apps import apps
from django.urls import reverse
from django.utils import timezone
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from wagtail_petition.moments import day_and_time
from wagtail_petition.pages.translations import stale_locales

from .check import Check, Level


def translations(page) -> list[Check]:
    """Check that translations go live too and are up to date. Empty without translations."""
    others = other_languages(page)
    drafts = [other.locale for other in others if not other.live]
    checks = [check for other in others if (check := _going_live(page, other))]
    stale = stale_locales([page]).get(page.translation_key)
    if stale is None:
        return checks
    if behind := [locale for locale in stale if locale not in drafts]:
        text = _("Translation out of date: %(languages)s.") % {
            "languages": get_text_list([str(locale) for locale in behind], _("and"))
        }
        url = next((_edit_url(other) for other in others if other.locale in behind), "")
        checks.append(Check(Level.ADVICE, text, url=url))
    if not stale and not drafts:
        checks.append(Check(Level.DONE, _("Translations up to date.")))
    return checks


def other_languages(page) -> list:
    """The petition's pages in other languages."""
    return list(
        swapper.load_model("wagtailcore", "Page")
        .objects.filter(translation_key=page.translation_key, alias_of=None)
        .exclude(pk=page.pk)
        .select_related("locale")
        .order_by("pk")
    )


def _edit_url(page) -> str:
    return reverse("wagtailadmin_pages:edit", args=[page.pk])


def _going_live(page, other) -> Check | None:
    """A check if the translation ``other`` won't go live with ``page``, else None."""
    if other.live:
        return None
    goes_live = page.go_live_at if page.go_live_at and page.go_live_at > timezone.now() else None
    scheduled = other.go_live_at if other.approved_schedule else None
    if scheduled and scheduled == goes_live:
        return None
    words = {"language": str(other.locale)}
    if scheduled:
        text = _("%(language)s is scheduled for %(date)s, and doesn’t go live with this page.")
        words["date"] = day_and_time(scheduled)
    elif goes_live and is_in_translation_mode(other):
        text = _(
            "%(language)s is a draft and won’t go live with this page. A synced translation can’t "
            "be scheduled: publish it yourself, or stop the sync on its page and schedule it."
        )
    elif goes_live:
        text = _(
            "%(language)s is a draft and won’t go live with this page. Schedule it for the same "
            "time on its page, or use “Schedule in all languages”."
        )
    else:
        text = _(
            "%(language)s is a draft and won’t go live with this page. Publish it on its own "
            "page, or use “Publish in all languages”."
        )
    return Check(Level.ADVICE, text % words, url=_edit_url(other))


def is_in_translation_mode(page) -> bool:
    """Whether ``page`` is edited in wagtail-localize's editor, which offers no schedule."""
    return enabled_translation(page) is not None


def enabled_translation(page):
    """The ``Translation`` of wagtail-localize that keeps ``page`` in sync, or None."""
    if not apps.is_installed("wagtail_localize"):
        return None
    from wagtail_localize.models import Translation  # May be absent.

    return (
        Translation.objects.filter(
            source__object_id=page.translation_key, target_locale=page.locale_id, enabled=True
        )
        .select_related("source")
        .first()
    )
