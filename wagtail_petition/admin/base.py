"""Base classes and helpers of the views of one petition."""

from urllib.parse import urlencode

from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from django.views.generic.edit import FormMixin
from wagtail.admin.utils import get_valid_next_url_from_request
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.widgets.button import Button, HeaderButton

from wagtail_petition.access.permissions import can, get_petition_or_404
from wagtail_petition.admin.help import HelpMixin
from wagtail_petition.models import Delivery, Petition, Representative, Signature, Update


def signatures_url(petition, **filters):
    """The URL of the list of signatures of ``petition``, with more ``filters``."""
    query = urlencode({"petition": petition.pk, **filters})
    return f"{reverse('petition_signatures:index')}?{query}"


def petition_breadcrumbs(petition):
    """The breadcrumbs up to ``petition``."""
    return [
        {"url": reverse("petitions:index"), "label": _("Petitions")},
        {"url": reverse("petitions:dashboard", args=[petition.pk]), "label": str(petition)},
    ]


def signature_title(signature):
    """The signer's name and the petition's title."""
    return f"{signature} · {signature.petition}"


class PetitionView(HelpMixin, WagtailAdminTemplateMixin, TemplateView):
    """A view of the petition with ``pk`` from the URL. 404 without access.

    Subclasses set the required permission (``action`` on ``permission_model``), the template and
    the title.
    """

    action = "view"
    permission_model = Signature
    header_icon = "clipboard-list"

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        self.petition = get_petition_or_404(
            request.user, self.action, self.permission_model, pk=kwargs["pk"]
        )

    def get_breadcrumbs_items(self):
        return [
            *self.breadcrumbs_items,
            *petition_breadcrumbs(self.petition),
            {"url": "", "label": self.page_title},
        ]

    def get_page_subtitle(self):
        return str(self.petition)

    @property
    def header_buttons(self):
        if not can(self.request.user, "view", self.petition):
            return []
        return [
            HeaderButton(
                _("Signatures"), signatures_url(self.petition), icon_name="list-ul", priority=10
            )
        ]

    @property
    def header_more_buttons(self):
        return petition_buttons(self.request.user, self.petition)

    def get_context_data(self, **kwargs):
        return {**super().get_context_data(**kwargs), "petition": self.petition}

    def redirect(self, url_name, *args):
        """Redirect to the request's "next" URL, or else to ``url_name``."""
        return redirect(
            get_valid_next_url_from_request(self.request) or reverse(url_name, args=args)
        )


class FormTemplateMixin(FormMixin):
    """A form in Wagtail's form template, or in one that extends it."""

    template_name = "wagtailadmin/generic/form.html"
    submit_button_label = gettext_lazy("Save")

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        return {
            **context,
            "media": context["form"].media,
            "submit_button_label": self.submit_button_label,
            "submit_button_active_label": self.submit_button_label,
        }


class PetitionFormView(FormTemplateMixin, PetitionView):
    """A form about one petition."""


def petition_buttons(user, petition):
    """The buttons for what ``user`` may do with ``petition``."""
    buttons = [
        Button(
            _("Dashboard"),
            reverse("petitions:dashboard", args=[petition.pk]),
            icon_name="view",
            priority=10,
        ),
    ]
    if can(user, "view", petition):
        buttons += [
            Button(_("Signatures"), signatures_url(petition), icon_name="list-ul", priority=20),
            Button(
                _("Suspicious signatures"),
                reverse("petitions:suspicious", args=[petition.pk]),
                icon_name="warning",
                priority=30,
            ),
        ]
    if can(user, "change", petition):
        buttons += [
            Button(
                _("Messages"),
                f"{reverse('petition_messages:index')}?petition={petition.pk}",
                icon_name="comment",
                priority=40,
            ),
            Button(
                _("Bulk invalidate"),
                reverse("petition_invalidations:add", args=[petition.pk]),
                icon_name="cross",
                priority=50,
            ),
        ]
    if can(user, "add", petition, Delivery):
        buttons.append(
            Button(
                _("Add delivery"),
                reverse("petition_deliveries:add", args=[petition.pk]),
                icon_name="mail",
                priority=35,
            )
        )
    if petition.home_country and can(user, "view", petition):
        buttons.append(
            Button(
                _("To be delivered by state"),
                reverse("petitions:votes", args=[petition.pk]),
                icon_name="mail",
                priority=36,
            )
        )
    if petition.home_country and can(user, "view", petition, Representative):
        buttons.append(
            Button(
                _("Representatives"),
                f"{reverse('petition_representatives:index')}?petition={petition.pk}",
                icon_name="group",
                priority=37,
            )
        )
    if can(user, "send", petition, Update):
        buttons.append(
            Button(
                _("Updates"),
                reverse("petition_updates:index", args=[petition.pk]),
                icon_name="mail",
                priority=38,
            )
        )
    if can(user, "import", petition):
        buttons += [
            Button(
                _("Type in sheets"),
                reverse("petitions:sheet_add", args=[petition.pk]),
                icon_name="edit",
                priority=55,
            ),
            Button(
                _("Add import"),
                f"{reverse('petition_imports:add')}?petition={petition.pk}",
                icon_name="upload",
                priority=36,
            ),
        ]
    if can(user, "change", petition, Petition):
        buttons.append(
            Button(
                _("Paper signatures"),
                reverse("petitions:offline", args=[petition.pk]),
                icon_name="edit",
                priority=60,
            )
        )
    return buttons
