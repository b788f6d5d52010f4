"""The private page of a delivery's recipient.

GET shows it. POST downloads a file, asks for corrected files, or answers.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from django.db import transaction
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.templatetags.static import static
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from wagtail.log_actions import log

from wagtail_petition.clock import local_date, local_time
from wagtail_petition.delivery import (
    access_code,
    acknowledgement,
    corrections,
    recipient_links,
    selection,
)
from wagtail_petition.delivery.acknowledgement import FilesChanged
from wagtail_petition.delivery.lifecycle import WrongState
from wagtail_petition.models import Acknowledgement, Delivery, RecipientLink
from wagtail_petition.pages.lookup import get_page
from wagtail_petition.signing.responses import SeeOther, private
from wagtail_petition.storage import private_storage

from .forms import AnswerForm, CodeForm, DeclineForm, ReceiptForm

Kind = Acknowledgement.Kind
# Remembers that the code of the link at this address was entered.
COOKIE = "petition_recipient_code"


def with_privacy_headers(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Decorate ``view`` so that responses aren't stored, and load nothing from other hosts."""

    @wraps(view)
    def wrapped(request, *args, **kwargs):
        response = view(request, *args, **kwargs)
        response["Cache-Control"] = "no-store, private"
        response["Content-Security-Policy"] = _policy()
        return response

    return wrapped


