"""A site's own file for another tool."""

from wagtail_petition.exports.columns import Column
from wagtail_petition.exports.tools import Tool, ToolResource


class ListmonkResource(ToolResource):
    """The import of listmonk, a newsletter program."""

    email = Column("email", "email")
    name = Column("name", "given_name")


listmonk = Tool("listmonk", "listmonk (CSV)", ListmonkResource, takes_everyone=False)
