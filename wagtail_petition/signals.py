"""Signals, sent after the commit of the transaction that changed the ledger.

The sender is the model of the instance, which receivers get as a keyword argument. An error in a
receiver is logged and undoes nothing.
"""

from django.dispatch import Signal

# A signature was stored, unconfirmed. Provides args: signature (models.Signature)
signature_created = Signal()

# A signature was confirmed and has its number. Provides args: signature (models.Signature)
signature_confirmed = Signal()

# A signature was withdrawn, its data is erased. Provides args: signature (models.Signature)
signature_withdrawn = Signal()

# A delivery was marked as handed over. Provides args: delivery (models.Delivery)
petition_delivered = Signal()

# Emails were queued and are waiting to be sent. The sender is models.OutgoingEmail.
emails_queued = Signal()
