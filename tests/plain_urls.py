"""A site in one language, without ``i18n_patterns``."""

from django.urls import include, path
from wagtail import urls as wagtail_urls

from .headless_urls import urlpatterns as without_pages

urlpatterns = [*without_pages, path("", include(wagtail_urls))]
