"""Every URL of the admin, requested by users of every role.

The addresses are found by walking the URL patterns: a new one that ``ADDRESSES`` doesn't name
fails ``test_every_address_is_here``, so that none can be forgotten.
"""

import io
from datetime import timedelta
from typing import NamedTuple
from uuid import uuid4

import pytest
from django.core.files.base import ContentFile
from django.urls import URLResolver, get_resolver, reverse
from django.utils import timezone
from wagtail.models import Locale

from wagtail_petition import ledger
from wagtail_petition.admin.signatures.views.bulk_actions import ACTIONS
from wagtail_petition.imports import batches, run
from wagtail_petition.imports.mapping import Mapping
from wagtail_petition.models import (
    Acknowledgement,
    BlockRule,
    BulkAct,
    Delivery,
    DeliveryEmail,
    DeliveryFile,
    DeliveryNote,
    DeliveryOutcome,
    DeliverySplit,
    ImportBatch,
    Invalidation,
    Petition,
    RecipientLink,
    Representative,
    Signature,
    SignatureExport,
    Update,
)
from wagtail_petition.moderation.actions import SIGNATURE_ACTIONS
from wagtail_petition.storage import private_storage

from .people import make_user

MANAGER = {
    *("view_signature", "change_signature", "import_signature", "erase_signature"),
    *("change_petition", "view_delivery", "add_delivery", "change_delivery", "send_update"),
    *("view_blockrule", "add_blockrule", "change_blockrule", "delete_blockrule"),
    *("view_representative", "add_representative"),
    *("change_representative", "delete_representative"),
}
EXPORTER = {"view_signature", "export_signature", "view_delivery"}
COLUMNS = ("given_name", "family_name", "email", "signed_at")
# Who may change which petition's source page, and what else. None: everything.
ROLES = {
    "anonymous": (None, set()),
    "editor of A": ("A", set()),
    "reader of A": ("A", {"view_petition"}),
    "editor of B": ("B", MANAGER | EXPORTER),
    "translator of A": ("A in Italian", MANAGER | EXPORTER),
    "everything but view": ("A", (MANAGER | EXPORTER) - {"view_signature"}),
    "manager": ("A", MANAGER),
    "exporter": ("A", EXPORTER),
    "superuser": (None, None),
}


class Address(NamedTuple):
    """A URL: its arguments and the permission that it needs.

    ``scoped``: it is about one petition, and not there for people of another. ``own``: the role
    that made it, for which alone it is there.
    """

    permission: str
    args: tuple = ()
    scoped: bool = True
    own: str = ""
    query: str = ""
    # Whether it leads to the only petition one has at once.
    goes_on: bool = False


def in_general(permission, query=""):
    return Address(permission, scoped=False, query=query)


