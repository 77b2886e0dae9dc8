"""The application round the window: font, style, palette, language; and a picture of a window."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Final

from PySide6.QtCore import QCoreApplication, QEvent, QLocale, QTranslator
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QApplication, QWidget

import resources
from resources.languages import SOURCE_LANGUAGE
from widgets.languages import LOCALES
from widgets.look import font
from widgets.style import qt_palette, style_sheet
from widgets.theme import PALETTES, Palette

WEIGHTS: Final = ("Regular", "Medium", "SemiBold")
MENU_PX: Final = 14  # of a letter
TRANSLATOR: Final = "vaktbord-translator"


class ResourceError(RuntimeError):
    """A file that is part of the program is missing or broken; the message says which."""


def make_application(argv: Sequence[str], palette_name: str, language: str) -> QApplication:
    """The one QApplication, set up (a test may have made it). Raises :class:`ResourceError`."""
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        app = QApplication(list(argv))
    app.setApplicationName("vaktbord")
    app.setApplicationDisplayName("Vaktbord")
    app.setStyle("Fusion")
    load_fonts()
    use_palette(app, PALETTES[palette_name])
    use_language(app, language)
    return app


def load_fonts() -> None:
    """The bundled ones, so that pictures are the same everywhere."""
    for weight in WEIGHTS:
        file = resources.path(f"fonts/Inter-{weight}.otf")
        if QFontDatabase.addApplicationFont(str(file)) < 0:
            raise ResourceError(f"the font {file} can't be read; install Vaktbord again")


def use_palette(app: QApplication, palette: Palette, scale: float = 1.0) -> None:
    """And how large menus and tooltips are, which Qt draws."""
    app.setFont(font(round(MENU_PX * scale)))
    app.setPalette(qt_palette(palette))
    app.setStyleSheet(style_sheet(palette, scale))


def use_language(app: QApplication, language: str) -> None:
    """Every window is told by Qt's LanguageChange. Each translation is read once and stays: in a
    window that changed its language some hundred times the end of one crashed in PySide."""
    QLocale.setDefault(LOCALES[language])
    known = {one.objectName(): one for one in app.findChildren(QTranslator)}
    for name, one in known.items():
        if name.startswith(TRANSLATOR):
            app.removeTranslator(one)
    if language == SOURCE_LANGUAGE:
        QCoreApplication.postEvent(app, QEvent(QEvent.Type.LanguageChange))
        return
    name = f"{TRANSLATOR}-{language}"
    app.installTranslator(known.get(name) or _translation(app, name, language))


def _translation(app: QApplication, name: str, language: str) -> QTranslator:
    """Raises ResourceError."""
    translator = QTranslator(app)
    translator.setObjectName(name)
    file = resources.path(f"translations/vaktbord_{language}.qm")
    if not _has_read(translator, file):
        translator.setParent(None)
        raise ResourceError(f"the translation {file} can't be read; install Vaktbord again")
    return translator


def _has_read(translator: QTranslator, file: Path) -> bool:
    """Into memory: Qt would map the file, and a desk whose files are copied over by an update would
    die of the next word that it looks up."""
    try:
        data = _read_once(file)
    except OSError:
        return False
    return translator.load(data)


@cache
def _read_once(file: Path) -> bytes:
    """Qt copies nothing: it is kept for as long as the program runs."""
    return file.read_bytes()


def grab(window: QWidget, path: Path) -> None:
    """Save what the window shows. Raises OSError when the file can't be written."""
    if not window.grab().save(str(path)):
        raise OSError(f"{path} could not be written; is it a .png in a folder that exists?")
