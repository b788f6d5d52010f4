"""Which characters no font can print: said before a PDF is made, not shown as boxes in it."""

import functools
import unicodedata

# What typst's own font covers, whose file can't be read here: Latin, Greek, Cyrillic, signs.
EMBEDDED = (*range(0x20, 0x250), *range(0x370, 0x400), *range(0x400, 0x460), *range(0x2010, 0x2060))
# No ink: joiners, marks of direction, variation selectors, spaces.
INVISIBLE = {"Cf", "Cc", "Zs", "Zl", "Zp"}


def unprintable(characters, font_paths):
    """Those of ``characters`` (a set) that no font covers, as a set. ``font_paths``: folders."""
    wanted = {
        ord(char)
        for char in characters
        if unicodedata.category(char) not in INVISIBLE and not 0xFE00 <= ord(char) <= 0xFE0F
    }
    wanted -= set(EMBEDDED)
    for path, index in _fonts(tuple(map(str, font_paths))):
        if not wanted:
            break
        wanted -= _covered(path, index)
    return set(map(chr, wanted))


def _fonts(font_paths):
    """(path, index) of each font file that typst would use, the likely ones first."""
    import typst

    fonts = typst.Fonts(font_paths=list(font_paths)).fonts()
    files = {(font.path, font.index) for font in fonts if font.path}
    return sorted(files, key=lambda file: ("CJK" in file[0], len(file[0]), file))


@functools.lru_cache(maxsize=512)
def _covered(path, index):
    from fontTools.ttLib import TTFont

    with TTFont(path, fontNumber=index, lazy=True) as font:
        return frozenset(font.getBestCmap() or ())
