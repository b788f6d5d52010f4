"""The bases of the views of one update, and of one changed closing date."""

from django.http import Http404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from wagtail_petition.admin.base import petition_breadcrumbs
from wagtail_petition.admin.petitions.petition_pages import get_pages
from wagtail_petition.models import Petition, Update
from wagtail_petition.pages.update_lookup import find_sendable, find_update_page


class UpdateMixin:
    """A view of the update whose page has the ``pk`` of the URL, in any of its languages."""

    action = "send"
    permission_model = Update
    header_icon = "mail"

    def setup(self, request, *args, **kwargs):
        self.page = find_update_page(kwargs["pk"])
        above = self.page and self.page.petition_page
        petition = above and Petition.objects.filter(key=above.petition_key).first()
        if not petition:
            raise Http404
        super().setup(request, *args, **{**kwargs, "pk": petition.pk})

    @cached_property
    def update(self):
        """The ``Update``; unsaved and without a number if it was neither tested nor sent."""
        key, title = self.page.original_key, self.page.title
        found = Update.objects.filter(key=key).select_related("petition").first()
        return found or Update(petition=self.petition, key=key, title=title)

    @cached_property
    def pages(self):
        """The pages that are sent, one for each language, the source first."""
        return find_sendable(self.page.original_key, self.petition.key)

    @property
    def subject(self):
        """What is sent, in a few words."""
        return self.page.title

    @property
    def own_url(self):
        """The URL of the page where it is sent."""
        return reverse("petition_updates:send", args=[self.page.pk])

    @property
    def audience_url(self):
        """The URL of the number of recipients."""
        return reverse("petition_updates:audience", args=[self.page.pk])

    def get_breadcrumbs_items(self):
        return [
            *self.breadcrumbs_items,
            *petition_breadcrumbs(self.petition),
            {
                "url": reverse("petition_updates:index", args=[self.petition.pk]),
                "label": _("Updates"),
            },
            {"url": "", "label": self.page_title},
        ]

    def get_page_subtitle(self):
        return self.subject

    def get_context_data(self, **kwargs):
        return {
            **super().get_context_data(**kwargs),
            "subject": self.subject,
            "audience_url": self.audience_url,
            "update": self.update,
            "pages": self.pages,
        }


class DeadlineMixin(UpdateMixin):
    """A view of the ``Update`` with the ``pk`` of the URL, which tells a changed closing date."""

    def setup(self, request, *args, **kwargs):
        found = Update.objects.filter(pk=kwargs["pk"], kind=Update.Kind.DEADLINE)
        self.update = found.select_related("petition").first()
        if self.update is None:
            raise Http404
        super(UpdateMixin, self).setup(request, *args, **{**kwargs, "pk": self.update.petition_id})

    @cached_property
    def pages(self):
        """The petition's live pages, one for each language, the source first."""
        return [page for page in get_pages([self.petition])[self.petition.key] if page.live]

    @property
    def subject(self):
        return str(self.update)

    @property
    def own_url(self):
        return reverse("petition_updates:deadline", args=[self.update.pk])

    @property
    def audience_url(self):
        return reverse("petition_updates:deadline_audience", args=[self.update.pk])
