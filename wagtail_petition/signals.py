"""Signals: each is sent after the transaction that changed the ledger was committed."""

from django.dispatch import Signal

# A person has signed and is asked to confirm. Provides args: signature
signature_created = Signal()

# A signature was confirmed; it has its number now. Provides args: signature
signature_confirmed = Signal()

# A signer withdrew; the personal data is already gone. Provides args: signature
signature_withdrawn = Signal()

# A delivery was marked as handed over. Provides args: delivery
petition_delivered = Signal()

# Emails were queued and are waiting to be sent.
emails_queued = Signal()
