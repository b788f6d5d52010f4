"""The peer of our list of signatures: Wagtail's own listing of the same table."""

from wagtail import hooks
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.permission_policies import ModelPermissionPolicy

from wagtail_petition.models import Signature


class StockSignatureViewSet(ModelViewSet):
    """The same columns, filters and order, as the documentation of ``ModelViewSet`` shows them."""

    model = Signature
    name = "stock_signatures"
    icon = "list-ul"
    permission_policy = ModelPermissionPolicy(Signature)
    list_display = ["number", "full_name", "email", "country", "status", "language", "signed_at"]
    list_filter = ["status", "country"]
    list_per_page = 50
    form_fields = ["status"]
    add_to_reference_index = False

    def register_admin_url_finder(self):
        """Signatures are found in our list."""


@hooks.register("register_admin_viewset")
def register_stock():
    return StockSignatureViewSet()
