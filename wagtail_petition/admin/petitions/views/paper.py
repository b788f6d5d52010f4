"""The view to add a number of signatures on paper, with a date, a place and a note."""

from django.db.models import Sum
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin import messages
from wagtail.log_actions import log

from wagtail_petition import ledger
from wagtail_petition.access.permissions import can
from wagtail_petition.admin.base import PetitionFormView
from wagtail_petition.admin.petitions.forms import PaperCountForm
from wagtail_petition.clock import local_date
from wagtail_petition.formats import number
from wagtail_petition.models import Petition
from wagtail_petition.pages.lookup import find_page
from wagtail_petition.public.embed import paper_url

# How many of the newest entries are shown.
SHOWN = 200


class PaperView(PetitionFormView):
    """Adds signatures on paper, and shows earlier entries."""

    action = "change"
    permission_model = Petition
    page_title = gettext_lazy("Paper signatures")
    template_name = "wagtail_petition/admin/offline.html"
    form_class = PaperCountForm
    submit_button_label = gettext_lazy("Add")

    def get_initial(self):
        return {"day": local_date()}

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "total": self.petition.offline_count}

    def post(self, request, *args, **kwargs):
        form = self.get_form()
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form))
        before = self.petition.offline_count
        made = ledger.add_paper_count(self.petition, user=request.user, **form.cleaned_data)
        log(
            self.petition,
            "wagtail_petition.offline_count",
            data={"before": before, "after": self.petition.offline_count},
        )
        if made.number < 0:
            text = ngettext(
                "%(count)s paper signature removed.",
                "%(count)s paper signatures removed.",
                -made.number,
            )
        else:
            text = ngettext(
                "%(count)s paper signature added.",
                "%(count)s paper signatures added.",
                made.number,
            )
        messages.success(request, text % {"count": number(abs(made.number))})
        return self.redirect("petitions:offline", self.petition.pk)

    def get_context_data(self, **kwargs):
        entries = self.petition.paper_counts.all()
        known = entries.aggregate(Sum("number"))["number__sum"] or 0
        page = find_page(self.petition.key, self.petition.source_language)
        return {
            **super().get_context_data(**kwargs),
            "can_import": can(self.request.user, "import", self.petition),
            "paper_url": paper_url(page) if page else "",
            "entries": entries.select_related("user")[:SHOWN],
            # The number from before entries were stored.
            "earlier": self.petition.offline_count - known,
        }
