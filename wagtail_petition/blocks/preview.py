"""Previews of blocks in the editor's block picker."""


class PreviewMeta:
    """Base for a block's ``Meta``: previews use the package's own style sheet."""

    preview_template = "wagtail_petition/blocks/preview.html"
