"""The viewset of representatives."""

from django.urls import path
from django.utils.translation import gettext_lazy
from wagtail.admin.viewsets.base import ViewSet

from wagtail_petition.admin.menu import menu_item
from wagtail_petition.models import Representative

from . import views


class RepresentativeViewSet(ViewSet):
    """Representatives."""

    name = "petition_representatives"
    menu_label = gettext_lazy("Representatives")
    icon = "group"
    menu_order = 270
    menu_item_class = menu_item("view", Representative)

    def get_urlpatterns(self):
        return [
            path("", views.IndexView.as_view(), name="index"),
            path("results/", views.IndexView.as_view(results_only=True), name="index_results"),
            path("new/", views.ChooseView.as_view(), name="choose"),
            path("new/<int:pk>/", views.AddView.as_view(), name="add"),
            path("table/", views.ChooseForTableView.as_view(), name="choose_table"),
            path("table/<int:pk>/", views.TableView.as_view(), name="table"),
            path("<int:pk>/", views.EditView.as_view(), name="edit"),
            path("<int:pk>/delete/", views.DeleteView.as_view(), name="delete"),
        ]
