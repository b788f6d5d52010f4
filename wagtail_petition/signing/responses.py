"""Responses of all steps of signing: privacy headers, the site's design, the signer's language."""

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.db import IntegrityError, InterfaceError, OperationalError
from django.db.transaction import non_atomic_requests
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.csrf import csrf_exempt

from wagtail_petition import addresses
from wagtail_petition.models.petition import Petition
from wagtail_petition.pages.mixin import PetitionPageMixin
from wagtail_petition.public.embed import embed_url
from wagtail_petition.public.embedding import base_template
from wagtail_petition.signing.abuse import Refused

logger = logging.getLogger("wagtail_petition.signing")


class SeeOther(HttpResponseRedirect):
    """A redirect after a POST, with status 303."""

    status_code = 303


def private(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Decorate a step of signing: not cached, not indexed, not sent as a referrer.

    Exempt from CSRF checks, because it relies on no cookie: steps act on the token in the URL,
    and the sign view checks the request's origin. Not atomic, even with ATOMIC_REQUESTS, so that
    the ledger's transactions stay short.
    """

    @csrf_exempt
    @non_atomic_requests
    @wraps(view)
    def wrapped(request, *args, **kwargs):
        try:
            response = view(request, *args, **kwargs)
        except (OperationalError, InterfaceError):
            logger.exception("The database does not answer")
            response = unavailable(request)
        except IntegrityError:
            # A row that the new one refers to was deleted meanwhile, which shows at commit.
            logger.exception("The database did not take it")
            response = unavailable(request)
        # With "no-store" after a POST, browsers ask to send the form again when people go back.
        # The stored response holds only what was typed.
        keep = "no-cache" if request.method == "POST" else "no-store"
        response["Cache-Control"] = f"{keep}, private"
        response.headers.setdefault("Referrer-Policy", "no-referrer")
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return wrapped


def step(
    request: HttpRequest,
    name: str,
    *,
    page: PetitionPageMixin | None = None,
    language: str | None = None,
    status: int = 200,
    **context: Any,
) -> HttpResponse:
    """Render the template of a step in the site's design and the signer's language."""
    language = language or (page.language if page else translation.get_language())
    with translation.override(language):
        response = render(
            request,
            f"wagtail_petition/{name}.html",
            {
                "base_template": base_template(request),
                "page": page,
                "self": page,
                **context,
            },
            status=status,
        )
    response["Content-Language"] = language
    return response


def own_form(response: HttpResponse) -> HttpResponse:
    """Let a step with a form send its origin: with "no-referrer", browsers send "null"."""
    response["Referrer-Policy"] = "same-origin"
    return response


def one_more_step(
    request: HttpRequest, page: PetitionPageMixin, form: Form, token: str, purpose: str = "sign"
) -> HttpResponse:
    """The page for a suspicious request: what was typed, and one more button.

    ``purpose`` is what the visitor asked for: to "sign", the confirmation email "again", or the
    "link" to a signature.
    """
    response = step(request, "one_more_step", page=page, form=form, token=token, purpose=purpose)
    return own_form(response)


def say_when(response: HttpResponse, refused: Refused | None) -> None:
    """Set ``Retry-After``, if ``refused`` (``abuse.Refused`` or None) has a ``retry_after``."""
    if refused and refused.retry_after:
        response["Retry-After"] = str(refused.retry_after)


def gone(
    request: HttpRequest, petition: Petition | None = None, language: str | None = None
) -> HttpResponse:
    """The response if no page of the petition is live."""
    return step(request, "gone", language=language, petition=petition, status=410)


def dead_link(request: HttpRequest) -> HttpResponse:
    """The response to an unknown link, or one whose signature was deleted."""
    return step(request, "dead_link", status=404)


def unavailable(request: HttpRequest) -> HttpResponse:
    """The response if the database fails: a form with what was typed, to send again.

    It doesn't use the site's base template, which may need the database.
    """
    response = render(
        request,
        "wagtail_petition/unavailable.html",
        {"typed": [(name, v) for name, values in request.POST.lists() for v in values]},
        status=503,
    )
    response["Retry-After"] = "60"
    return response


def page_link(request: HttpRequest, page: PetitionPageMixin) -> str:
    """The URL of the page, or of its embedded form if the page has no URL."""
    return addresses.page_link(page, request) or embed_url(page)
