"""Times as they are written on the desk: local clock, ages, durations."""

from __future__ import annotations

import time
from typing import Final

from PySide6.QtCore import QCoreApplication, QDate, QLocale

DAY_S: Final = 86_400.0


def clock(unix_s: float) -> str:
    """``21:58:40``"""
    return time.strftime("%H:%M:%S", time.localtime(unix_s))


def clock_short(unix_s: float) -> str:
    """``21:58``"""
    return time.strftime("%H:%M", time.localtime(unix_s))


def when(unix_s: float, now_s: float) -> str:
    """The time of day; before today with its date."""
    then, now = time.localtime(unix_s), time.localtime(now_s)
    form = "%H:%M:%S" if then[:3] == now[:3] else "%d.%m. %H:%M:%S"
    return time.strftime(form, then)


def date(unix_s: float, locale: QLocale) -> str:
    """``tirsdag 24. nov.`` by the language's own form."""
    local = time.localtime(unix_s)
    day = QDate(local.tm_year, local.tm_mon, local.tm_mday)
    form = "dddd d. MMM" if locale.language() == QLocale.Language.NorwegianBokmal else "dddd d MMM"
    return locale.toString(day, form)


def day(unix_s: float) -> str:
    """``24.11.2026``"""
    return time.strftime("%d.%m.%Y", time.localtime(unix_s))


def duration(seconds: float) -> str:
    """``0:07``, ``12:40``, ``1:02:03``."""
    whole = max(0, int(seconds))
    hours, rest = divmod(whole, 3_600)
    minutes, left = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{left:02}" if hours else f"{minutes}:{left:02}"


def age(seconds: float) -> str:
    """``0:42`` below two minutes, then ``6 min``, ``3 h``, ``2 d``."""
    if seconds < 120:
        return duration(seconds)
    if seconds < 2 * 3_600:
        return QCoreApplication.translate("times", "{0} min").format(int(seconds // 60))
    if seconds < 2 * DAY_S:
        return QCoreApplication.translate("times", "{0} h").format(int(seconds // 3_600))
    return QCoreApplication.translate("times", "{0} d").format(int(seconds // DAY_S))


def last_heard(unix_s: float, now_s: float) -> str:
    """The time of day, with seconds for the last hour; the age when it is older than a day."""
    if now_s - unix_s > DAY_S:
        return age(now_s - unix_s)
    return clock(unix_s) if now_s - unix_s < 3_600 else clock_short(unix_s)
