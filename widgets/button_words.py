"""What is said of pedals and other buttons outside the window. Pure but for tr."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from widgets.contracts.rows import ButtonDevice, ButtonPurpose, ButtonRow, Buttons, ButtonStand


def purpose_words(purpose: ButtonPurpose) -> str:
    translate = QCoreApplication.translate
    words: dict[ButtonPurpose, str] = {
        "talk": translate("buttons", "Talk"),
        "call": translate("buttons", "Talk in the call"),
        "replay": translate("buttons", "Hear the last call again"),
    }
    return words[purpose]


def stand_words(stand: ButtonStand) -> str:
    """In a sentence that says what to do, where something is to be done."""
    translate = QCoreApplication.translate
    words: dict[ButtonStand, str] = {
        "unset": translate("buttons", "None chosen"),
        "starting": translate("buttons", "Being looked for …"),
        "ready": translate("buttons", "Ready"),
        "absent": translate("buttons", "Not there: plug it in"),
        "no-permission": translate("buttons", "May not be read: the system needs a rule for it"),
        "taken": translate("buttons", "Another program has taken it: close that"),
        "held": translate("buttons", "Pressed all the time: let it go, or look what lies on it"),
        "chattering": translate("buttons", "Its contact bounces: have it replaced soon"),
    }
    return words[stand]


def row_words(row: ButtonRow) -> str:
    """How it stands, which is never cut, and which button it is."""
    if row.stand == "unset":
        return stand_words("unset")
    return " · ".join(filter(None, (stand_words(row.stand), row.label)))


def device_words(device: ButtonDevice) -> str:
    return f"{device.name} · {stand_words(device.stand)}"


def learning_words(buttons: Buttons) -> str:
    """ "" while nothing is learned."""
    translate = QCoreApplication.translate
    if buttons.learning is None:
        return ""
    words = {
        "": translate("buttons", "Press the pedal or button now, and let it go. Nothing is sent."),
        "typed": translate(
            "buttons",
            "People type with that key. Choose F13–F24, Pause, or a pedal's own button.",
        ),
        "system": translate("buttons", "That is the machine's own button. Press another one."),
        "in-use": translate("buttons", "That button has another task already. Press another one."),
    }
    return words[buttons.note]
