"""Signals: each is sent after the transaction that changed the ledger was committed.

The sender is the model of what is sent along; receivers take it as a keyword argument. What a
receiver does wrong is logged, and undoes nothing.
"""

from django.dispatch import Signal

# A person has signed and is asked to confirm. Provides args: signature (models.Signature)
signature_created = Signal()

# A signature was confirmed; it has its number now. Provides args: signature (models.Signature)
signature_confirmed = Signal()

# A signer withdrew; the personal data is already gone. Provides args: signature (models.Signature)
signature_withdrawn = Signal()

# A delivery was marked as handed over. Provides args: delivery (models.Delivery)
petition_delivered = Signal()

# Emails were queued and are waiting to be sent. The sender is models.OutgoingEmail.
emails_queued = Signal()
