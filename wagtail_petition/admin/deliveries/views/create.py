"""Create a delivery in three steps: which signatures, what the recipient sees, check.

Each step has the earlier choices in its URL, signed and compressed, and in hidden fields. So the
server stores nothing until the delivery is created, and the browser's "back" shows the earlier step.
"""

import base64
from functools import partial
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.core import signing
from django.http import Http404, QueryDict
from django.shortcuts import redirect
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin import messages
from wagtail.log_actions import log

from wagtail_petition.access.permissions import can
from wagtail_petition.admin.base import PetitionView, signatures_url
from wagtail_petition.admin.deliveries.details import LEFT_OUT
from wagtail_petition.admin.deliveries.what_form import WhatForm
from wagtail_petition.admin.deliveries.which_form import WhichForm
from wagtail_petition.admin.petitions.petition_pages import attach_pages
from wagtail_petition.delivery import acceptance, lifecycle, preview, selection
from wagtail_petition.delivery.constituencies import get_recipients
from wagtail_petition.delivery.pdf import placeholders
from wagtail_petition.delivery.split import get_part, pieces
from wagtail_petition.models import ColumnPreset, Delivery, DeliverySplit, Petition, Signature

# What signs the choices in a URL.
SALT = "wagtail_petition.add_delivery"
# Web servers refuse URLs of more than 4 KB. With longer choices, such as a very long cover letter, a
# step is shown without a URL of its own.
LONGEST = 3000


class Part(NamedTuple):
    """One of the deliveries that it is split into, unsaved, and its number of signatures.

    ``field`` is the name of the form field for its recipient.
    """

    label: str
    delivery: Delivery
    signatures: int
    field: str


