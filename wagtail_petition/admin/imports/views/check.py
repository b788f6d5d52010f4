"""The last step of adding an import, with the result for each row, and the lists of rows."""

from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin import messages

from wagtail_petition.admin.base import PetitionView
from wagtail_petition.admin.imports.results import (
    RESULTS,
    ReportRows,
    get_help,
    get_results,
    has_report,
    refused_count,
    tick,
    ticked_count,
)
from wagtail_petition.admin.petitions.charts import number
from wagtail_petition.imports import batches, report, run
from wagtail_petition.imports.mapping import Options
from wagtail_petition.ledger import ImportResult
from wagtail_petition.models import ImportBatch

from .base import GONE, ImportMixin, Mode, State, StepView, next_step

CHANGED = gettext_lazy("The columns or other choices were changed meanwhile. Check again.")


class CheckView(StepView):
    """Step four: the progress of the check, then its results, and the button to import."""

    step = "check"
    states = (State.DRAFT, State.CHECKING)
    template_name = "wagtail_petition/admin/import_check.html"

    def get(self, request, *args, **kwargs):
        batch = self.batch
        if batch.state == State.DRAFT and not batch.counts and not batch.error:
            return redirect(next_step(batch))
        return super().get(request, *args, **kwargs)

    def post(self, request, *args, **kwargs):
        action = request.POST.get("action")
        if action not in ("check", "import"):
            raise Http404
        if problems := batches.problems(self.batch):
            for problem in problems:
                messages.error(request, problem)
            return redirect(request.path)
        if action == "check":
            run.start_check(self.batch)
            return redirect(request.path)
        with transaction.atomic():
            # Nobody can change it from here until it is started.
            batch = ImportBatch.objects.select_for_update().get(pk=self.batch.pk)
            is_unchanged = request.POST.get("choices") == batches.get_choices_hash(batch)
            if not batch.counts or not is_unchanged:
                messages.error(request, CHANGED)
                return redirect(next_step(batch))
            is_started = run.start(batch, request.user)
        if is_started:
            messages.success(request, _("Import started."))
        else:
            messages.error(request, _("This import has already been started."))
        return self.back()

    def get_context_data(self, **kwargs):
        batch, counts = self.batch, self.batch.counts
        ticked = ticked_count(batch)
        total = counts.get(ImportResult.NEW, 0) + ticked
        warnings = counts.get("warnings", {})
        return {
            **super().get_context_data(**kwargs),
            "results": get_results(batch),
            "refused": refused_count(batch),
            "ticked": ticked,
            "total": total,
            "label": self.get_label(total),
            "warnings": [
                text % {"number": number(warnings[name])}
                for name, text in (
                    (
                        "future",
                        ngettext(
                            "%(number)s row has a date in the future.",
                            "%(number)s rows have a date in the future.",
                            warnings.get("future", 0),
                        ),
                    ),
                    (
                        "before",
                        ngettext(
                            "%(number)s row has a date before the petition was opened here.",
                            "%(number)s rows have a date before the petition was opened here.",
                            warnings.get("before", 0),
                        ),
                    ),
                )
                if warnings.get(name)
            ],
            # A year first can't be taken for a day.
            "can_be_misread": Options(**batch.options).date_order != "ymd",
            "late_columns": warnings.get("columns", 0),
            "is_list": batch.mode == Mode.NO_EMAILS,
            "choices": batches.get_choices_hash(batch),
        }

    def get_label(self, total):
        """The label of the button."""
        if self.batch.mode == Mode.NO_EMAILS:
            text = ngettext("Import %(number)s address", "Import %(number)s addresses", total)
        else:
            text = ngettext("Import %(number)s signature", "Import %(number)s signatures", total)
        return text % {"number": number(total)}


class RowsView(ImportMixin, PetitionView):
    """The rows with one result. Possible duplicates of a draft can be ticked.

    Beside them stand the signatures that they resemble: whoever may import may also see these.
    """

    template_name = "wagtail_petition/admin/import_rows.html"
    per_page = 50
    most_resembled = 5

    def setup(self, request, *args, result, **kwargs):
        super().setup(request, *args, **kwargs)
        if result not in RESULTS or not has_report(self.batch) or self.batch.is_at_work:
            raise Http404
        self.result = ImportResult(result)
        self.page_title = RESULTS[self.result][0]

    @property
    def can_tick(self):
        return self.result == ImportResult.POSSIBLE and self.batch.state == State.DRAFT

    def get(self, request, *args, **kwargs):
        try:
            return super().get(request, *args, **kwargs)
        except FileNotFoundError:
            messages.error(request, GONE)
            return self.back()

    def post(self, request, *args, **kwargs):
        if not self.can_tick:
            raise Http404
        action = request.POST.get("action")
        if action == "all":
            self.batch.ticked = True
        elif action == "none":
            self.batch.ticked = []
        else:
            shown, ticked = (
                {int(row) for row in request.POST.getlist(name) if row.isdecimal()}
                for name in ("shown", "ticked")
            )
            tick(self.batch, shown, ticked)
        drafts = type(self.batch).objects.filter(pk=self.batch.pk, state=State.DRAFT)
        drafts.update(ticked=self.batch.ticked)
        count = ticked_count(self.batch)
        messages.success(
            request,
            ngettext(
                "%(number)s possible duplicate will be imported.",
                "%(number)s possible duplicates will be imported.",
                count,
            )
            % {"number": number(count)},
        )
        return redirect("petition_imports:check", self.batch.pk)

    def get_context_data(self, **kwargs):
        paginator = Paginator(ReportRows(self.batch, self.result), self.per_page)
        page = paginator.get_page(self.request.GET.get("p"))
        headings = report.get_headings(self.batch)
        used = [n for n, heading in enumerate(headings) if self.batch.mapping.get(heading)]
        ticked = self.batch.ticked
        is_possible = self.result == ImportResult.POSSIBLE
        resembled = report.find_resembled(self.batch, list(page)) if is_possible else {}
        return {
            **super().get_context_data(**kwargs),
            "rows": [
                {
                    "number": row["row"],
                    "reason": row["reason"],
                    "cells": [row["cells"][n] for n in used if n < len(row["cells"])],
                    "is_ticked": ticked is True or row["row"] in ticked,
                    "signatures": resembled.get(row["row"], [])[: self.most_resembled],
                    "resembled_row": row.get("resembled"),
                }
                for row in page
            ],
            "headings": [headings[n] for n in used],
            "page_obj": page,
            "elided_page_range": paginator.get_elided_page_range(page.number),
            "is_possible": is_possible,
            "is_rejected": self.result == ImportResult.REJECTED,
            "is_refused": self.result in report.REFUSED,
            "is_sample": len(paginator.object_list) < self.batch.counts.get(self.result, 0),
            "total": self.batch.counts.get(self.result, 0),
            "can_tick": self.can_tick,
            "explanation": get_help(self.batch, self.result),
        }
