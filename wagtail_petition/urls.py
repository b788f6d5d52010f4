"""The package's URLs. A site includes them with one line, outside of ``i18n_patterns``:

``path("petitions/", include("wagtail_petition.urls"))``
"""

from django.urls import path

from .public import views as public
from .signing import manage
from .signing import views as signing

app_name = "wagtail_petition"

urlpatterns = [
    path("<int:page_id>/sign/", signing.sign, name="sign"),
    path("<int:page_id>/signed/<int:number>/", signing.signed, name="signed"),
    path("challenge.json", signing.challenge, name="challenge"),
    path("sent/<str:signed>/", signing.sent, name="sent"),
    path("confirm/<str:token>/", signing.confirm, name="confirm"),
    path("signature/<str:token>/", manage.signature, name="signature"),
    path("unsubscribe/<str:token>/", manage.unsubscribe, name="unsubscribe"),
    path("<uuid:key>/count.json", public.count, name="count"),
]
