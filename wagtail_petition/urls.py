"""The package's URLs. A site includes them outside of ``i18n_patterns``::

path("petitions/", include("wagtail_petition.urls"))
"""

from django.urls import path, register_converter

from .handover.views import recipient
from .public import views as public
from .public.embed import embed
from .public.embedding import embedded
from .public.proof import proof, verifier
from .public.regions import regions
from .public.updates import feed, updates
from .signing.links import SealedConverter
from .signing.views.confirm import confirm, signed
from .signing.views.lost_link import lost_link
from .signing.views.manage import signature, unsubscribe
from .signing.views.receipt import receipt
from .signing.views.sent import sent
from .signing.views.sign import challenge, sign

register_converter(SealedConverter, "sealed")

app_name = "wagtail_petition"

urlpatterns = [
    path("<int:page_id>/sign/", sign, name="sign"),
    path("<int:page_id>/signed/<sealed:sealed>", signed, name="signed"),
    path("challenge.json", challenge, name="challenge"),
    path("regions/<str:country>/<str:language>.json", regions, name="regions"),
    path("sent/<sealed:sealed>", sent, name="sent"),
    path("confirm/<sealed:token>", confirm, name="confirm"),
    path("signature/<sealed:token>", signature, name="signature"),
    path("receipt/<sealed:token>", receipt, name="receipt"),
    path("unsubscribe/<sealed:token>", unsubscribe, name="unsubscribe"),
    path("recipient/<sealed:token>", recipient, name="recipient"),
    path("<uuid:key>/link/", lost_link, name="lost_link"),
    path("<uuid:key>/count.json", public.count, name="count"),
    path("<uuid:key>/signatures/", public.signatures, name="signatures"),
    path("<uuid:key>/updates/", updates, name="updates"),
    path("<uuid:key>/updates.atom", feed, name="updates_feed"),
    path("<uuid:key>/proof/", proof, name="proof"),
    path("proof/<str:name>", verifier, name="verifier"),
    path("<uuid:key>/outcomes/<int:outcome>/", public.outcome_document, name="outcome_document"),
    path("<uuid:key>/paper/", public.paper, name="paper"),
    path("<uuid:key>/card.png", public.card, name="card"),
    # Embedded in other sites.
    path("<uuid:key>/embed/", embed, name="embed"),
    path("embed/<int:page_id>/sign/", embedded(sign), name="embed_sign"),
    path("embed/sent/<sealed:sealed>", embedded(sent), name="embed_sent"),
]
