"""Translations: gather the strings, compile them, and say what is missing.

    python tools/translate.py update    # new strings into resources/translations/*.ts
    python tools/translate.py release   # *.ts into *.qm, which the program loads
    python tools/translate.py check     # exit code 1 if a string lacks its Bokmål or its Nynorsk

Source strings are English in the code; Norwegian lives in vaktbord_nb.ts and vaktbord_nn.ts and is
edited there (or in Qt Linguist). Qt ships no Norwegian of its own, so the texts of its buttons and
menus (OK, Cancel, Copy, …) stand in qt_texts_nb.ts and qt_texts_nn.ts beside them, written by hand,
and are compiled into the same .qm. Needs the tools that come with PySide6.
"""

from __future__ import annotations

import ast
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from xml.etree import ElementTree

ROOT: Final = Path(__file__).resolve().parent.parent
FOLDER: Final = ROOT / "resources" / "translations"
SCANNED: Final = ("widgets", "console/models", "console/desk")
TRANSLATED: Final = ("nb", "nn")  # as in resources/languages.py; English stands in the code


def tool(name: str) -> str:
    return str(Path(sysconfig.get_path("scripts")) / name)


def sources() -> list[str]:
    """Every Python file whose strings a person may see."""
    found: list[Path] = []
    for name in SCANNED:
        path = ROOT / name
        found += sorted(path.rglob("*.py")) if path.is_dir() else [path] if path.exists() else []
    return [str(path.relative_to(ROOT)) for path in found]


def ts(language: str) -> Path:
    return FOLDER / f"vaktbord_{language}.ts"


def qt_texts(language: str) -> Path:
    return FOLDER / f"qt_texts_{language}.ts"


def update() -> int:
    for language in TRANSLATED:
        names = ["-no-obsolete", "-locations", "none", "-source-language", "en"]
        target = ["-target-language", language, "-ts", str(ts(language))]
        subprocess.run([tool("pyside6-lupdate"), *names, *sources(), *target], cwd=ROOT, check=True)
    return check()


def release() -> int:
    for language in TRANSLATED:
        together = [str(ts(language)), str(qt_texts(language))]
        made = ["-qm", str(ts(language).with_suffix(".qm"))]
        subprocess.run([tool("pyside6-lrelease"), "-silent", *together, *made], check=True)
    return check()


def missing(path: Path) -> Iterator[str]:
    """Strings without a finished translation."""
    for context in ElementTree.parse(path).getroot().iter("context"):
        for message in context.iter("message"):
            translation = message.find("translation")
            done = translation is not None and translation.get("type") is None and translation.text
            if not done:
                yield f"{context.findtext('name')}: {message.findtext('source')}"


def hidden() -> Iterator[str]:
    """Strings that lupdate does not see: it reads no f-string."""
    for name in sources():
        for outer in ast.walk(ast.parse((ROOT / name).read_text("utf-8"))):
            for node in ast.walk(outer) if isinstance(outer, ast.JoinedStr) else ():
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute | ast.Name):
                    called = node.func
                    word = called.attr if isinstance(called, ast.Attribute) else called.id
                    if word in ("tr", "translate"):
                        yield f"in an f-string, never translated: {name}:{node.lineno}"


def check() -> int:
    lacking = [*hidden()]
    lacking += [
        f"not translated, {language}: {line}"
        for language in TRANSLATED
        for path in (ts(language), qt_texts(language))
        for line in missing(path)
    ]
    for line in lacking:
        print(line)
    return 1 if lacking else 0


def main(arguments: list[str]) -> int:
    steps = {"update": update, "release": release, "check": check}
    if len(arguments) != 1 or arguments[0] not in steps:
        print(__doc__, file=sys.stderr)
        return 2
    return steps[arguments[0]]()


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
