"""Find translations that are out of date."""

from collections import defaultdict

import swapper
from django.apps import apps
from django.db.models import Exists, OuterRef


def stale_locales(pages):
    """The locales in which translations of ``pages`` are out of date.

    Returns {translation key: [``Locale``, …]} for pages with translations. With wagtail-localize,
    a translation is out of date if texts are missing or the source has changed since; otherwise,
    if it was published before the source. Two queries, however many pages.
    """
    found = _published_earlier(pages)
    if apps.is_installed("wagtail_localize"):
        found |= _waiting_in_localize(pages)
    return found


def _published_earlier(pages):
    by_key = {page.translation_key: page for page in pages}
    others = (
        swapper.load_model("wagtailcore", "Page")
        .objects.filter(translation_key__in=by_key)
        .exclude(pk__in=[page.pk for page in pages])
        .select_related("locale")
    )
    found = defaultdict(list)
    for other in others:
        stale = found[other.translation_key]
        published = by_key[other.translation_key].last_published_at
        if published and (other.last_published_at is None or other.last_published_at < published):
            stale.append(other.locale)
    return found


def _waiting_in_localize(pages):
    from wagtail_localize.models import (
        StringSegment,
        StringTranslation,
        Translation,
    )  # May be absent.

    by_source = {(page.translation_key, page.locale_id): page for page in pages}
    translated = StringTranslation.objects.filter(
        translation_of=OuterRef("string"),
        context=OuterRef("context"),
        locale=OuterRef(OuterRef("target_locale")),
        has_error=False,
    )
    untranslated = StringSegment.objects.filter(~Exists(translated), source=OuterRef("source"))
    translations = (
        Translation.objects.filter(
            source__object_id__in=[page.translation_key for page in pages], enabled=True
        )
        .annotate(waits=Exists(untranslated))
        .select_related("source", "target_locale")
    )
    found = defaultdict(list)
    for translation in translations:
        key = translation.source.object_id
        if (key, translation.source.locale_id) in by_source:
            stale = found[key]
            published = by_source[key, translation.source.locale_id].last_published_at
            changed = published and translation.source.last_updated_at < published
            if changed or translation.waits:
                stale.append(translation.target_locale)
    return found
