"""Create a new page for a petition whose pages were deleted, from the text that people signed."""

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages
from wagtail.log_actions import log

from wagtail_petition.admin.base import PetitionFormView
from wagtail_petition.admin.petitions.forms import ReopenForm
from wagtail_petition.admin.petitions.petition_pages import get_pages
from wagtail_petition.models import Signature, SignedText
from wagtail_petition.models.terms import TERMS

# How many of the newest signatures are searched for the newest text.
NEWEST = 1_000


def newest_text(petition):
    """The text that was signed last, or None if nobody has signed."""
    newest = Signature.objects.filter(petition=petition).order_by("-pk")
    return (
        SignedText.objects.filter(pk__in=newest.values_list("signed_text", flat=True)[:NEWEST])
        .order_by("-pk")
        .first()
    )


class RecreatePageView(PetitionFormView):
    """Creates a draft with the title, letter and consent text that were signed last.

    The page gets the petition's key, so that it has the signatures, and links in emails work again.
    """

    page_title = gettext_lazy("Restore the page")
    header_icon = "plus"
    template_name = "wagtail_petition/admin/recreate_page.html"
    form_class = ReopenForm
    submit_button_label = gettext_lazy("Create draft page")

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        if not request.user.is_superuser:
            raise PermissionDenied
        if get_pages([self.petition])[self.petition.key]:
            raise Http404

    def post(self, request, *args, **kwargs):
        form = self.get_form()
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form))
        parent = form.cleaned_data["parent"].specific
        text = newest_text(self.petition)
        page = form.models[form.cleaned_data["page_type"]](
            **{name: getattr(self.petition, name) for name in TERMS},
            organisation=self.petition.organisation,
            title=text.title if text else str(self.petition),
            letter=text.letter if text else "",
            consent_text=text.consent if text else "",
            translation_key=self.petition.key,
            locale=parent.locale,
            owner=request.user,
            live=False,
        )
        parent.add_child(instance=page)
        page.save_revision(user=request.user, log_action=False)
        log(page, "wagtail.create", content_changed=True)
        messages.success(
            request,
            _("Draft created from the last signed text. Complete it and publish."),
        )
        return redirect("wagtailadmin_pages:edit", page.pk)
