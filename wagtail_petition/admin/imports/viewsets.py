"""The viewset of imports."""

from django.urls import path
from django.utils.translation import gettext_lazy
from wagtail.admin.viewsets.base import ViewSet

from wagtail_petition.admin.menu import menu_item

from .views.actions import DeleteView, NotifyView, RevertView
from .views.check import CheckView, RowsView
from .views.detail import DetailView
from .views.files import DownloadView, RejectedView
from .views.index import IndexView
from .views.steps import AddView, ColumnsView, TextView


class ImportViewSet(ViewSet):
    """Imports."""

    name = "petition_imports"
    menu_label = gettext_lazy("Imports")
    icon = "upload"
    menu_order = 260
    menu_item_class = menu_item("import")

    def get_urlpatterns(self):
        return [
            path("", IndexView.as_view(), name="index"),
            path("results/", IndexView.as_view(results_only=True), name="index_results"),
            path("new/", AddView.as_view(), name="add"),
            path("<int:pk>/", DetailView.as_view(), name="detail"),
            path("<int:pk>/columns/", ColumnsView.as_view(), name="columns"),
            path("<int:pk>/text/", TextView.as_view(), name="text"),
            path("<int:pk>/check/", CheckView.as_view(), name="check"),
            path("<int:pk>/rows/<slug:result>/", RowsView.as_view(), name="rows"),
            path("<int:pk>/rejected/", RejectedView.as_view(), name="rejected"),
            path("<int:pk>/file/", DownloadView.as_view(), name="download"),
            path("<int:pk>/revert/", RevertView.as_view(), name="revert"),
            path("<int:pk>/notify/", NotifyView.as_view(), name="notify"),
            path("<int:pk>/delete/", DeleteView.as_view(), name="delete"),
        ]
