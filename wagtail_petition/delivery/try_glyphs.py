"""Script that finds out what the typesetter can't print.

``python try_glyphs.py ORDER``: ORDER is a JSON file with template, texts, font_paths, system_fonts
and answer. It writes the list of refused texts as JSON to the path ``answer``. It doesn't import
Django.
"""

import json
import sys
from pathlib import Path


def main(order_path):
    import typst  # Needs the extra "pdf".

    order = json.loads(Path(order_path).read_text(encoding="utf-8"))
    root = Path(order_path).parent
    compiler = typst.Compiler(
        order["template"],
        root=str(root),
        font_paths=order["font_paths"],
        ignore_system_fonts=not order["system_fonts"],
    )
    tries = iter(range(10**9))

    def prints(texts):
        # A new name each time, because the compiler caches files.
        data = root / f"{next(tries)}.json"
        data.write_text(json.dumps(texts), encoding="utf-8")
        try:
            compiler.compile(
                output=str(root / "tried.pdf"),
                sys_inputs={"texts": data.name},
                pdf_standards=["ua-1"],
            )
        except typst.TypstError as error:
            if "the text" not in str(error):
                raise
            return False
        finally:
            data.unlink()
        return True

    def refused(texts):
        if prints(texts):
            return []
        if len(texts) == 1:
            return texts
        half = len(texts) // 2
        return refused(texts[:half]) + refused(texts[half:])

    Path(order["answer"]).write_text(json.dumps(refused(order["texts"])), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
