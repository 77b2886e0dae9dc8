"""What the window says where nothing stands: that there is nothing, or that nobody knows. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from widgets import times
from widgets.contracts.rows import DeskStatus


@dataclass(frozen=True, slots=True)
class Doubt:
    """Why what the site tells is not known as of now, in a sentence, and, in short, as of when it
    was. Both empty: all of it is known."""

    why: str = ""
    as_of: str = ""

    def __bool__(self) -> bool:
        return bool(self.why)


def doubt(status: DeskStatus, now_s: float) -> Doubt:
    """An empty list is the site's word only while all of its log has been read and it answers."""
    translate = QCoreApplication.translate
    if status.site_read:
        return Doubt()
    lost = "" if status.site_lost_s is None else times.moment(status.site_lost_s, now_s)
    as_of = translate("knowledge", "as of {0}").format(lost) if lost else ""
    if status.site_link == "up":
        reading = translate("knowledge", "being read")
        return Doubt(translate("knowledge", "The site's log is being read."), as_of or reading)
    if lost:
        why = translate("knowledge", "No contact with the site since {0}.").format(lost)
        return Doubt(why, as_of)
    return Doubt(translate("knowledge", "No contact with the site yet."))


def news_doubt(status: DeskStatus, now_s: float) -> Doubt:
    """Of what comes by the log alone: what was said before is known, what is said now may not
    come. (Where units are is told live as well.)"""
    general, translate = doubt(status, now_s), QCoreApplication.translate
    if general or status.site_disk not in ("full", "failed"):
        return general
    return Doubt(
        translate("knowledge", "The site can't take anything new."),
        translate("knowledge", "nothing new comes"),
    )


def alarm_doubt(status: DeskStatus, now_s: float) -> Doubt:
    """What was lost on the site's disk may have been an alarm that is open."""
    general = news_doubt(status, now_s)
    if not general and status.log_torn_alarms:
        translate = QCoreApplication.translate
        return Doubt(translate("knowledge", "The site's log of alarms is damaged."))
    if general or not status.log_lost_alarms or status.log_lost_s is None:
        return general
    found = times.moment(status.log_lost_s, now_s)
    words = QCoreApplication.translate("knowledge", "Part of the site's log was lost ({0}).")
    return Doubt(words.format(found))
