"""The card: an image with title and count, for petitions without an image to share.

Most signers come from a link in a chat, which shows a link without an image as a line of text.
Most petitions have no image of their own, and Wagtail can't render text as an image.
"""

import functools
import io

from django.core.cache import cache
from django.utils import translation
from django.utils.translation import ngettext
from PIL import Image, ImageDraw, ImageFont, features

from wagtail_petition.conf import settings
from wagtail_petition.formats import number
from wagtail_petition.pages.mixin import PetitionPageMixin

SIZE = (1200, 630)
MARGIN = 80
INK, MUTED, ACCENT, TRACK, GROUND = "#1a2233", "#586174", "#0b5cad", "#dce3ee", "#ffffff"
TITLE_SIZES = (76, 66, 58, 50, 44)
TITLE_HEIGHT = 300
# Drawing the card for each request would let anybody overload the server.
CACHED_SECONDS = 3600

# Fonts that may be installed, those with the most scripts first. Pillow's font has Latin only.
SYSTEM_FONTS = ("DejaVuSans-Bold.ttf", "NotoSans-Bold.ttf", "Arial Bold.ttf", "arialbd.ttf")


@functools.cache
def _font(path, size):
    """The font at ``path``, or without a path the best one installed."""
    if path:
        return ImageFont.truetype(path, size)
    for name in SYSTEM_FONTS:
        try:
            return ImageFont.truetype(name, size)
        except OSError:  # Not installed.
            continue
    return ImageFont.load_default(size)


def _title_font(size):
    return _font(settings.CARD_FONT, size)


def _can_shape():
    """Whether Pillow can join letters and write from right to left with the title's font."""
    font = _title_font(TITLE_SIZES[0])
    return features.check("raqm") and font.layout_engine == ImageFont.Layout.RAQM


@functools.lru_cache(maxsize=4096)
def _has_glyph(path, character):
    font = _font(path, 20)
    # No font has a glyph for the last code point, so it is drawn as a missing glyph.
    return bytes(font.getmask(character)) != bytes(font.getmask("\U0010ffff"))


def can_draw(page: PetitionPageMixin) -> bool:
    """Whether the card can be drawn without missing glyphs, and in the right direction."""
    with translation.override(page.language):
        if translation.get_language_bidi() and not _can_shape():
            return False
        text = page.title + page.get_organisation() + _count_text(page)
        return all(
            _has_glyph(settings.CARD_FONT, character) for character in set("".join(text.split()))
        )


def card_png(page: PetitionPageMixin) -> bytes | None:
    """The card of ``page`` as PNG, cached for an hour; None if it can't be drawn."""
    if not can_draw(page):
        return None
    version = page.last_published_at and page.last_published_at.timestamp()
    key = f"wagtail_petition.card.{page.pk}.{version}"
    return cache.get_or_set(key, lambda: _draw(page), CACHED_SECONDS)


def _count_text(page):
    count = page.progress.count
    return ngettext("%(number)s person has signed.", "%(number)s people have signed.", count) % {
        "number": number(count)
    }


def _draw(page):
    with translation.override(page.language):
        rtl = translation.get_language_bidi()
        count = _count_text(page) if page.progress.count else ""
    image = Image.new("RGB", SIZE, GROUND)
    draw = ImageDraw.Draw(image)
    width = SIZE[0] - 2 * MARGIN
    # Lines start on the right in right-to-left languages.
    x, anchor = (SIZE[0] - MARGIN, "r") if rtl else (MARGIN, "l")
    shaping = {"direction": "rtl" if rtl else "ltr", "language": page.language}
    if not _can_shape():
        shaping = {}

    draw.rectangle((0, 0, SIZE[0], 16), fill=ACCENT)
    lines, font = _fit(draw, page.title, width)
    y = MARGIN
    for line in lines:
        draw.text((x, y), line, font=font, fill=INK, anchor=f"{anchor}a", **shaping)
        y += round(font.size * 1.2)

    draw.text(
        (x, SIZE[1] - MARGIN),
        page.get_organisation(),
        font=_title_font(28),
        fill=MUTED,
        anchor=f"{anchor}s",
        **shaping,
    )
    if count:
        draw.text(
            (x, SIZE[1] - 190),
            count,
            font=_title_font(40),
            fill=ACCENT,
            anchor=f"{anchor}s",
            **shaping,
        )
        _draw_progress(draw, page.progress, rtl)

    buffer = io.BytesIO()
    image.save(buffer, "PNG", optimize=True)
    return buffer.getvalue()


def _draw_progress(draw, progress, rtl):
    left, right, top = MARGIN, SIZE[0] - MARGIN, SIZE[1] - 162
    draw.rounded_rectangle((left, top, right, top + 18), 9, fill=TRACK)
    done = max(18, round((right - left) * min(1, progress.count / progress.goal)))
    start = right - done if rtl else left
    draw.rounded_rectangle((start, top, start + done, top + 18), 9, fill=ACCENT)


def _fit(draw, title, width):
    """The lines of the title and the largest font that fits. Cut if even the smallest doesn't."""
    for size in TITLE_SIZES:
        font = _title_font(size)
        lines = _wrap(draw, title, font, width)
        most = TITLE_HEIGHT // round(size * 1.2)
        if len(lines) <= most and all(draw.textlength(line, font) <= width for line in lines):
            return lines, font
    lines = lines[:most]
    while draw.textlength(f"{lines[-1]}…", font) > width:
        lines[-1] = lines[-1][:-1]
    return [*lines[:-1], f"{lines[-1]}…"], font


def _wrap(draw, text, font, width):
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and draw.textlength(longer, font) > width:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines
