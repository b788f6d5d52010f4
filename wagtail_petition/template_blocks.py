"""The blocks of a site's base template."""

from typing import Any

from django.template import Template
from django.template.base import Node
from django.template.loader import get_template
from django.template.loader_tags import BlockNode, ExtendsNode, IncludeNode


class UnknownTemplateError(Exception):
    """The template extends or includes a template named by a variable."""


def get_blocks(name: str) -> tuple[set[str], bool]:
    """The names of a template's blocks, and whether it has our tag ``petition_head``.

    Includes the templates that it extends or includes. Raises ``TemplateDoesNotExist``,
    ``UnknownTemplateError``, and ``AttributeError`` if it isn't a Django template.
    """
    return _get_blocks(_compiled(name), depth=0)


def _compiled(name: str) -> Template:
    found: Any = get_template(name)
    return found.template


def _get_blocks(template: Template, depth: int) -> tuple[set[str], bool]:
    if depth > 20:
        raise UnknownTemplateError
    # ``Any``, because Django's types don't know the type of the nodes returned.
    nodes: Any = template.nodelist
    names = {node.name for node in nodes.get_nodes_by_type(BlockNode)}
    has_tag = any(
        getattr(getattr(node, "func", None), "__name__", "") == "petition_head"
        for node in nodes.get_nodes_by_type(Node)
    )
    others = [node.parent_name for node in nodes.get_nodes_by_type(ExtendsNode)]
    others += [node.template for node in nodes.get_nodes_by_type(IncludeNode)]
    for expression in others:
        if not isinstance(expression.var, str):
            raise UnknownTemplateError
        more, tag_there = _get_blocks(_compiled(expression.var), depth + 1)
        names, has_tag = names | more, has_tag or tag_there
    return names, has_tag
