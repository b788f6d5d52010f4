"""The viewset of deliveries."""

from django.urls import path
from django.utils.translation import gettext_lazy
from wagtail.admin.viewsets.base import ViewSet

from wagtail_petition.admin.menu import menu_item
from wagtail_petition.models import Delivery

from .views.actions import CancelView, HandoverView
from .views.create import CreateView
from .views.detail import DetailView
from .views.email import EmailView
from .views.files import CorrectionsView, DownloadView, NoteReceiptView, ReceiptView, VerifyView
from .views.index import ChooseView, IndexView
from .views.notes import AddNoteView, EraseHandoverView, EraseNoteView
from .views.outcomes import (
    AddOutcomeView,
    EraseOutcomeView,
    OutcomeDocumentView,
    OutcomeUpdateView,
    ShowOutcomeView,
)
from .views.recipient import CoverSheetView, EraseAnswerView, RevokeLinkView, ShareView
from .views.split import SplitDownloadView, SplitManifestView, SplitView


class DeliveryViewSet(ViewSet):
    """Deliveries."""

    name = "petition_deliveries"
    menu_label = gettext_lazy("Deliveries")
    icon = "mail"
    menu_order = 250
    menu_item_class = menu_item("view", Delivery)

    def get_urlpatterns(self):
        return [
            path("", IndexView.as_view(), name="index"),
            path("results/", IndexView.as_view(results_only=True), name="index_results"),
            path("new/", ChooseView.as_view(), name="choose"),
            path("new/<int:pk>/", CreateView.as_view(), name="add"),
            path("<int:pk>/", DetailView.as_view(), name="detail"),
            path("<int:pk>/cancel/", CancelView.as_view(), name="cancel"),
            path("<int:pk>/delivered/", HandoverView.as_view(), name="handover"),
            path("<int:pk>/corrections/", CorrectionsView.as_view(), name="corrections"),
            path("<int:pk>/receipt/", ReceiptView.as_view(), name="receipt"),
            path("<int:pk>/verify/", VerifyView.as_view(), name="verify"),
            path("<int:pk>/delivered/erase/", EraseHandoverView.as_view(), name="erase_handover"),
            path("<int:pk>/notes/add/", AddNoteView.as_view(), name="add_note"),
            path("<int:pk>/notes/<int:note>/", NoteReceiptView.as_view(), name="note_receipt"),
            path("<int:pk>/notes/<int:note>/erase/", EraseNoteView.as_view(), name="erase_note"),
            path("<int:pk>/outcomes/add/", AddOutcomeView.as_view(), name="add_outcome"),
            path(
                "<int:pk>/outcomes/<int:outcome>/",
                OutcomeDocumentView.as_view(),
                name="outcome_document",
            ),
            path(
                "<int:pk>/outcomes/<int:outcome>/show/",
                ShowOutcomeView.as_view(),
                name="show_outcome",
            ),
            path(
                "<int:pk>/outcomes/<int:outcome>/update/",
                OutcomeUpdateView.as_view(),
                name="outcome_update",
            ),
            path(
                "<int:pk>/outcomes/<int:outcome>/erase/",
                EraseOutcomeView.as_view(),
                name="erase_outcome",
            ),
            path("<int:pk>/share/", ShareView.as_view(), name="share"),
            path("<int:pk>/email/", EmailView.as_view(), name="email"),
            path("<int:pk>/links/<int:link>/cover/", CoverSheetView.as_view(), name="cover_sheet"),
            path("<int:pk>/links/<int:link>/revoke/", RevokeLinkView.as_view(), name="revoke_link"),
            path(
                "<int:pk>/answers/<int:answer>/erase/",
                EraseAnswerView.as_view(),
                name="erase_answer",
            ),
            path("splits/<int:pk>/", SplitView.as_view(), name="split"),
            path("splits/<int:pk>/manifest/", SplitManifestView.as_view(), name="split_manifest"),
            path("splits/<int:pk>/files/", SplitDownloadView.as_view(), name="split_download"),
            path("<int:pk>/files/<int:file>/", DownloadView.as_view(), name="download"),
        ]
