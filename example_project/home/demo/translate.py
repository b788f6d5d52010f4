"""Translating a page with wagtail-localize: what an editor does string by string."""

from wagtail_localize.models import StringSegment, StringTranslation, Translation, TranslationSource

from .texts import ITALIAN


def translate(page, locale, user):
    """Translate ``page`` into ``locale`` and publish it. Returns the translated page.

    Raises KeyError for a text without translation.
    """
    source, _created = TranslationSource.update_or_create_from_instance(page)
    translation = Translation.objects.create(source=source, target_locale=locale)
    for segment in StringSegment.objects.filter(source=source).select_related("string"):
        StringTranslation.objects.get_or_create(
            translation_of=segment.string,
            locale=locale,
            context=segment.context,
            defaults={
                "data": ITALIAN[segment.string.data],
                "translation_type": StringTranslation.TRANSLATION_TYPE_MANUAL,
                "last_translated_by": user,
            },
        )
    # Published here and not by save_target, which waits for the commit: by then a page with new
    # children would forget that it has them.
    translation.save_target(user=user, publish=False)
    page.get_translation(locale).get_latest_revision().publish(user=user)
    return page.get_translation(locale)
