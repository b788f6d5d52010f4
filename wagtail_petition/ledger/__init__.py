"""The only code that writes signatures, counts and tallies.

Each function is one short transaction. A function that changes a count locks the petition's row
first and holds the lock until the commit. Once number N is visible, all lower numbers are visible
too, so "signatures 1 to N" is an exact, repeatable set. SQLite has no row locks: there the lock
is taken by writing to the row.
"""

from .bounces import set_email_state, stop_updates
from .breakdowns import count_breakdown
from .counting import lock
from .duplicates import ImportResult, Incoming, find_alike, place_key, sort_out
from .emails import queue_email, queue_emails, queue_emails_to
from .helpers import bump_public_version, get_or_create_text, renew_pages_version
from .housekeeping import anonymise, forget_attempts, forget_networks, recount
from .importing import (
    ImportLost,
    NotRevertible,
    import_signatures,
    move_import_on,
    record_import,
    revert_import,
    revertible,
)
from .lost_links import answer_link_requests, request_link
from .organising import (
    add_paper_count,
    erase,
    invalidate,
    mark_delivered,
    restore,
    set_message_state,
    set_offline_count,
    set_region,
)
from .pages import follow_page, leave_page, show_updates
from .printing import keep_printed_text
from .rules import forget_networks_in_rules, forget_petition_in_rules
from .salts import ensure_salt, give_salts
from .signing import (
    Confirmation,
    Outcome,
    confirm,
    ensure_petition,
    may_send_again_at,
    open_attempts,
    send_confirmation_again,
    send_receipt_again,
    set_show_name,
    set_wants_news,
    sign,
    sign_with_other_address,
    withdraw,
)

__all__ = [
    "Confirmation",
    "ImportLost",
    "ImportResult",
    "Incoming",
    "NotRevertible",
    "Outcome",
    "add_paper_count",
    "anonymise",
    "answer_link_requests",
    "bump_public_version",
    "confirm",
    "count_breakdown",
    "ensure_petition",
    "ensure_salt",
    "erase",
    "find_alike",
    "follow_page",
    "forget_attempts",
    "forget_networks",
    "forget_networks_in_rules",
    "forget_petition_in_rules",
    "get_or_create_text",
    "give_salts",
    "import_signatures",
    "invalidate",
    "keep_printed_text",
    "leave_page",
    "lock",
    "mark_delivered",
    "may_send_again_at",
    "move_import_on",
    "open_attempts",
    "place_key",
    "queue_email",
    "queue_emails",
    "queue_emails_to",
    "record_import",
    "recount",
    "renew_pages_version",
    "request_link",
    "restore",
    "revert_import",
    "revertible",
    "send_confirmation_again",
    "send_receipt_again",
    "set_email_state",
    "set_message_state",
    "set_offline_count",
    "set_region",
    "set_show_name",
    "set_wants_news",
    "show_updates",
    "sign",
    "sign_with_other_address",
    "sort_out",
    "stop_updates",
    "withdraw",
]
