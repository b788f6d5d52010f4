"""Hooks for petition pages in the explorer and the editor: buttons and messages.

Deleting, unpublishing or moving a page doesn't delete signatures, which have no foreign key to
pages. A message says so beforehand, or afterwards if Wagtail has no earlier hook.
"""

import swapper
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.admin import messages
from wagtail.admin.widgets.button import Button, ListingButton

from wagtail_petition.access.permissions import can, has_permission
from wagtail_petition.admin.base import signatures_url
from wagtail_petition.admin.help import EDITOR_PAGE, UPDATE_PAGE, help_buttons
from wagtail_petition.models import (
    Petition,
    PetitionPageMixin,
    PetitionUpdateMixin,
    Signature,
    Update,
)
from wagtail_petition.pages.checklist.translations import other_languages
from wagtail_petition.pages.lookup import petition_page_models
from wagtail_petition.updates import sending

from .charts import count_label, number
from .petition_pages import get_pages
from .publishing import is_for_all_languages


def help_button(page, user, view_name, next_url=None):
    """*Help* in the menu next to the title of a petition page or an update."""
    page = getattr(page, "specific_deferred", page)
    if isinstance(page, PetitionPageMixin):
        yield from help_buttons(EDITOR_PAGE, Button)
    elif isinstance(page, PetitionUpdateMixin):
        yield from help_buttons(UPDATE_PAGE, Button)


def header_buttons(page, user, view_name, next_url=None):
    """Links to the petition's dashboard and signatures in the menu next to the page's title."""
    petition = _shown_petition(page, user)
    if petition is None:
        return
    yield Button(
        _("Dashboard"),
        reverse("petitions:dashboard", args=[petition.pk]),
        icon_name="clipboard-list",
        priority=80,
    )
    if not can(user, "view", petition):
        return
    # Without paper signatures, like the list that it links to.
    yield Button(
        _("%(count)s confirmed") % {"count": number(petition.signature_count)},
        signatures_url(petition, status=Signature.Status.CONFIRMED.value),
        icon_name="list-ul",
        priority=81,
    )


def listing_buttons(page, user, next_url=None):
    """The number of signatures as a link, below the page's title in the explorer."""
    petition = _shown_petition(page, user)
    if petition is not None:
        yield ListingButton(
            count_label(petition, with_paper=False),
            reverse("petitions:dashboard", args=[petition.pk]),
            icon_name="clipboard-list",
            priority=25,
        )


def _shown_petition(page, user):
    page = getattr(page, "specific_deferred", page)
    if not isinstance(page, PetitionPageMixin) or not has_permission(user, "view", Petition):
        return None
    petition = Petition.objects.filter(key=page.petition_key).first()
    return petition if petition and can(user, "view", petition, Petition) else None


# Messages about signatures

SHOWN = 5


def tell_after_publish(request, page):
    """Name the languages that are still drafts when a page is published for the first time."""
    if is_for_all_languages(request):
        return
    page = page.specific
    if not isinstance(page, PetitionPageMixin) or page.first_published_at != page.last_published_at:
        return
    for other in other_languages(page):
        if not other.live and not other.approved_schedule:
            can_edit = other.permissions_for_user(request.user).can_edit()
            url = reverse("wagtailadmin_pages:edit", args=[other.pk])
            messages.warning(
                request,
                _("%(language)s is still a draft: each language is published on its own page.")
                % {"language": other.locale},
                buttons=[messages.button(url, _("Edit"))] if can_edit else [],
            )


def offer_deadline_after_publish(request, page):
    """Offer to tell signers that the closing date has changed."""
    page = page.specific
    if not isinstance(page, PetitionPageMixin) or page.petition.pk is None:
        return
    offer = sending.get_offer(page.petition)
    if offer is None or not can(request.user, "send", page.petition, Update):
        return
    url = reverse("petition_updates:deadline", args=[offer.pk])
    messages.info(
        request,
        _("The closing date has changed. You can tell signers who asked for news."),
        buttons=[messages.button(url, _("Tell signers"))],
    )


def tell_before_delete(request, page):
    """Show the message above Wagtail's confirmation form. Not repeated when it is sent."""
    if request.method != "POST":
        _tell_about_deleting(request, [page])


def tell_before_move(request, page, destination):
    """Show the message above Wagtail's form."""
    if request.method != "POST":
        _tell_about_moving(request, [page])


