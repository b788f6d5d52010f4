"""What every step of signing shares: privacy headers, the site's design, the signer's language."""

import logging
from functools import wraps

from django.db import IntegrityError, InterfaceError, OperationalError
from django.db.transaction import non_atomic_requests
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.csrf import csrf_exempt

from .embedding import base_template

logger = logging.getLogger("wagtail_petition.signing")


class SeeOther(HttpResponseRedirect):
    """What follows a POST: a GET of another address."""

    status_code = 303


def private(view):
    """A step after the page: for one person, not for caches, search engines or referrers.

    Exempt from CSRF checks, because no cookie gives it any power: a step acts on the token in
    its address, and the sign view checks the request's origin itself. Its transactions are the
    ledger's, short ones, whatever the site says about transactions of requests.
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
            # What a row refers to was deleted meanwhile, and the database says so when it commits.
            logger.exception("The database did not take it")
            response = unavailable(request)
        # A browser that may not keep the answer to a form asks on the way back whether to send
        # the form once more. What it keeps is what was typed in it.
        keep = "no-cache" if request.method == "POST" else "no-store"
        response["Cache-Control"] = f"{keep}, private"
        response.headers.setdefault("Referrer-Policy", "no-referrer")
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return wrapped


def step(request, name, *, page=None, language=None, status=200, **context):
    """Render the template of a step within the site's design, in the signer's language."""
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


def own_form(response):
    """For a step whose form is sent from there: without a referrer its origin would be "null"."""
    response["Referrer-Policy"] = "same-origin"
    return response


def one_more_step(request, page, form, token, purpose="sign"):
    """The same for every suspicion: what was typed, and a button.

    ``purpose`` is what is asked for: to "sign", the email to confirm "again", or the "link" to a
    signature.
    """
    response = step(request, "one_more_step", page=page, form=form, token=token, purpose=purpose)
    return own_form(response)


def say_when(response, refused):
    """Tell programs when to come back, where ``refused`` (``guards.Refused`` or None) says it."""
    if refused and refused.retry_after:
        response["Retry-After"] = str(refused.retry_after)


def gone(request, petition=None, language=None):
    """No page of the petition is online any more."""
    return step(request, "gone", language=language, petition=petition, status=410)


def dead_link(request):
    """The link is not one of ours, or what it led to was deleted."""
    return step(request, "dead_link", status=404)


def unavailable(request):
    """The database is gone, locked or full: what was typed, to be sent again as it is.

    Outside of the site's design, which may itself need the database.
    """
    response = render(
        request,
        "wagtail_petition/unavailable.html",
        {"typed": [(name, v) for name, values in request.POST.lists() for v in values]},
        status=503,
    )
    response["Retry-After"] = "60"
    return response
