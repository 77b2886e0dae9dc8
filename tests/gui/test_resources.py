"""What the program carries: translations complete, icons and letters there."""

from __future__ import annotations

import gc
import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest
from PySide6.QtCore import QCoreApplication, QLocale, QPointF, QRect, QSize, QTranslator
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPixmap, QRawFont
from PySide6.QtWidgets import QApplication, QDialogButtonBox, QWidget
from pytestqt.qtbot import QtBot

import resources
from console.models.statuses import status_name
from resources.languages import LANGUAGES, TRANSLATED
from resources.radio_rules import rule_cards
from resources.statuses import statuses
from tests.gui import fakes
from tests.gui.conftest import Open
from tools import translate
from widgets import times
from widgets.app import WEIGHTS, use_language
from widgets.languages import LOCALES, NAMES, shown
from widgets.look import font

ROOT = Path(__file__).resolve().parents[2]
LETTERS = "æøåÆØÅčđŋšŧžČĐŊŠŦŽäöü–·«»…←↑→↓−0123456789"
NORWEGIAN = pytest.mark.parametrize("language", TRANSLATED)


def test_every_string_has_its_bokmal_and_its_nynorsk() -> None:
    assert translate.TRANSLATED == TRANSLATED
    assert translate.check() == 0, "see what is printed"