ADDRESSES = {
    "petitions:index": in_general("view_petition"),
    "petitions:index_results": in_general("view_petition"),
    "petitions:dashboard": Address("view_petition", ("petition",)),
    "petitions:offline": Address("change_petition", ("petition",)),
    "petitions:sheet_add": Address("import_signature", ("petition",)),
    "petitions:sheet": Address("import_signature", ("petition", "sheet")),
    "petitions:paper_template": Address("import_signature", ("petition",)),
    "petitions:suspicious": Address("view_signature", ("petition",)),
    "petitions:votes": Address("view_signature", ("petition",)),
    "petitions:votes_csv": Address("view_signature", ("petition",)),
    "petitions:checklist": Address("edit_page", ("page",)),
    # Reads what is pasted, and nothing that is stored.
    "petitions:paste": Address("access_admin", ("kind",), scoped=False),
    # Only for a petition without pages; test_recreate_page asks for that.
    "petitions:recreate_page": Address("nobody", ("petition",)),
    "petition_signatures:index": in_general("view_signature", "?status="),
    "petition_signatures:index_results": in_general("view_signature"),
    "petition_signatures:counts": in_general("view_signature"),
    "petition_signatures:export": in_general("export_signature"),
    "petition_signatures:export_progress": Address("export_signature", ("export",), own="exporter"),
    "petition_signatures:export_download": Address("export_signature", ("export",), own="exporter"),
    "petition_signatures:bulk_action": Address("change_signature", ("bulk_act",), own="manager"),
    "petition_signatures:inspect": Address("view_signature", ("signature",)),
    "petition_signatures:action": Address("change_signature", ("signature", "action")),
    "petition_deliveries:index": in_general("view_delivery"),
    "petition_deliveries:index_results": in_general("view_delivery"),
    "petition_deliveries:choose": Address("add_delivery", scoped=False, goes_on=True),
    "petition_deliveries:add": Address("add_delivery", ("petition",)),
    "petition_deliveries:detail": Address("view_delivery", ("delivery",)),
    "petition_deliveries:cancel": Address("change_delivery", ("delivery",)),
    "petition_deliveries:handover": Address("change_delivery", ("delivery",)),
    "petition_deliveries:corrections": Address("view_delivery", ("delivery",)),
    "petition_deliveries:receipt": Address("export_signature", ("delivery",)),
    "petition_deliveries:download": Address("export_signature", ("delivery", "file")),
    "petition_deliveries:verify": Address("view_delivery", ("delivery",)),
    "petition_deliveries:split": Address("view_delivery", ("split",)),
    "petition_deliveries:split_manifest": Address("view_delivery", ("split",)),
    "petition_deliveries:split_download": Address("export_signature", ("split",)),
    "petition_deliveries:erase_handover": Address("erase_signature", ("delivered",)),
    "petition_deliveries:add_note": Address("change_delivery", ("delivered",)),
    "petition_deliveries:note_receipt": Address("export_signature", ("delivered", "note")),
    "petition_deliveries:erase_note": Address("erase_signature", ("delivered", "note")),
    # Gives the files away, and decides what happens when the recipient confirms receipt.
    "petition_deliveries:add_outcome": Address("change_delivery", ("delivered",)),
    "petition_deliveries:outcome_document": Address("export_signature", ("delivered", "outcome")),
    "petition_deliveries:show_outcome": Address("change_delivery", ("delivered", "outcome")),
    "petition_deliveries:outcome_update": Address("write_update", ("delivered", "outcome")),
    "petition_deliveries:erase_outcome": Address("erase_signature", ("delivered", "outcome")),
    "petition_deliveries:share": Address("share_delivery", ("delivery",)),
    "petition_deliveries:email": Address("share_delivery", ("delivery",)),
    "petition_deliveries:cover_sheet": Address(
        "share_delivery", ("delivery", "link"), goes_on=True
    ),
    "petition_deliveries:revoke_link": Address("change_delivery", ("delivery", "link")),
    "petition_deliveries:erase_answer": Address("erase_signature", ("delivered", "answer")),
    "petition_updates:index": Address("send_update", ("petition",)),
    "petition_updates:send": Address("send_update", ("update",)),
    "petition_updates:audience": Address("send_update", ("update",)),
    "petition_updates:deadline": Address("send_update", ("deadline",)),
    "petition_updates:deadline_audience": Address("send_update", ("deadline",)),
    "petition_imports:index": in_general("import_signature"),
    "petition_imports:index_results": in_general("import_signature"),
    "petition_imports:add": in_general("import_signature"),
    **{
        f"petition_imports:{name}": Address("import_signature", args)
        for name, args in [
            ("detail", ("import",)),
            ("columns", ("draft",)),
            ("text", ("draft",)),
            ("check", ("draft",)),
            ("rows", ("draft", "result")),
            ("rejected", ("import",)),
            ("download", ("import",)),
            ("revert", ("import",)),
            ("notify", ("import",)),
            ("delete", ("draft",)),
        ]
    },
    "petition_representatives:index": in_general("view_representative"),
    "petition_representatives:index_results": in_general("view_representative"),
    "petition_representatives:choose": Address("add_representative", scoped=False, goes_on=True),
    "petition_representatives:add": Address("add_representative", ("petition",)),
    "petition_representatives:choose_table": Address(
        "change_representative", scoped=False, goes_on=True
    ),
    "petition_representatives:table": Address("change_representative", ("petition",)),
    "petition_representatives:edit": Address("change_representative", ("representative",)),
    "petition_representatives:delete": Address("delete_representative", ("representative",)),
    "petition_messages:index": in_general("change_signature"),
    "petition_invalidations:index": in_general("change_signature"),
    "petition_invalidations:index_results": in_general("change_signature"),
    "petition_invalidations:choose": Address("change_signature", scoped=False, goes_on=True),
    "petition_invalidations:add": Address("change_signature", ("petition",)),
    "petition_invalidations:detail": Address("change_signature", ("invalidation",)),
    **{
        f"petition_block_rules:{name}": Address(permission, args, scoped=False)
        for name, permission, args in [
            ("index", "view_blockrule", ()),
            ("index_results", "view_blockrule", ()),
            ("add", "add_blockrule", ()),
            ("edit", "change_blockrule", ("block_rule",)),
            ("delete", "delete_blockrule", ("block_rule",)),
            ("history", "view_blockrule", ("block_rule",)),
            ("history_results", "view_blockrule", ("block_rule",)),
            ("usage", "view_blockrule", ("block_rule",)),
        ]
    },
}
BULK = {action.action_type: f"{action.permission}_signature" for action in ACTIONS}


