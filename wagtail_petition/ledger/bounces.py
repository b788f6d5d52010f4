"""Store bounces and complaints that an email provider reports. The count doesn't change."""

from wagtail_petition.identity.emails import email_key
from wagtail_petition.models.signature import Signature


def set_email_state(email: str, state: Signature.EmailState) -> int:
    """Store that emails to ``email`` bounced or were reported, for all of its signatures.

    They get only emails that they request. A complaint stays if emails bounce later.
    Returns how many signatures were changed.
    """
    found = Signature.objects.filter(email_key=email_key(email)).exclude(email_state=state)
    return found.exclude(email_state=Signature.EmailState.COMPLAINED).update(email_state=state)


def stop_updates(email: str) -> int:
    """Store that the holder of ``email`` wants no updates of any petition. Returns how many."""
    found = Signature.objects.filter(email_key=email_key(email), wants_news=True)
    return found.update(wants_news=False)
