"""The updates of one petition, and whether they were sent."""

from django.utils.translation import gettext_lazy

from wagtail_petition.admin.base import PetitionView
from wagtail_petition.admin.petitions.petition_pages import attach_pages
from wagtail_petition.models import Update
from wagtail_petition.pages.update_lookup import find_source_updates
from wagtail_petition.updates.sending import count_emails


class IndexView(PetitionView):
    """The updates below the petition's pages, newest first, each in its first language."""

    action = "send"
    permission_model = Update
    page_title = gettext_lazy("Updates")
    header_icon = "mail"
    template_name = "wagtail_petition/admin/updates.html"

    def get_context_data(self, **kwargs):
        attach_pages([self.petition])
        source = self.petition.pages[0] if self.petition.pages else None
        sent = {update.key: update for update in self.petition.updates.all()}
        rows = []
        for page in find_source_updates(self.petition.pages):
            update = sent.get(page.original_key)
            rows.append((page, update, count_emails(update)["sent"] if update else 0))
        return {**super().get_context_data(**kwargs), "source": source, "rows": rows}