def test_a_text_without_nynorsk_fails_the_check(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for path in translate.FOLDER.glob("*.ts"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    monkeypatch.setattr(translate, "FOLDER", tmp_path)
    text = translate.ts("nn").read_text("utf-8")
    lacking = text.replace("<translation>Ta over<", '<translation type="unfinished"><', 1)
    translate.ts("nn").write_text(lacking, "utf-8")
    assert translate.check() == 1
    assert capsys.readouterr().out == "not translated, nn: AlarmCard: Take over\n"


def test_a_text_that_no_tool_would_see_fails_the_check(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "widgets").mkdir()
    code = tmp_path / "widgets" / "one.py"
    code.write_text("said = self.tr('seen')\nwords = f'{said}, {self.tr(\"hidden\")}'\n", "utf-8")
    monkeypatch.setattr(translate, "ROOT", tmp_path)
    assert list(translate.hidden()) == ["in an f-string, never translated: widgets/one.py:2"]


def test_the_translation_files_know_every_string_of_the_code(tmp_path: Path) -> None:
    fresh = tmp_path / "fresh.ts"
    subprocess.run(
        [
            translate.tool("pyside6-lupdate"),
            "-silent",
            "-locations",
            "none",
            *translate.sources(),
            "-ts",
            str(fresh),
        ],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    for language in TRANSLATED:
        known = set(_strings(translate.ts(language)))
        assert set(_strings(fresh)) - known == set(), "run tools/translate.py update"
    assert set(_strings(translate.qt_texts("nn"))) == set(_strings(translate.qt_texts("nb")))


def _strings(path: Path) -> dict[tuple[str, str], str]:
    """Translation by context and source."""
    contexts = ElementTree.parse(path).getroot().iter("context")
    return {
        (str(c.findtext("name")), str(m.findtext("source"))): str(m.findtext("translation"))
        for c in contexts
        for m in c.iter("message")
    }


@NORWEGIAN
def test_the_compiled_translation_is_up_to_date(desk_app: QApplication, language: str) -> None:
    use_language(desk_app, language)
    for path in (translate.ts(language), translate.qt_texts(language)):
        for (name, source), wanted in _strings(path).items():
            assert QCoreApplication.translate(name, source) == wanted, "run translate.py release"


@NORWEGIAN
def test_placeholders_and_capitals_survive_the_translation(language: str) -> None:
    for (_, source), made in _strings(translate.ts(language)).items():
        marks = [sorted(re.findall(r"\{\d\}", text)) for text in (source, made)]
        assert marks[0] == marks[1], source
        assert source.isupper() == made.isupper() or source == "OK", source
        assert source.endswith(" ") == made.endswith(" "), source


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_of_the_data_files_is_empty(language: str) -> None:
    texts = [(status.key, getattr(status, language)) for status in statuses()]
    for card in rule_cards():
        texts += [(card.when, getattr(card, language))]
        texts += [(card.when, getattr(line, language)) for line in card.lines]
    assert len(texts) > 40
    assert [key for key, text in texts if not text.strip()] == []


def test_nynorsk_is_not_bokmal() -> None:
    """A text copied from the other file and forgotten has one of these words."""
    bokmal = re.compile(
        r"\b(ikke|fra|hva|hvem|hvor\w*|nå|ennå|noen|noe|jeg|en|et|de|dem|mens|siden|sies|høres|sendes|"
        r"lagres|slettes|ble|enhet\w*|navn\w*|melding(en|er)|(tale)?gruppens?|kobl\w+|høyttaler\w*|"
        r"hør|avspilling\w*|alarmer|svarer|snakker|venter|åpen|rød|grønn|øvelse\w*|velg|si)\b",
        re.IGNORECASE,
    )
    texts = [
        *_strings(translate.ts("nn")).values(),
        *(status.nn for status in statuses()),
        *(card.nn for card in rule_cards()),
        *(line.nn for card in rule_cards() for line in card.lines),
    ]
    assert [text for text in texts if bokmal.search(text)] == []


def test_nynorsk_is_hardly_longer_than_bokmal() -> None:
    """Tiles and buttons were made for the other one."""
    bokmal = _strings(translate.ts("nb"))
    for key, text in _strings(translate.ts("nn")).items():
        most = len(bokmal[key]) + max(8, len(bokmal[key]) // 7)
        assert len(text) <= most, (key, text)


def test_each_language_is_named_and_has_its_locale() -> None:
    assert set(LOCALES) == set(NAMES) == set(LANGUAGES)
    assert [shown(LOCALES[name]) for name in LANGUAGES] == list(LANGUAGES)
    assert shown(QLocale(QLocale.Language.Finnish)) == "en"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_status_is_named_in_the_language_of_the_screen(
    desk_app: QApplication, language: str
) -> None:
    use_language(desk_app, language)
    names = {"nb": "Sykebesøk", "nn": "Sjukebesøk", "en": "Home visit"}
    assert status_name("home-visit") == names[language]
    assert status_name("not-in-the-list") == "not-in-the-list"


@NORWEGIAN
def test_qts_own_buttons_are_norwegian(desk_app: QApplication, qtbot: QtBot, language: str) -> None:
    use_language(desk_app, language)
    kinds = QDialogButtonBox.StandardButton
    box = QDialogButtonBox(kinds.Ok | kinds.Cancel | kinds.Open)
    qtbot.addWidget(box)
    words = {button.text().replace("&", "") for button in box.buttons()}
    assert words == {"OK", "Avbryt", "Åpne" if language == "nb" else "Opne"}


def test_every_icon_that_is_named_is_there_and_every_one_there_is_named() -> None:
    there = {path.stem for path in resources.path("icons").glob("*.svg")}
    code = "\n".join(path.read_text() for path in (ROOT / "widgets").rglob("*.py"))
    assert {name for name in there if f'"{name}"' not in code} == set()
    named = set(re.findall(r'(?:icon_name=|paint\.icon\([^"\n]*?)"([a-z0-9-]+)"', code))
    named |= set(re.findall(r'EmptyNote\(look, "([a-z0-9-]+)"', code))
    assert named <= there
    assert resources.path("icons/LICENSE").read_text().startswith("MIT License")


@pytest.mark.parametrize("weight", WEIGHTS)
def test_the_font_has_the_letters_of_norwegian_and_sami(weight: str, qapp: QApplication) -> None:
    raw = QRawFont(str(resources.path(f"fonts/Inter-{weight}.otf")), 16.0)
    assert raw.isValid()
    assert [letter for letter in LETTERS if not raw.supportsCharacter(ord(letter))] == []
    assert "SIL OPEN FONT LICENSE" in resources.path("fonts/OFL.txt").read_text()


def test_figures_are_of_one_width(desk_app: QApplication) -> None:
    for made in (font(14), font(15, bold=True), font(14, medium=True)):
        figures = QFontMetrics(made)
        assert len({figures.horizontalAdvance(digit * 8) for digit in "0123456789"}) == 1


def test_times_are_written_as_they_are_said(desk_app: QApplication) -> None:
    assert times.clock(fakes.NOW_S) == "22:00:07"
    assert times.date(fakes.NOW_S, LOCALES["nb"]) == "tirsdag 24. nov."
    assert times.date(fakes.NOW_S, LOCALES["nn"]) == "tysdag 24. nov."
    assert times.date(fakes.NOW_S, LOCALES["en"]) == "Tuesday 24 Nov"
    ages = (42, 119, 120, 3_599, 7_200, 90_000, 200_000)
    assert [times.age(s) for s in ages] == [
        "0:42",
        "1:59",
        "2 min",
        "59 min",
        "2 t",
        "25 t",
        "2 d",
    ]
    assert [times.duration(s) for s in (-1, 7, 760, 3_723)] == ["0:00", "0:07", "12:40", "1:02:03"]
    assert QLocale().language() == QLocale.Language.NorwegianBokmal


def test_qt_loses_no_reference_to_none(open_desk: Open) -> None:
    """PySide6 6.12.0 on Python 3.11 dropped one on nearly every call, until the process died."""
    window, _ = open_desk()
    pixmap = QPixmap(64, 64)
    widget = QWidget(window)

    def use_qt() -> None:
        painter = QPainter(pixmap)
        painter.setPen(QColor("#ffffff"))
        painter.setFont(QFont("Inter"))
        painter.drawText(QRect(0, 0, 64, 64), 0, "æ")
        painter.drawLine(QPointF(0, 0), QPointF(9, 9))
        painter.end()
        widget.resize(QSize(40, 40))
        widget.setToolTip("x")
        widget.update()
        window.pump.read()

    use_qt()
    gc.collect()
    before = sys.getrefcount(None)
    for _ in range(500):
        use_qt()
    gc.collect()
    assert abs(sys.getrefcount(None) - before) < 400


def test_importing_the_window_loads_neither_numpy_nor_pyqtgraph() -> None:
    """They take half a second, and belong after the first paint."""
    code = "import sys, widgets.window, widgets.app; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True, text=True
    )
    loaded = set(done.stdout.split())
    assert not loaded & {"numpy", "pyqtgraph", "console", "audio"}


def test_each_translation_is_read_once_however_often_the_language_changes(
    desk_app: QApplication,
) -> None:
    for _ in range(5):
        for language in ("en", "nn", "nb"):
            use_language(desk_app, language)
    names = [one.objectName() for one in desk_app.findChildren(QTranslator)]
    ours = [name for name in names if name.startswith("vaktbord")]
    assert sorted(ours) == sorted(set(ours))
    assert len(ours) == 2


@NORWEGIAN
def test_one_plain_word_for_each_thing(language: str) -> None:
    """Nobody at a desk says duplex or patch, and a false press has one name."""
    unwanted = re.compile(
        r"dupleks|sammenkobling|samankopling|uhell|feiltrykk|\bskift\b", re.IGNORECASE
    )
    said = _strings(translate.ts(language)).values()
    assert [words for words in said if unwanted.search(words)] == []


OVERWRITTEN = """
import os, shutil, sys
from pathlib import Path
os.environ["QT_QPA_PLATFORM"] = "offscreen"
import resources
from PySide6.QtCore import QCoreApplication
from widgets.app import make_application
there = Path(sys.argv[1])
shutil.copytree(resources.path("translations"), there / "translations")
own = resources.path
resources.path = lambda name: there / name if name.startswith("translations") else own(name)
app = make_application(["vaktbord"], "night", "nb")
for file in (there / "translations").glob("*.qm"):
    file.write_bytes(b"")
print(QCoreApplication.translate("ReplayBar", "Nothing to replay."))
"""


def test_a_desk_whose_translations_are_copied_over_goes_on(tmp_path: Path) -> None:
    """In a process of its own: a file that is mapped and cut ends whoever reads it."""
    line = [sys.executable, "-c", OVERWRITTEN, str(tmp_path)]
    done = subprocess.run(line, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout.strip()) == (0, "Ingenting å spille av."), done.stderr
