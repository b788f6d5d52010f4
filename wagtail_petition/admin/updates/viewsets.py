"""The viewset of updates that are sent to signers."""

from django.urls import path
from wagtail.admin.viewsets.base import ViewSet

from .views.deadline import DeadlineAudienceView, DeadlineView
from .views.index import IndexView
from .views.send import AudienceView, SendView


class UpdateViewSet(ViewSet):
    """Sending updates. It has no menu item: buttons of a petition and of an update lead here."""

    name = "petition_updates"
    icon = "mail"

    def get_urlpatterns(self):
        return [
            path("<int:pk>/", IndexView.as_view(), name="index"),
            path("send/<int:pk>/", SendView.as_view(), name="send"),
            path("send/<int:pk>/audience/", AudienceView.as_view(), name="audience"),
            path("deadline/<int:pk>/", DeadlineView.as_view(), name="deadline"),
            path(
                "deadline/<int:pk>/audience/",
                DeadlineAudienceView.as_view(),
                name="deadline_audience",
            ),
        ]
