"""Find the source page of a petition: the page that its translations are made from."""

import swapper
from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, OuterRef, QuerySet

from wagtail_petition.pages.lookup import petition_page_models


def source_pages() -> QuerySet:
    """The source pages of all petitions, live or not, as instances of the base page.

    The source is a petition's oldest page, without aliases. A translation is always newer than
    its source, so translating a page can't replace it. If the source page is deleted, the oldest
    remaining page becomes the source.
    """
    pages = swapper.load_model("wagtailcore", "Page").objects.filter(alias_of=None)
    older = pages.filter(translation_key=OuterRef("translation_key"), pk__lt=OuterRef("pk"))
    types = ContentType.objects.get_for_models(*petition_page_models(), for_concrete_models=False)
    return pages.filter(~Exists(older.order_by()), content_type__in=types.values())
