"""The demo's texts, each in English and Italian."""

ITALIAN = {}


def both(english, italian=None):
    """The English text; the Italian one (by default the same) is kept for the translation."""
    ITALIAN[english] = italian or english
    return english


def paragraphs(*texts):
    """Texts as paragraphs of rich text."""
    return "".join(f"<p>{text}</p>" for text in texts)
