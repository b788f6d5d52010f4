"""The updates of one petition, and whether they were sent."""

from django.db.models import Count, Q
from django.utils.translation import gettext_lazy

from wagtail_petition.admin.base import PetitionView
from wagtail_petition.admin.petitions.petition_pages import attach_pages
from wagtail_petition.models import OutgoingEmail, Update
from wagtail_petition.pages.update_lookup import find_source_updates


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
        is_sent = Q(emails__state=OutgoingEmail.State.SENT)
        updates = self.petition.updates.annotate(sent=Count("emails", filter=is_sent))
        sent = {update.key: update for update in updates}
        deadlines = [
            update
            for update in updates
            if update.is_deadline
            and (update.started_at or not update.is_outdated(self.petition.closes_at))
        ]
        rows = []
        for page in find_source_updates(self.petition.pages):
            update = sent.get(page.original_key)
            rows.append((page, update, update.sent if update else 0))
        return {
            **super().get_context_data(**kwargs),
            "source": source,
            "rows": rows,
            "deadlines": deadlines,
        }