class CreateView(PetitionView):
    """The three steps."""

    action = "add"
    permission_model = Delivery
    page_title = gettext_lazy("Add delivery")
    header_icon = "mail"
    template_name = "wagtail_petition/admin/delivery_form.html"

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        attach_pages([self.petition])
        self.pages = [page for page in self.petition.pages if page.live]
        for page in self.pages:
            page.petition = self.petition

    def get(self, request, *args, **kwargs):
        if not self.pages:
            messages.error(
                request,
                _("Publish the petition page first: the delivery includes its letter."),
            )
            return redirect("petitions:dashboard", self.petition.pk)
        if "choices" not in request.GET:
            # The list by state links here with one of its regions.
            initial = {"home_regions": request.GET.getlist("home_regions")}
            return self.show("which", form=WhichForm(self.petition, self.pages[0], initial=initial))
        try:
            choices = signing.loads(request.GET["choices"], salt=SALT)
        except signing.BadSignature:
            return redirect(request.path)
        self.data = QueryDict(urlencode(choices, doseq=True))
        return self.answer(request.GET.get("step"))

    def post(self, request, *args, **kwargs):
        if not self.pages:
            raise Http404
        self.data = request.POST
        pressed = self.data.get("step", "")
        step = {"start": "which", "which": "what", "back": "what"}.get(pressed, "check")
        return self.answer(step, creates=pressed == "create")

    def answer(self, step, *, creates=False):
        """Show a step with the choices so far, or an earlier one whose choices have errors."""
        which = WhichForm(self.petition, self.pages[0], self.data)
        if not which.is_valid():
            return self.refuse("which", which)
        if step == "which":
            return self.go("which", form=which)
        which.apply(self.delivery)
        is_chosen = "language" in self.data
        what = self.what_form(self.data if is_chosen else None)
        if step == "what" and not is_chosen:
            return self.go("what", which, form=what)
        if not what.is_valid():
            return self.refuse("what", what, which)
        if step == "what":
            return self.go("what", which, form=what)
        what.apply(self.delivery)
        if creates and (made := self.create()):
            name = "split" if isinstance(made, DeliverySplit) else "detail"
            return redirect(f"petition_deliveries:{name}", made.pk)
        return self.go("check", which, what)

    def go(self, step, *forms, form=None):
        """Show a step at a URL of its own, to which the browser can go back."""
        if self.request.method == "POST" and len(url := self.get_url(step)) <= LONGEST:
            return redirect(url)
        return self.show(step, *forms, form=form)

    def get_url(self, step):
        """The URL of a step with the choices so far."""
        choices = {
            name: values
            for name, values in self.data.lists()
            if name not in ("csrfmiddlewaretoken", "step")
        }
        token = signing.dumps(choices, salt=SALT, compress=True)
        return f"{self.request.path}?{urlencode({'step': step, 'choices': token})}"

    def refuse(self, step, form, which=None):
        """Show a step again whose form has errors."""
        message = _("The delivery could not be created due to errors.")
        messages.validation_error(self.request, message, form)
        return self.show(step, which, form=form)

    @cached_property
    def delivery(self):
        """The unsaved delivery with the choices so far."""
        return Delivery(
            petition=self.petition,
            last_number=self.petition.last_number,
            created_by=self.request.user,
            language=self.pages[0].language,
        )

    def what_form(self, data=None):
        presets = ColumnPreset.objects.named_for(self.request.user)
        return WhatForm(self.delivery, self.pages, data, presets=presets)

    @cached_property
    def profile(self):
        """What the chosen recipient accepts, or None if it isn't known."""
        return acceptance.get_profile(self.pages[0], self.delivery.recipient)

    @cached_property
    def parts(self):
        """The ``Part`` for each piece if it is split, else an empty list."""
        by, chosen = self.data.get("split_by"), self.data
        parts = []
        for piece in pieces(self.delivery, by) if by else []:
            field = f"piece-{piece.fingerprint}"
            default = " ".join(f"{self.delivery.recipient} ({piece.label})".split())[:200]
            # A name is one line, though its field has several.
            entered = " ".join(chosen.get(field, "").split())
            name = entered or get_recipients(self.petition, piece.filters) or default
            part = get_part(self.delivery, piece, name[:200])
            if name != default:
                # The office entered is that of the recipient of the whole delivery.
                part.office = ""
            # Counted already, unless its recipient has some of the signatures.
            has_some = part.only_new and selection.already_delivered(part)
            count = selection.count(part) if has_some else piece.signatures
            parts.append(Part(piece.label, part, count, field))
        return parts

    @property
    def count(self):
        """The number of signatures that would be delivered, in all parts together."""
        if self.data.get("split_by"):
            return sum(part.signatures for part in self.parts)
        return selection.count(self.delivery)

    def create(self):
        """Queue the delivery, or all parts of a ``DeliverySplit``, and return the one or the other.

        Shows an error and returns None if there are no signatures.
        """
        if not self.count:
            messages.error(self.request, _("No signatures to deliver."))
            return None
        if by := self.data.get("split_by"):
            made = DeliverySplit(
                petition=self.petition, by=by, count=self.count, created_by=self.request.user
            )
            deliveries = [part.delivery for part in self.parts if part.signatures]
            lifecycle.queue(
                deliveries, split=made, on_saved=partial(self.log_split, made, len(deliveries))
            )
        else:
            made, deliveries = self.delivery, [self.delivery]
            lifecycle.queue(deliveries, on_saved=self.log)
        messages.success(
            self.request,
            ngettext(
                "%(count)d delivery added. It is being prepared.",
                "%(count)d deliveries added. They are being prepared.",
                len(deliveries),
            )
            % {"count": len(deliveries)},
        )
        return made

    def log(self):
        log(
            self.petition,
            "wagtail_petition.deliver",
            data={"delivery": self.delivery.pk, "recipient": self.delivery.recipient},
        )

    def log_split(self, split, parts):
        log(
            self.petition,
            "wagtail_petition.split_delivery",
            data={"split": split.pk, "by": split.by, "parts": parts},
        )

    # Rendering

    def show(self, step, which=None, what=None, form=None):
        context = self.get_context_data(
            step=step, form=form, hidden=[f for f in (which, what) if f is not None]
        )
        if which is not None:
            context["summary"] = self.summary()
        if step == "what":
            page = self.pages[0]
            context["profile"] = self.profile
            context["placeholders"] = placeholders(self.delivery, page, context["summary"]["count"])
        if step == "check":
            context |= self.check(context["summary"]["count"])
        return self.render_to_response(context)

    def summary(self):
        """The numbers of signatures included and left out, by reason, with links to the list."""
        delivery, count = self.delivery, self.count
        left_out = selection.left_out(delivery)
        every = selection.deliverable(delivery).order_by().count()
        urls: dict[str, str] = {
            status: signatures_url(self.petition, status=status)
            for status in (
                *(Signature.Status.UNCONFIRMED, Signature.Status.WITHDRAWN),
                Signature.Status.INVALIDATED,
            )
        }
        if can(self.request.user, "change", self.petition, Petition):
            urls["paper"] = reverse("petitions:offline", args=[self.petition.pk])
        rows: list[tuple[Any, int, str | None]] = [
            (LEFT_OUT[reason], number, urls.get(reason))
            for reason, number in left_out.items()
            if number
        ]
        if every - count:
            rows.append((_("already delivered to this recipient"), every - count, None))
        # The list can show exactly these signatures only if they are all confirmed ones.
        is_all = count and not delivery.filters and count == self.petition.signature_count
        confirmed = signatures_url(self.petition, status=Signature.Status.CONFIRMED.value)
        return {
            "delivery": delivery,
            "count": count,
            "url": confirmed if is_all else None,
            "left_out": rows,
        }

    def check(self, count):
        page = next(p for p in self.pages if p.language == self.delivery.language)
        shown = self.delivery
        if self.parts:
            largest = max(self.parts, key=lambda part: part.signatures)
            shown, count = largest.delivery, largest.signatures
        made = preview.make(shown, page, count)
        return {
            "sample": made,
            "picture": base64.b64encode(made.picture).decode(),
            "size": filesizeformat(made.size),
            "parts": self.parts,
            "mismatches": acceptance.mismatches(self.profile, self.delivery, made.size)
            if self.profile
            else [],
        }
