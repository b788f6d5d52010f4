"""The download of the spreadsheet to type paper sheets into."""

import io

from django.http import FileResponse

from wagtail_petition.admin.base import PetitionView
from wagtail_petition.imports.paper_template import write_template


class TemplateView(PetitionView):
    """The petition's empty spreadsheet."""

    action = "import"

    def get(self, request, *args, **kwargs):
        file = io.BytesIO()
        write_template(file, self.petition)
        file.seek(0)
        return FileResponse(
            file,
            as_attachment=True,
            filename="paper-signatures.xlsx",
            content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        )
