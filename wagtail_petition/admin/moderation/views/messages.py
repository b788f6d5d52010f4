"""The view to review signers' messages."""

from collections import defaultdict

from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Q
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.log_actions import log

from wagtail_petition import ledger
from wagtail_petition.access import counting
from wagtail_petition.access.permissions import (
    editable_petitions,
    get_petition_or_404,
    limit,
    policies,
)
from wagtail_petition.admin.base import petition_breadcrumbs
from wagtail_petition.admin.help import HelpMixin
from wagtail_petition.admin.signatures.views.counts import short
from wagtail_petition.formats import number
from wagtail_petition.models import Signature

State = Signature.MessageState

PER_PAGE = 20
# The most petitions to choose from.
CHOICES = 100
LISTS = {
    State.PENDING: gettext_lazy("Pending"),
    State.SHOWN: gettext_lazy("Approved"),
    State.HIDDEN: gettext_lazy("Rejected"),
}

# The success message of each decision.
DECIDED = {
    State.SHOWN: gettext_lazy("Message approved."),
    State.HIDDEN: gettext_lazy("Message rejected."),
}


class CountlessPaginator(Paginator):
    """A paginator that counts up to ``counting.MOST``."""

    @property
    def count(self):
        return self.object_list[: counting.MOST].count()


class MessagesView(HelpMixin, WagtailAdminTemplateMixin, TemplateView):
    """The messages of one state, of one or all of the user's petitions.

    Pending messages are ordered by petition, oldest first. A POST with a signature's id as
    ``show`` or ``hide`` decides about one message and returns to the next. With ``show_all``, it
    approves the messages with the ids ``on_page``.
    """

    template_name = "wagtail_petition/admin/messages.html"
    page_title = gettext_lazy("Messages")
    header_icon = "comment"

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        if not policies[Signature].user_has_permission(request.user, "change"):
            raise Http404
        self.petition = None
        if asked := request.GET.get("petition"):
            if not asked.isdecimal() or len(asked) > 18:
                raise Http404
            self.petition = get_petition_or_404(request.user, "change", pk=asked)
        self.state = request.GET.get("state", State.PENDING)
        if self.state not in LISTS:
            raise Http404

    def get_queryset(self):
        """The signatures with messages of the chosen state, in order."""
        newest_first = "" if self.state == State.PENDING else "-"
        return (
            self._messages()
            .filter(message_state=self.state)
            .select_related("petition")
            .order_by("petition_id", f"{newest_first}number")
        )

    def _messages(self):
        """All signatures whose messages the user may review."""
        found = Signature.objects.filter(status=Signature.Status.CONFIRMED).exclude(message="")
        if self.petition:
            return found.filter(petition=self.petition)
        return limit(found, self.request.user)

    def post(self, request, *args, **kwargs):
        if "show_all" in request.POST:
            return self._approve(request.POST.getlist("on_page"))
        for button, state in (("show", State.SHOWN), ("hide", State.HIDDEN)):
            if button in request.POST:
                return self._decide(request.POST[button], state)
        raise Http404

    def _approve(self, pks):
        """Approve the messages with these ids that are still pending."""
        pks = [_read_pk(pk) for pk in pks[:PER_PAGE]]
        pending = self._messages().filter(pk__in=pks, message_state=State.PENDING)
        by_petition = defaultdict(list)
        # Always in the same order, to prevent deadlocks.
        for signature in pending.select_related("petition").order_by("petition_id", "pk"):
            by_petition[signature.petition].append(signature)
        count = 0
        for petition, signatures in by_petition.items():
            found = [signature.pk for signature in signatures]
            with transaction.atomic():
                count += ledger.set_message_state(found, State.SHOWN, petition=petition)
                for signature in signatures:
                    log(signature, "wagtail_petition.message", data={"state": str(State.SHOWN)})
        text = ngettext("%(count)s message approved.", "%(count)s messages approved.", count)
        messages.success(self.request, text % {"count": number(count)})
        return redirect(self.request.get_full_path())

    def _decide(self, pk, state):
        pk = _read_pk(pk)
        signature = self._messages().filter(pk=pk).select_related("petition").first()
        if signature is None:
            raise Http404
        if ledger.set_message_state([signature.pk], state, petition=signature.petition):
            log(signature, "wagtail_petition.message", data={"state": str(state)})
            messages.success(self.request, DECIDED[state])
        anchor = f"#message-{following.pk}" if (following := self._after(signature)) else ""
        return redirect(f"{self.request.get_full_path()}{anchor}")

    def _after(self, signature):
        """The message after one that has just left the list."""
        compare = "number__gt" if self.state == State.PENDING else "number__lt"
        same_petition = Q(petition=signature.petition, **{compare: signature.number})
        return (
            self.get_queryset().filter(same_petition | Q(petition__gt=signature.petition)).first()
        )

    def _count(self, state):
        found = counting.get_messages(self.request.user, state)
        if self.petition:
            found = found.filter(petition=self.petition)
        return short(counting.bounded(found))

    def _get_petitions(self):
        """The petitions to choose from: the newest, and the chosen one. Empty if only one."""
        petitions = list(editable_petitions(self.request.user).order_by("-created_at")[:CHOICES])
        if self.petition and self.petition not in petitions:
            petitions.append(self.petition)
        return petitions if len(petitions) > 1 else []

    def get_url(self, state):
        """The URL of the list of another state, for the same petition."""
        query = f"petition={self.petition.pk}&" if self.petition else ""
        return f"{reverse('petition_messages:index')}?{query}state={state}"

    def get_page_subtitle(self):
        return str(self.petition) if self.petition else ""

    def get_breadcrumbs_items(self):
        above = petition_breadcrumbs(self.petition) if self.petition else []
        return [*self.breadcrumbs_items, *above, {"url": "", "label": _("Messages")}]

    def get_context_data(self, **kwargs):
        page = CountlessPaginator(self.get_queryset(), PER_PAGE).get_page(self.request.GET.get("p"))
        return {
            **super().get_context_data(**kwargs),
            "petition": self.petition,
            "petitions": self._get_petitions(),
            "page": page,
            "state": self.state,
            "lists": [
                (state, label, self.get_url(state), self._count(state))
                for state, label in LISTS.items()
            ],
            "base_url": self.get_url(self.state),
        }


def _read_pk(text):
    if not text.isdecimal() or len(text) > 18:
        raise Http404
    return int(text)
