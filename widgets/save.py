"""Where a kept call is written to: names that any system takes, and never over another file."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Final

from PySide6.QtCore import QStandardPaths, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from widgets.contracts import CallRow, SoundForm

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


class SaveDialog(QFileDialog):
    """Not modal: an alarm closes it. ``decided`` carries the path and the form."""

    decided = Signal(str, str)

    def __init__(self, call: CallRow, folder: Path | None, parent: QWidget) -> None:
        super().__init__(parent)
        self._call = call
        self.setOption(QFileDialog.Option.DontUseNativeDialog)
        self.setOption(QFileDialog.Option.DontConfirmOverwrite)  # it is never done
        self.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        self.setFileMode(QFileDialog.FileMode.AnyFile)
        self.setViewMode(QFileDialog.ViewMode.List)
        self.setModal(False)
        self._filters: dict[str, SoundForm] = {"WAV (*.wav)": "wav"}
        if call.is_opus:
            self._filters["Ogg Opus (*.ogg)"] = "ogg"
        self.setNameFilters(list(self._filters))
        self.setDirectory(str(folder or documents()))
        self._name_it()
        self._label()
        self.filterSelected.connect(self._form_chosen)

    @property
    def form(self) -> SoundForm:
        return self._filters.get(self.selectedNameFilter(), "wav")

    @property
    def folder(self) -> Path:
        return Path(self.directory().absolutePath())

    def _name_it(self) -> None:
        self.selectFile(free(self.folder, file_name(self._call), ENDS[self.form]))

    def _label(self) -> None:
        self.setWindowTitle(self.tr("Save the call as a file"))
        labels = QFileDialog.DialogLabel
        for label, words in (
            (labels.LookIn, self.tr("Folder:")),
            (labels.FileName, self.tr("Name:")),
            (labels.FileType, self.tr("Form:")),
            (labels.Accept, self.tr("Save")),
            (labels.Reject, self.tr("Cancel")),
        ):
            self.setLabelText(label, words)

    def _form_chosen(self) -> None:
        """Another form, another end of the name that stands there."""
        named = self.selectedFiles()
        path = Path(named[0]) if named else self.folder
        if path.suffix.lower() in FORMS:
            self.selectFile(path.with_suffix(ENDS[self.form]).name)

    def accept(self) -> None:
        """What is there already stays: the dialog says so and waits for another name."""
        named = self.selectedFiles()
        if not named or Path(named[0]).is_dir():
            super().accept()
            return
        path = Path(named[0])
        form = FORMS.get(path.suffix.lower())
        if form is None or (form == "ogg" and not self._call.is_opus):
            form = self.form
            path = path.with_name(path.name + ENDS[form])
        if path.exists():
            words = self.tr("There already. Another name:")
            self.setWindowTitle(f"{path.name}: {words}")
            self.setLabelText(QFileDialog.DialogLabel.FileName, words)
            return
        self.decided.emit(str(path), form)
        self.done(QFileDialog.DialogCode.Accepted)


def documents() -> Path:
    return Path(
        QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        or Path.home()
    )