def _policy() -> str:
    address = urlsplit(static("wagtail_petition/handover.css"))
    own = f"'self' {address.scheme or 'https'}://{address.netloc}" if address.netloc else "'self'"
    return (
        f"default-src 'none'; style-src {own}; img-src 'self' data:; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    )


@with_privacy_headers
@private
@require_http_methods(["GET", "HEAD", "POST"])
def recipient(request: HttpRequest, token: str) -> HttpResponseBase:
    """The delivery for its recipient: letter, files, how to verify them, and the answer.

    If its link has a code, the page asks for it first. Only then it counts as opened.
    """
    link = recipient_links.find(token)
    language = _language(request, link)
    with translation.override(language):
        if link is None or not link.works:
            return _page(request, "dead", status=410 if link else 404)
        if recipient_links.is_busy(link):
            response = _page(request, "busy", status=429)
            response["Retry-After"] = str(int(recipient_links.WINDOW.total_seconds()))
            return response
        if link.code and not access_code.has_passed(link, request.COOKIES.get(COOKIE, "")):
            return _ask_for_code(request, link)
        if request.method == "POST" and "file" in request.POST:
            return _download(request, link)
        if request.method == "POST" and "correct" in request.POST:
            return _correct(request, link)
        if request.method == "POST":
            return _answer(request, link)
        if request.method == "GET":
            recipient_links.record_view(link)
        return _show(request, link)


def _language(request, link):
    """The delivery's language, or English if the visitor chose it."""
    if link is None or request.GET.get("language") == "en":
        return "en" if link else translation.get_language()
    return link.delivery.language


def _page(request: HttpRequest, name: str, status: int = 200, **context: Any) -> HttpResponse:
    response = render(request, f"wagtail_petition/handover/{name}.html", context, status=status)
    response["Content-Language"] = translation.get_language()
    return response


def _ask_for_code(request, link):
    """Ask for the code. Once it is right, a cookie for this address remembers it for some hours."""
    page = get_page(link.delivery.petition, link.delivery.language)
    context: dict[str, Any] = {"organisation": page.get_organisation() if page else ""}
    form = CodeForm(request.POST if "code" in request.POST else None, auto_id="petition-%s")
    try:
        if form.is_valid():
            if access_code.check(link, form.cleaned_data["code"]):
                return _let_in(request, link)
            form.add_error("code", _("This is not the right code."))
    except access_code.Paused:
        link.refresh_from_db()
        response = _page(
            request, "code", status=429, paused_until=link.code_paused_until, **context
        )
        response["Retry-After"] = str(int(access_code.PAUSE.total_seconds()))
        return response
    return _page(request, "code", status=422 if form.is_bound else 200, form=form, **context)


def _let_in(request, link):
    response = SeeOther(request.get_full_path())
    response.set_cookie(
        COOKIE,
        access_code.make_pass(link),
        max_age=access_code.PASS,
        path=request.path,
        secure=request.is_secure(),
        httponly=True,
        # Not "Strict": then people who follow the link from a webmail would be asked again.
        samesite="Lax",
    )
    return response


def _show(request, link, *, receipt=None, declining=None, problem="", status=200):
    delivery = link.delivery
    page = get_page(delivery.petition, delivery.language)
    files = recipient_links.files(delivery)
    answer = acknowledgement.get_answer(delivery)
    initial = {"manifest": delivery.manifest_sha256}
    # After a download, the recipient can answer even if the files can't be downloaded any more.
    can_answer = delivery.state in recipient_links.SHARED and (
        files.exists() or delivery.state == Delivery.State.DELIVERED
        or recipient_links.has_downloaded(delivery)
    )  # fmt: skip
    is_received = answer is not None and answer.kind == Kind.RECEIVED
    changes = corrections.find_changes(delivery)
    downloads = recipient_links.get_downloads(delivery, changes.correction) if changes else {}
    return _page(
        request,
        "page",
        status=status,
        link=link,
        delivery=delivery,
        organisation=page.get_organisation() if page else "",
        contents=acknowledgement.contents(delivery),
        text=selection.get_text(delivery),
        files=files,
        changes=changes,
        downloads=downloads,
        letter=next(
            (file for file in (changes.files if changes else files) if file.name == "letter.pdf"),
            None,
        ),
        answer=answer,
        receipt=(receipt or _form(ReceiptForm, link, initial=initial))
        if can_answer and not is_received
        else None,
        declining=(declining or _form(DeclineForm, link, initial=initial))
        if can_answer and answer is None
        else None,
        problem=problem,
    )


def _form(kind: type[AnswerForm], link: RecipientLink, data: Any = None, **more: Any) -> AnswerForm:
    if kind is ReceiptForm:
        more["earliest"] = min(local_time(link.delivery.created_at).date(), local_date())
        prefix = "receipt"
    else:
        prefix = "decline"
    return kind(data, prefix=prefix, auto_id="petition-%s", **more)


def _answer(request, link):
    declines = "decline" in request.POST
    form = _form(DeclineForm if declines else ReceiptForm, link, request.POST)
    forms = {"declining" if declines else "receipt": form}
    if not form.is_valid():
        return _show(request, link, **forms, status=422)
    values = dict(form.cleaned_data)
    answer = acknowledgement.decline if declines else acknowledgement.confirm_receipt
    try:
        answer(link, manifest_sha256=values.pop("manifest"), **values)
    except FilesChanged as error:
        link.refresh_from_db()
        return _show(request, link, problem=str(error), status=409)
    except WrongState as error:
        return _show(request, link, **forms, problem=str(error), status=409)
    return SeeOther(request.get_full_path())


def _correct(request, link):
    """Start making the corrected files."""
    try:
        with transaction.atomic():
            if corrections.make(link.delivery, user=link.created_by):
                data = {"delivery": link.delivery_id, "link": link.pk}
                log(link.delivery.petition, "wagtail_petition.correct_delivery", data=data)
    except WrongState as error:
        return _show(request, link, problem=str(error), status=409)
    return SeeOther(request.get_full_path())


def _download(request, link):
    """Log the download, then return the file. If logging fails, there is no file."""
    wanted = request.POST["file"]
    changes = corrections.find_changes(link.delivery)
    if wanted == corrections.NUMBERS and changes:
        return _download_numbers(link)
    files = changes.files if changes else recipient_links.files(link.delivery)
    file = next((file for file in files if str(file.pk) == wanted), None)
    if file is None:
        return _show(request, link, status=404)
    recipient_links.record_download(link, file)
    response = FileResponse(
        private_storage().open(file.path),
        as_attachment=True,
        filename=file.name,
        content_type="application/octet-stream",
    )
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _download_numbers(link):
    """Log the download of the numbers that no longer count, then return them."""
    recipient_links.record_numbers(link, corrections.NUMBERS)
    numbers = b"".join(corrections.numbers_csv(link.delivery))
    response = HttpResponse(numbers, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{corrections.NUMBERS}"'
    return response
