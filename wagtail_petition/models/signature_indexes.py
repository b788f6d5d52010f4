"""The indexes of signatures, grouped by what uses them."""

from django.db import models
from django.db.models import Q

INDEXES = [
    # Searches in the admin's list. On PostgreSQL the operator class serves "begins with"
    # for any collation; SQLite ignores it.
    *[
        models.Index(
            fields=[field], name=f"petition_sig_{field}", opclasses=["varchar_pattern_ops"]
        )
        for field in ("email_key", "name_key", "family_key")
    ],
    # Filters of the list, newest first.
    *[
        models.Index(fields=[field, "-id"], name=f"petition_sig_{field}")
        for field in ("email_domain", "status", "country", "language", "source", "origin")
    ],
    models.Index(
        fields=["postcode", "-id"],
        condition=~Q(postcode=""),
        name="petition_sig_postcode",
    ),
    models.Index(fields=["region", "-id"], condition=~Q(region=""), name="petition_sig_region"),
    # Empty unless a petition asks where people vote.
    *[
        models.Index(
            fields=[field, "-id"],
            condition=~Q(**{field: ""}),
            name=f"petition_sig_{field}",
        )
        for field in ("home_country", "home_region", "home_tie")
    ],
    models.Index(
        fields=["home_district", "home_region", "-id"],
        condition=~Q(home_district=""),
        name="petition_sig_home_district",
    ),
    models.Index(fields=["petition", "-id"], name="petition_sig_list"),
    # Sorting the list's confirmed signatures.
    models.Index(
        fields=["petition", "name_key", "id"],
        condition=Q(status="confirmed"),
        name="petition_sig_by_name",
    ),
    # The counts on the list's tabs.
    models.Index(
        fields=["petition", "status"],
        condition=Q(status__in=["withdrawn", "invalidated"]),
        name="petition_sig_ended",
    ),
    # Who was withdrawn or invalidated after a delivery to the representatives of a region.
    models.Index(
        fields=["petition", "ended_at"],
        condition=Q(status__in=["withdrawn", "invalidated"]) & ~Q(home_region=""),
        name="petition_sig_home_ended",
    ),
    # The texts, and so the questions, of a petition.
    models.Index(fields=["petition", "signed_text"], name="petition_sig_text"),
    models.Index(fields=["-id"], condition=Q(show_name=True), name="petition_sig_show_name"),
    models.Index(fields=["-id"], condition=~Q(message=""), name="petition_sig_has_message"),
    # Two partial indexes, because PostgreSQL prefers a scan from the newest signature to
    # one index on the boolean, and the newest hundred thousands may all be undelivered.
    models.Index(fields=["-id"], condition=Q(delivered=True), name="petition_sig_delivered"),
    models.Index(fields=["-id"], condition=Q(delivered=False), name="petition_sig_undelivered"),
    models.Index(fields=["-signed_at", "-id"], name="petition_sig_signed_at"),
    models.Index(fields=["-confirmed_at", "-id"], name="petition_sig_confirmed_at"),
    # The public list.
    models.Index(
        fields=["petition", "-number"],
        condition=Q(status="confirmed", show_name=True),
        name="petition_sig_public",
    ),
    # Housekeeping.
    models.Index(
        fields=["signed_at"],
        condition=Q(status="unconfirmed"),
        name="petition_sig_unconfirmed",
    ),
    models.Index(fields=["signed_at"], condition=~Q(network=""), name="petition_sig_network"),
    models.Index(
        fields=["network", "-id"],
        condition=~Q(network=""),
        name="petition_sig_from_network",
    ),
    models.Index(
        fields=["petition", "signed_text"],
        condition=Q(anonymised_at=None),
        name="petition_sig_kept",
    ),
    # The dashboard's counts: the newest, those of the last day, and unconfirmed ones.
    models.Index(fields=["petition", "signed_at"], name="petition_sig_newest"),
    models.Index(
        fields=["petition", "confirmed_at"],
        condition=Q(status="confirmed"),
        name="petition_sig_confirmed",
    ),
    models.Index(
        fields=["petition"],
        condition=Q(status="unconfirmed"),
        name="petition_sig_waiting",
    ),
    # Addresses that bounced.
    models.Index(
        fields=["petition", "-id"], condition=~Q(email_state="ok"), name="petition_sig_bounced"
    ),
    # The audience of updates.
    models.Index(
        fields=["petition", "id"],
        condition=Q(status="confirmed", wants_news=True),
        name="petition_sig_news",
    ),
    # The lists of messages to review, shown and hidden.
    models.Index(
        fields=["message_state", "petition", "number"],
        condition=Q(status="confirmed") & ~Q(message=""),
        name="petition_sig_messages",
    ),
    # Lookups of imports, and the signatures of a batch.
    models.Index(
        fields=["petition", "origin_ref"],
        condition=~Q(origin_ref=""),
        name="petition_sig_origin_ref",
    ),
    models.Index(
        fields=["petition", "name_key"],
        condition=Q(email_key__isnull=True) & ~Q(name_key=""),
        name="petition_sig_without_email",
    ),
    models.Index(
        fields=["batch", "id"],
        condition=Q(batch__isnull=False),
        name="petition_sig_batch",
    ),
    models.Index(
        fields=["invalidation"],
        condition=Q(invalidation__isnull=False),
        name="petition_sig_invalidation",
    ),
]
