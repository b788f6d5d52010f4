"""A site whose pages another program shows: the admin and our steps, without Wagtail's own URLs."""

from django.urls import include, path
from wagtail.admin import urls as wagtailadmin_urls

urlpatterns = [
    path("admin/", include(wagtailadmin_urls)),
    path("petitions/", include("wagtail_petition.urls")),
]