def tell_after_unpublish(request, page):
    """Show the message afterwards, because Wagtail has no hook before its confirmation form."""
    below = bool(request.POST.get("include_descendants"))
    _tell(request, _petitions_on([page], below=below), _about_unpublishing)


def tell_before_bulk_action(request, action_type, objects, action):
    """Show the message before deleting, since afterwards the pages' petitions aren't known."""
    if action_type == "delete" and _are_pages(action):
        _tell_about_deleting(request, objects)


def tell_after_bulk_action(request, action_type, objects, action):
    """Show the messages after unpublishing and moving, since Wagtail has no earlier hook."""
    if not _are_pages(action):
        return
    if action_type == "unpublish":
        below = action.cleaned_form.cleaned_data["include_descendants"]
        _tell(request, _petitions_on(objects, below=below), _about_unpublishing)
    elif action_type == "move":
        # Loaded again, because the moved objects may have their old paths.
        moved = action.model.objects.filter(pk__in=[page.pk for page in objects])
        _tell_about_moving(request, list(moved))


def _are_pages(action):
    return issubclass(action.model, swapper.load_model("wagtailcore", "Page"))


def _petitions_on(pages, *, below=True):
    """The petitions of ``pages``, and with ``below`` of their descendants, largest first."""
    within = Q()
    for page in pages:
        within |= Q(path__startswith=page.path) if below else Q(path=page.path)
    keys = {
        key
        for model in petition_page_models()
        for key in model.objects.filter(within).values_list("translation_key", flat=True)
    }
    return list(Petition.objects.filter(key__in=keys).order_by("-signature_count"))


def _tell_about_deleting(request, pages):
    paths = tuple(page.path for page in pages)
    _tell(
        request,
        _petitions_on(pages),
        lambda petition, others: _about_deleting(
            petition,
            [page for page in others if not page.path.startswith(paths)],
            takes_source=_get_source(others).path.startswith(paths),
        ),
    )


def _tell_about_moving(request, pages):
    paths = tuple(page.path for page in pages)
    _tell(
        request,
        _petitions_on(pages),
        lambda petition, others: _about_moving(
            petition, takes_source=_get_source(others).path.startswith(paths)
        ),
    )


def _get_source(pages):
    """The source page among all pages of a petition: see ``pages.source``."""
    return min(pages, key=lambda page: page.pk)


def _tell(request, petitions, about):
    """Show the message ``about(petition, its pages)`` for each petition."""
    pages = get_pages(petitions)
    for petition in petitions[:SHOWN]:
        messages.warning(request, about(petition, pages[petition.key]))
    rest = len(petitions) - SHOWN
    if rest > 0:
        text = ngettext(
            "The same goes for %(number)d more petition.",
            "The same goes for %(number)d more petitions.",
            rest,
        )
        messages.warning(request, text % {"number": rest})


def _words(petition):
    return {"petition": petition, "signatures": count_label(petition)}


def _about_deleting(petition, remaining, takes_source):
    if remaining and takes_source:
        return _(
            "“%(petition)s” keeps its %(signatures)s. Its other pages stay live. Editors of the "
            "oldest of them may be able to see the signatures."
        ) % _words(petition)
    if remaining:
        return _on_other_pages(petition)
    return _(
        "“%(petition)s” has %(signatures)s. They are kept: administrators can find them under "
        "Petitions. Links in emails to withdraw keep working. Links to confirm will stop working."
    ) % _words(petition)


def _on_other_pages(petition):
    return _("“%(petition)s” keeps its %(signatures)s. Its other pages stay live.") % _words(
        petition
    )


def _about_unpublishing(petition, pages):
    if any(page.live for page in pages):
        return _on_other_pages(petition)
    return _(
        "“%(petition)s” keeps its %(signatures)s. Nobody can sign, or confirm a signature, until "
        "the page is live again. Links in emails to withdraw keep working."
    ) % _words(petition)


def _about_moving(petition, takes_source):
    if takes_source:
        return _(
            "“%(petition)s” keeps its %(signatures)s. Links in emails keep working. Editors of the "
            "new location may be able to see the signatures."
        ) % _words(petition)
    return _("“%(petition)s” keeps its %(signatures)s. Links in emails keep working.") % _words(
        petition
    )