def addresses_of_ours(resolver=None, namespaces=()):
    """The names of all URLs of our own views and of views of our models."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            inner = (*namespaces, pattern.namespace) if pattern.namespace else namespaces
            yield from addresses_of_ours(pattern, inner)
            continue
        view = getattr(pattern.callback, "view_class", pattern.callback)
        model = getattr(pattern.callback, "view_initkwargs", {}).get("model")
        label = getattr(getattr(model, "_meta", None), "app_label", "")
        if view.__module__.startswith("wagtail_petition.admin") or label == "wagtail_petition":
            yield ":".join([*namespaces, pattern.name])


def test_every_address_is_here():
    assert set(addresses_of_ours()) == set(ADDRESSES)


class Site(NamedTuple):
    """The objects in the URLs: one of each kind for petition A."""

    petition: Petition
    objects: dict
    pages: dict


def add_import(page, state):
    """An import of somebody with an address: done, or a draft that was checked."""
    content = f"first name,last name,email,date\nSecreta,R,secreta@{state}.example,2026-01-01\n"
    batch = batches.create(
        ledger.ensure_petition(page), io.BytesIO(content.encode()), "Recipient of A.csv"
    )
    inspection = batches.look_into(batch)
    columns = dict(zip(inspection.headings, COLUMNS, strict=True))
    batches.describe(batch, inspection, Mapping(columns))
    batch.signed_text = ledger.get_or_create_text(page.get_text_to_sign())
    batch.save()
    if state == "draft":
        run.check(batch)
    else:
        run.import_now(batch)
    return batch


@pytest.fixture
def site(page, make_page, make_signature, make_update, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    pages = {"A": page, "B": make_page(title="Beta petition")}
    Petition.objects.filter(pk=page.petition.pk).update(title="Alpha petition", home_country="US")
    signature = make_signature(
        given_name="Secreta", email="secreta@example.org", message="For Secreta's children"
    )
    make_signature(pages["B"], given_name="Bea", email="bea@example.org")
    petition = Petition.objects.get(pk=page.petition.pk)
    split = DeliverySplit.objects.create(petition=petition, by="country", count=1)
    delivery = Delivery.objects.create(
        petition=petition,
        split=split,
        part_label="Secret reason",
        state=Delivery.State.READY,
        last_number=1,
        recipient="Recipient of A",
        language="en",
        columns=["number"],
        formats=["csv"],
    )
    path = private_storage().save("a.csv", ContentFile(b"secreta@example.org"))
    Delivery.objects.filter(pk=delivery.pk).update(receipt=path)
    DeliveryFile.objects.create(delivery=delivery, name="a.zip", path=path, size=1, sha256="0" * 64)
    delivered = Delivery.objects.create(
        petition=petition,
        state="delivered",
        last_number=1,
        recipient="Recipient of A",
        note="Secret reason",
    )
    return Site(
        petition,
        {
            "petition": petition.pk,
            "page": page.pk,
            "kind": "events",
            "update": make_update(page, title="Secret reason").pk,
            "deadline": Update.objects.create(
                petition=petition,
                kind=Update.Kind.DEADLINE,
                key=uuid4(),
                number=1,
                closed_before=timezone.now(),
            ).pk,
            "signature": signature.pk,
            "action": "invalidate",
            "sheet": ImportBatch.objects.create(
                petition=petition,
                sheet="RM-7",
                state=ImportBatch.State.DONE,
                signed_text=signature.signed_text,
                options={"default_date": "2026-10-04"},
                mapping={"name": "given_name"},
            ).pk,
            "delivery": delivery.pk,
            "split": split.pk,
            "file": DeliveryFile.objects.create(
                delivery=delivery, name="a.csv", path=path, size=1, sha256="0" * 64
            ).pk,
            "link": RecipientLink.objects.create(
                delivery=delivery, sha256="0" * 64, expires_at=timezone.now() + timedelta(days=1)
            ).pk,
            "delivered": delivered.pk,
            "answer": Acknowledgement.objects.create(
                delivery=delivered,
                kind="received",
                text="Received.",
                day="2026-10-04",
                note="Secret reason",
            ).pk,
            "note": DeliveryNote.objects.create(
                delivery=delivered, note="Secret reason", receipt=path
            ).pk,
            "outcome": DeliveryOutcome.objects.create(
                delivery=delivered,
                kind="done",
                day="2026-10-04",
                texts={"en": "Secret reason"},
                document=path,
            ).pk,
            "invalidation": Invalidation.objects.create(
                petition=petition,
                domain="secret.example",
                reason="Secret reason",
                until=1,
                state=Invalidation.State.DONE,
            ).pk,
            "representative": Representative.objects.create(
                petition=petition, name="Recipient of A", country="US"
            ).pk,
            "block_rule": BlockRule.objects.create(kind="domain", value="spam.example").pk,
            "import": add_import(page, "import").pk,
            "draft": add_import(page, "draft").pk,
            "result": "new",
        },
        pages,
    )


@pytest.fixture(params=ROLES)
def role(request, site, client):
    """The name of a role whose person is logged in."""
    which, permissions = ROLES[request.param]
    site.objects["bulk_act"] = BulkAct.objects.create(
        verb="invalidate", user=None, total=1, until=1, counts={}
    ).pk
    export = SignatureExport.objects.create(
        state=SignatureExport.State.READY,
        format="csv",
        path=private_storage().save("export.csv", ContentFile(b"secreta@example.org")),
        counts={site.petition.pk: 1},
        total=1,
        expires_at=timezone.now() + timedelta(days=1),
    )
    site.objects["export"] = export.pk
    if request.param != "anonymous":
        if which == "A in Italian":
            italian = Locale.objects.get_or_create(language_code="it")[0]
            translation = site.pages["A"].copy_for_translation(italian, copy_parents=True)
            site.pages[which] = translation
        user = make_user(
            request.param,
            *(permissions or ()),
            pages=[site.pages[which]] if which else (),
            superuser=permissions is None,
        )
        client.force_login(user)
        BulkAct.objects.update(user=user if request.param == "manager" else None)
        SignatureExport.objects.update(user=user if request.param == "exporter" else None)
    return request.param


def is_allowed(role, permission, *, scoped=True):
    """Whether a role may do something with petition A (or, not scoped, at all)."""
    which, permissions = ROLES[role]
    if permissions is None:
        return permission != "nobody"
    if permission == "access_admin":
        return role != "anonymous"
    if permission == "edit_page":
        return which == "A"
    if permission == "view_petition" and "view_signature" in permissions:
        return is_allowed(role, "view_signature", scoped=scoped)
    if permission == "write_update":
        # These roles may change the petition's page, not add pages below it.
        return False
    if permission == "share_delivery":
        both = ("export_signature", "change_delivery")
        return all(is_allowed(role, each, scoped=scoped) for each in both)
    # What shows people's data needs the permission to view signatures too.
    needed = {permission}
    if permission.endswith("_signature") or permission == "add_delivery":
        needed.add("view_signature")
    if scoped:
        return needed <= permissions and which == "A"
    # Without a petition there is nothing to list; block rules belong to none.
    return needed <= permissions and (which in ("A", "B") or permission.endswith("_blockrule"))


PERSONAL = ["Secreta", "secreta@"]
SECRETS = [*PERSONAL, "Alpha petition", "Recipient of A", "Secret reason"]


def secrets_from(role):
    """The data of petition A that a role must never see."""
    if is_allowed(role, "view_signature"):
        return []
    if is_allowed(role, "view_delivery"):
        return PERSONAL
    if is_allowed(role, "view_petition"):
        return [secret for secret in SECRETS if secret != "Alpha petition"]
    return SECRETS


def leaks(response, secrets=SECRETS):
    """Which of ``secrets`` are in the response, its address of redirection included."""
    content = b"".join(response) if response.streaming else response.content
    text = content.decode(errors="replace") + response.headers.get("Location", "")
    return [secret for secret in secrets if secret in text]


def state_of_a():
    """Everything that a person without rights on A must not be able to change."""
    return [
        list(Signature.objects.order_by("pk").values()),
        list(Petition.objects.order_by("pk").values()),
        list(Delivery.objects.order_by("pk").values()),
        list(DeliverySplit.objects.order_by("pk").values()),
        list(Representative.objects.order_by("pk").values()),
        list(RecipientLink.objects.order_by("pk").values()),
        list(DeliveryEmail.objects.order_by("pk").values()),
        list(Acknowledgement.objects.order_by("pk").values()),
        list(DeliveryNote.objects.order_by("pk").values()),
        list(DeliveryOutcome.objects.order_by("pk").values()),
        list(Invalidation.objects.order_by("pk").values()),
        list(BulkAct.objects.order_by("pk").values()),
        list(SignatureExport.objects.order_by("pk").values()),
        list(ImportBatch.objects.order_by("pk").values()),
        list(Update.objects.order_by("pk").values()),
    ]


def all_addresses(site):
    for name, address in ADDRESSES.items():
        url = reverse(name, args=[site.objects[each] for each in address.args])
        yield name, address, f"{url}{address.query}"
    for action, permission in BULK.items():
        url = reverse("wagtail_bulk_action", args=["wagtail_petition", "signature", action])
        for ids in ("all", site.objects["signature"]):
            # Exporting goes on to the page for exports.
            address = Address(permission, scoped=False, goes_on=action == "export")
            yield f"bulk {action} {ids}", address, f"{url}?id={ids}"
    for action in SIGNATURE_ACTIONS.values():
        url = reverse("petition_signatures:action", args=[site.objects["signature"], action.name])
        if action.can_act_on(Signature.objects.get(pk=site.objects["signature"])):
            yield f"act {action.name}", Address(f"{action.permission}_signature"), url


def test_get(role, client, site):
    wrong = []
    for name, address, url in all_addresses(site):
        response = client.get(url)
        allowed = is_allowed(role, address.permission, scoped=address.scoped)
        if address.own and role not in (address.own, "superuser"):
            allowed = False
        expected = expected_status(role, address, allowed)
        if response.status_code not in expected:
            wrong.append((name, response.status_code, expected))
        elif found := leaks(response, secrets_from(role)):
            wrong.append((name, found))
        elif response.streaming:
            b"".join(response)
    assert not wrong


def expected_status(role, address, allowed):
    if role == "anonymous":
        return {302}
    if allowed:
        return {200, 302} if address.goes_on else {200}
    # Of other people's petitions nothing is there. What one lacks the permission for sends one
    # home, as Wagtail does, or is not there either.
    foreign = address.scoped and ROLES[role][0] != "A"
    return {404} if foreign else {302, 403, 404}


def test_post(role, client, site):
    """Without permission nothing changes, and nobody gets a server error."""
    wrong = []
    for name, address, url in all_addresses(site):
        before = state_of_a()
        data = {
            "columns": ["email"],
            "format": "csv",
            "reason": "x",
            "confirm": "1",
            "action": "stop",
        }
        response = client.post(url, data)
        if response.status_code >= 500:
            wrong.append((name, response.status_code))
        mine = is_allowed(role, address.permission) and role != "anonymous"
        if not mine:
            if role == "anonymous" and response.status_code != 302:
                wrong.append((name, response.status_code))
            if state_of_a() != before and not name.startswith("bulk"):
                wrong.append((name, "changed"))
            if found := leaks(response, secrets_from(role)):
                wrong.append((name, found))
        elif response.streaming:
            b"".join(response)
    assert not wrong
    if role not in ("manager", "superuser"):
        assert Signature.objects.get(pk=site.objects["signature"]).status == "confirmed"
        assert Signature.objects.get(pk=site.objects["signature"]).email


@pytest.mark.parametrize("role", ["editor of B", "translator of A"], indirect=True)
def test_foreign_ids_in_queries(role, client, site):
    """Filters, searches and choices with ids of another petition show nothing of it."""
    queries = [
        f"petition={site.petition.pk}",
        f"id={site.objects['signature']}",
        f"object_id={site.petition.pk}",
        "q=secret",
        "q=1",
        "q=@example.org",
    ]
    wrong = []
    for name, address, url in all_addresses(site):
        if "petition" in address.args or "?" in url:
            continue
        for query in queries:
            response = client.get(f"{url}?{query}")
            if response.status_code >= 500 or leaks(response):
                wrong.append((name, query, response.status_code, leaks(response)))
    history = client.get(reverse("wagtailadmin_reports:site_history"))
    assert not leaks(history)
    assert not wrong


def test_recreate_page(client, site):
    """A petition without pages can be given one, by superusers alone."""
    url = reverse("petitions:recreate_page", args=[site.petition.pk])
    site.pages["A"].delete()
    client.force_login(make_user("manager", *MANAGER, pages=[site.pages["B"]]))
    assert client.get(url).status_code == 404
    client.force_login(make_user("superuser", superuser=True))
    assert client.get(url).status_code == 200
