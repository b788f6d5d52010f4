"""The demo's texts, each in English and Italian."""

ITALIAN = {}


def both(english, italian=None):
    """The English text; the Italian one (by default the same) is kept for the translation."""
    ITALIAN[english] = italian or english
    return english


def paragraphs(*texts):
    """Texts as paragraphs of rich text."""
    return "".join(f"<p>{text}</p>" for text in texts)


def heading(text):
    """A heading within rich text."""
    return f"<h2>{text}</h2>"


def bullets(*texts):
    """Texts as a list of rich text."""
    return "<ul>" + "".join(f"<li>{text}</li>" for text in texts) + "</ul>"
