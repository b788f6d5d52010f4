"""The dialog to paste events and background links, with a preview before they are added."""

from collections.abc import Callable
from copy import deepcopy
from datetime import date
from typing import Any, NamedTuple
from uuid import uuid4

from django import forms
from django.http import Http404, HttpRequest, JsonResponse
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, ngettext, ngettext_lazy
from django.views.generic import TemplateView
from wagtail.blocks import RichTextBlock, StructBlock

from wagtail_petition.blocks.links import LinkBlock
from wagtail_petition.blocks.pasting.blocks import PastedBlock, PastedBlocks
from wagtail_petition.blocks.pasting.events import read_events
from wagtail_petition.blocks.pasting.links import read_links
from wagtail_petition.blocks.timeline import EventBlock

# In characters: a long document with the markup that programs add.
LONGEST_TEXT, LONGEST_HTML = 200_000, 2_000_000
TOO_LONG = gettext_lazy("This is too long. Paste it in parts.")


class Kind(NamedTuple):
    """A type of block that can be pasted, with the dialog's texts."""

    read: Callable[..., PastedBlocks]
    block: StructBlock
    title: str | Promise
    help_text: str | Promise
    example: str | Promise
    found: Any
    add: Any
    added: Any


KINDS = {
    "events": Kind(
        read=read_events,
        block=EventBlock(),
        title=gettext_lazy("Paste events"),
        help_text=gettext_lazy(
            "Copy a table or a list from a document or spreadsheet, with one event per row: date, "
            "what happened, details, link. The date can be a month or a year."
        ),
        example=gettext_lazy("6 April 2018 – What happened – Details – https://…"),
        found=ngettext_lazy("%(count)d event found.", "%(count)d events found.", "count"),
        add=ngettext_lazy("Add %(count)d event", "Add %(count)d events", "count"),
        added=ngettext_lazy("%(count)d event added.", "%(count)d events added.", "count"),
    ),
    "links": Kind(
        read=read_links,
        block=LinkBlock(),
        title=gettext_lazy("Paste links"),
        help_text=gettext_lazy(
            "Copy a table or a list from a document or spreadsheet, with one link per row: title, "
            "URL, description."
        ),
        example=gettext_lazy("Title – https://… – Description"),
        found=ngettext_lazy("%(count)d link found.", "%(count)d links found.", "count"),
        add=ngettext_lazy("Add %(count)d link", "Add %(count)d links", "count"),
        added=ngettext_lazy("%(count)d link added.", "%(count)d links added.", "count"),
    ),
}


class PasteForm(forms.Form):
    """The pasted text and HTML, and the page's language."""

    text = forms.CharField(max_length=LONGEST_TEXT, required=False, strip=False)
    html = forms.CharField(max_length=LONGEST_HTML, required=False, strip=False)
    language = forms.CharField(max_length=20, required=False)


class PasteView(TemplateView):
    """GET returns the dialog. POST returns the preview and the blocks to add, as JSON.

    Nothing is stored: the blocks are added to the page's form, and saved with the page.
    """

    template_name = "wagtail_petition/admin/paste.html"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if kwargs["kind"] not in KINDS:
            raise Http404
        self.kind = KINDS[kwargs["kind"]]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "kind": self.kind, "too_long": TOO_LONG}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> JsonResponse:
        form = PasteForm(request.POST)
        if not form.is_valid():
            return JsonResponse({"status": str(TOO_LONG), "preview": "", "blocks": []})
        data = form.cleaned_data
        pasted = self.kind.read(data["text"], data["html"], data["language"] or "en")
        count = len(pasted.blocks)
        status = str(self.kind.found % {"count": count}) if count else ""
        if warned := sum(bool(block.notes) for block in pasted.blocks):
            status = " ".join(
                [
                    status,
                    ngettext("%(n)d needs a look.", "%(n)d need a look.", warned) % {"n": warned},
                ]
            )
        return JsonResponse(
            {
                "status": status,
                "preview": render_to_string(
                    "wagtail_petition/admin/paste_preview.html",
                    {"pasted": pasted, "name": kwargs["kind"]},
                    request,
                ),
                "blocks": self.form_states(pasted.blocks),
                "add": str(self.kind.add % {"count": count}),
                "added": str(self.kind.added % {"count": count}),
            }
        )

    def form_states(self, pasted: list[PastedBlock]) -> list[dict[str, Any]]:
        """The blocks in the format of Wagtail's editor, each with a new id."""
        # Wagtail's rich text converter has state, and all threads share the one of a block's form
        # field. A copy of the block without the field creates its own.
        block = deepcopy(self.kind.block)
        for child in block.child_blocks.values():
            if isinstance(child, RichTextBlock):
                vars(child).pop("field", None)
        values = (
            {name: v.isoformat() if isinstance(v, date) else v for name, v in each.value.items()}
            for each in pasted
        )
        return [
            {"id": str(uuid4()), "value": block.get_form_state(block.to_python(value))}
            for value in values
        ]
