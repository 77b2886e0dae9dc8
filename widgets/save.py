"""Where a call or a list is written to: names that any system takes, never over another file."""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from PySide6.QtCore import QCoreApplication, QStandardPaths, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from widgets.contracts.rows import CallRow, SoundForm

MAX_PART_BYTES: Final = 60  # of group and speaker in a name; a name has 255 on all systems
MAX_NUMBER: Final = 99  # tried for a name that is taken
ENDS: Final[dict[SoundForm, str]] = {"wav": ".wav", "ogg": ".ogg"}
FORMS: Final[dict[str, SoundForm]] = {".wav": "wav", ".ogg": "ogg", ".opus": "ogg"}


def safe(words: str) -> str:
    """Letters and figures of any script; all else, also what a system forbids, becomes ``-``."""
    kept = "".join(c if c.isalnum() else "-" for c in words)
    short = kept.encode()[:MAX_PART_BYTES].decode(errors="ignore")
    return "-".join(part for part in short.split("-") if part)


def file_name(call: CallRow) -> str:
    """``2026-11-24_21-59-07_AMK-VESTF-1_AMB-3-1``: when, where, who."""
    when = time.strftime("%Y-%m-%d_%H-%M-%S", time.localtime(call.time_s))
    return "_".join(part for part in (when, safe(call.group), safe(call.who)) if part)


def free(folder: Path, stem: str, end: str) -> str:
    """A name that is not taken in this folder, with a number if need be."""
    names = [stem, *(f"{stem}-{n}" for n in range(2, MAX_NUMBER + 1))]
    return next((f"{name}{end}" for name in names if not (folder / f"{name}{end}").exists()), "")


class NewFileDialog(QFileDialog):
    """Not modal: an alarm closes it. ``decided`` carries the path and its end (``.wav``)."""

    decided = Signal(str, str)

    def __init__(
        self, stem: str, filters: Mapping[str, str], folder: Path | None, parent: QWidget
    ) -> None:
        """``filters``: what a form is called (``WAV (*.wav)``), and its end."""
        super().__init__(parent)
        self._stem = stem
        self._filters = dict(filters)
        self.setOption(QFileDialog.Option.DontUseNativeDialog)
        self.setOption(QFileDialog.Option.DontConfirmOverwrite)  # it is never done
        self.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        self.setFileMode(QFileDialog.FileMode.AnyFile)
        self.setViewMode(QFileDialog.ViewMode.List)
        self.setModal(False)
        self.setNameFilters(list(self._filters))
        self.setDirectory(str(folder or documents()))
        self.selectFile(free(self.folder, self._stem, self.end))
        self._label()
        self.filterSelected.connect(self._form_chosen)

    def title(self) -> str:
        raise NotImplementedError

    @property
    def end(self) -> str:
        """Of the form that is chosen."""
        first = next(iter(self._filters.values()))
        return self._filters.get(self.selectedNameFilter(), first)

    def end_of(self, path: Path) -> str:
        """The form that a typed name asks for, "" = none of ours."""
        typed = path.suffix.lower()
        return typed if typed in self._filters.values() else ""

    @property
    def folder(self) -> Path:
        return Path(self.directory().absolutePath())

    def _label(self) -> None:
        self.setWindowTitle(self.title())
        labels = QFileDialog.DialogLabel
        translate = QCoreApplication.translate
        for label, words in (
            (labels.LookIn, translate("SaveDialog", "Folder:")),
            (labels.FileName, translate("SaveDialog", "Name:")),
            (labels.FileType, translate("SaveDialog", "Form:")),
            (labels.Accept, translate("SaveDialog", "Save")),
            (labels.Reject, translate("SaveDialog", "Cancel")),
        ):
            self.setLabelText(label, words)

    def _form_chosen(self) -> None:
        """Another form, another end of the name that stands there."""
        named = self.selectedFiles()
        path = Path(named[0]) if named else self.folder
        if path.suffix.lower() in FORMS:
            self.selectFile(path.with_suffix(self.end).name)

    def accept(self) -> None:
        """What is there already stays: the dialog says so and waits for another name."""
        named = self.selectedFiles()
        if not named or Path(named[0]).is_dir():
            super().accept()
            return
        path = Path(named[0])
        end = self.end_of(path)
        if not end:
            end = self.end
            path = path.with_name(path.name + end)
        if path.exists():
            words = QCoreApplication.translate("SaveDialog", "There already. Another name:")
            self.setWindowTitle(f"{path.name}: {words}")
            self.setLabelText(QFileDialog.DialogLabel.FileName, words)
            return
        self.decided.emit(str(path), FORMS.get(end, end))
        self.done(QFileDialog.DialogCode.Accepted)


class SaveDialog(NewFileDialog):
    """For a call. ``decided`` carries the form instead of the end."""

    def __init__(self, call: CallRow, folder: Path | None, parent: QWidget) -> None:
        filters = {"WAV (*.wav)": ENDS["wav"]}
        if call.is_opus:
            filters["Ogg Opus (*.ogg)"] = ENDS["ogg"]
        super().__init__(file_name(call), filters, folder, parent)

    def title(self) -> str:
        return self.tr("Save the call as a file")

    @property
    def form(self) -> SoundForm:
        return FORMS[self.end]

    def end_of(self, path: Path) -> str:
        form = FORMS.get(path.suffix.lower())
        is_ours = form is not None and ENDS[form] in self._filters.values()
        return path.suffix.lower() if is_ours else ""


class ListDialog(NewFileDialog):
    """For what was found in the log: CSV."""

    def __init__(self, now_s: float, folder: Path | None, parent: QWidget) -> None:
        stem = time.strftime("%Y-%m-%d_%H-%M-%S", time.localtime(now_s))
        name = QCoreApplication.translate("ListDialog", "log")
        super().__init__(f"{name}_{stem}", {"CSV (*.csv)": ".csv"}, folder, parent)

    def title(self) -> str:
        return self.tr("Save the list: time, kind, who, group and text of all that was found")


def documents() -> Path:
    return Path(
        QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        or Path.home()
    )
