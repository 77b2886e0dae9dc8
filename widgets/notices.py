"""What a desk has to say of what is out of reach, and what that means for the person here. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

from PySide6.QtCore import QCoreApplication, QLocale

from widgets import times
from widgets.button_words import stand_words
from widgets.contracts.rows import DeskStatus, OtherDesk, TalkgroupRow

MAX_DETAILS: Final = 8
MAX_BARS: Final = 3
"""At once; the last one then tells of the others, and shows them when it is asked."""
Offer = Literal["", "start-site", "enrol", "more", "fewer"]


@dataclass(frozen=True, slots=True)
class Notice:
    """``detail`` is for whoever mends it: it stands in the tooltip, in the program's own words.
    ``is_grave``: nobody is heard here, or alarms don't come."""

    icon: str
    what: str
    meaning: str
    detail: str = ""
    offer: Offer = ""
    is_grave: bool = False


@dataclass(frozen=True, slots=True)
class Hearing:
    """Of the talkgroups that are to be heard, how many are now. ``wanted`` 0: nothing to be said
    of them here, none is on, or there is no sound at all, which is another notice's."""

    heard: int = 0
    wanted: int = 0


NO_WORD: Final = Hearing()


def hearing(status: DeskStatus, rows: Iterable[TalkgroupRow]) -> Hearing:
    """As the tiles show it."""
    is_silent = status.engine_link == "down" or status.muted_until_s is not None
    if is_silent or (status.device_lost and not _has_second(status)):
        return Hearing()
    wanted = [row for row in rows if row.attention != "off" and not row.muted]
    heard = sum(row.presence in ("present", "silent") for row in wanted)
    return Hearing(heard, len(wanted))


def notices(status: DeskStatus, now: Hearing = NO_WORD) -> tuple[Notice, ...]:
    """The ones that hold now, worst first."""
    return (
        *_refused(status), *_site_full(status), *_sound(status), *_link(status, now),
        *_outbox(status), *_log_torn(status), *_log_lost(status),
        *_microphone(status), *_pedal(status), *_second_device(status), *_person(status),
        *_desks(status), *_site_low(status), *_site_one(status), *_listed(status), *_recall(status),
    )  # fmt: skip


def _sound(status: DeskStatus) -> tuple[Notice, ...]:
    translate = QCoreApplication.translate
    if status.engine_link == "down":
        return (
            Notice(
                "unlink",
                translate("notices", "The sound engine has stopped."),
                translate("notices", "It is being started again; nothing is heard until then."),
                status.engine_note,
                is_grave=True,
            ),
        )
    return _first_device(status)


def _first_device(status: DeskStatus) -> tuple[Notice, ...]:
    translate = QCoreApplication.translate
    if (status.device_lost or status.device_note) and _has_second(status):
        return (
            Notice(
                "device-speaker-off",
                translate("notices", "The sound device is gone."),
                translate("notices", "Everything is heard from {0}.").format(status.second_device),
                status.device_note,
            ),
        )
    if status.device_lost:
        return (
            Notice(
                "device-speaker-off",
                translate("notices", "The sound device is gone."),
                translate("notices", "Plug it in again, or choose another one in the menu."),
                status.device_note,
                is_grave=True,
            ),
        )
    if status.device_note:
        return (
            Notice(
                "headphones",
                translate("notices", "Sound goes to {0}, not where it should.").format(
                    status.device
                ),
                translate("notices", "It goes back by itself when the chosen device is there."),
                status.device_note,
            ),
        )
    return ()


def _has_second(status: DeskStatus) -> bool:
    return bool(status.second_chosen and status.second_device and not status.second_note)


def _second_device(status: DeskStatus) -> tuple[Notice, ...]:
    translate = QCoreApplication.translate
    if not (status.second_chosen and status.second_note) or status.engine_link == "down":
        return ()
    return (
        Notice(
            "device-speaker-off",
            translate("notices", "The loudspeaker does not play."),
            translate("notices", "Its groups are heard with the others."),
            status.second_note,
        ),
    )


def _microphone(status: DeskStatus) -> tuple[Notice, ...]:
    """Only who relies on one misses it; and it is told once what is wrong with the engine."""
    translate, known = QCoreApplication.translate, status.microphone
    is_missed = known.relied_on and known.chosen != "null" and known.state in ("none", "lost")
    if not (is_missed and known.note) or status.engine_link == "down":
        return ()
    what = translate("notices", "The microphone is not there.")
    advice = translate("notices", "Plug it in again, or choose another one in the menu.")
    if known.state == "none" and known.chosen == "default":  # the system has none at all
        what = translate("notices", "There is no microphone.")
        advice = translate("notices", "Plug one in, or choose one in the menu.")
    elif known.state == "none":  # this one has never been there
        advice = translate("notices", "Plug it in, or choose another one in the menu.")
    return (Notice("microphone-off", what, advice, known.note),)


def _pedal(status: DeskStatus) -> tuple[Notice, ...]:
    """One that is chosen and can't be relied on: the space bar talks all the same."""
    translate, row = QCoreApplication.translate, status.buttons.row("talk")
    if row.stand in ("unset", "starting", "ready"):
        return ()
    if row.stand == "chattering":
        what = translate("notices", "The foot pedal's contact bounces.")
        return (Notice("shoe-off", what, translate("notices", "Replace it soon."), row.label),)
    if row.stand == "absent":
        what = translate("notices", "The foot pedal is not there.")
        advice = translate("notices", "Plug it in. Until then talk with the space bar.")
        return (Notice("shoe-off", what, advice, row.label),)
    what = translate("notices", "The foot pedal does not work.")
    meaning = translate("notices", "Talk with the space bar. {0}.").format(stand_words(row.stand))
    return (Notice("shoe-off", what, meaning, f"{row.label}\n{row.rule}".strip()),)


def _person(status: DeskStatus) -> tuple[Notice, ...]:
    """While the PIN is asked for, that question says it."""
    translate = QCoreApplication.translate
    if not status.person_doubt or status.sign_in or status.site_link != "up":
        return ()
    return (
        Notice(
            "user",
            translate("notices", "{0} is not confirmed.").format(status.person),
            translate("notices", "Your answers are marked so until you sign in (F9)."),
        ),
    )


def _recall(status: DeskStatus) -> tuple[Notice, ...]:
    translate = QCoreApplication.translate
    if not status.recall_note:
        return ()
    return (
        Notice(
            "history",
            translate("notices", "What is said can't be kept for recall."),
            translate("notices", "It is heard all the same, but can't be heard again."),
            status.recall_note,
        ),
    )


def _still_heard(now: Hearing) -> str:
    """What is true at this moment: keys may be gone with the site."""
    translate = QCoreApplication.translate
    if not now.wanted:
        return ""
    if not now.heard:
        return translate("notices", "No talkgroup is heard.")
    if now.heard == now.wanted:
        return translate("notices", "Talkgroups are still heard.")
    words = translate("notices", "Only {0} of {1} talkgroups are heard.")
    return words.format(now.heard, now.wanted)


def _sentences(*parts: str) -> str:
    return " ".join(filter(None, parts))


def _refused(status: DeskStatus) -> tuple[Notice, ...]:
    translate = QCoreApplication.translate
    if status.refused_role:
        return (
            Notice(
                "alert-circle",
                translate("notices", "This desk may not say that."),
                translate("notices", "It is enrolled as {0}. An operator's desk has to.").format(
                    _role(status.refused_role)
                ),
            ),
        )
    if not status.refused_answer:
        return ()
    return (
        Notice(
            "alert-circle",
            translate("notices", "Your last answer could not be kept."),
            translate("notices", "Say it by radio or telephone, and give it again."),
        ),
    )


def _site_full(status: DeskStatus) -> tuple[Notice, ...]:
    """Alarms of others wait where they were raised: nobody here sees them."""
    translate = QCoreApplication.translate
    words = {
        "full": translate("notices", "The site's disk is full."),
        "failed": translate("notices", "The site can't write to its disk."),
    }
    if status.site_disk not in words or status.site_link != "up":
        return ()
    mended = _site_mended(status)
    return (
        Notice(
            "alert-circle",
            f"{words[status.site_disk]} {mended}".rstrip(),
            translate("notices", "Alarms and messages don't get through. Use radio and telephone."),
            status.site_disk_note,
            is_grave=True,
        ),
    )


def _site_mended(status: DeskStatus) -> str:
    """What is to be done on the site's machine; "" = it is tried again without anybody."""
    translate = QCoreApplication.translate
    if status.site_disk == "full" and status.site_disk_by_hand:
        return translate("notices", "Make room there, then start nats-server by hand.")
    if status.site_disk_by_hand:
        return translate("notices", "Start nats-server there by hand.")
    if status.site_disk == "full":
        return translate("notices", "Make room there; the rest goes by itself.")
    return ""


def _site_low(status: DeskStatus) -> tuple[Notice, ...]:
    translate = QCoreApplication.translate
    if status.site_disk != "low" or status.site_link != "up":
        return ()
    left = QLocale().formattedDataSize(
        status.site_disk_free, 1, QLocale.DataSizeFormat.DataSizeSIFormat
    )
    return (
        Notice(
            "alert-circle",
            translate("notices", "The site's disk is nearly full: {0} left.").format(left),
            translate("notices", "Tell whoever looks after the site."),
            status.site_disk_note,
        ),
    )


def _site_one(status: DeskStatus) -> tuple[Notice, ...]:
    """Of several: nothing is held up by it, but the next one that fails would be one too many."""
    translate = QCoreApplication.translate
    if status.site_disk != "one-of-several" or status.site_link != "up":
        return ()
    return (
        Notice(
            "alert-circle",
            translate("notices", "One of the site's machines can't write to its disk."),
            translate(
                "notices",
                "The others go on, and all gets through. Tell whoever looks after the site.",
            ),
            status.site_disk_note,
        ),
    )


def _log_torn(status: DeskStatus) -> tuple[Notice, ...]:
    """One of its machines may be the last that has all of the log: nobody is to wait till morning,
    and what comes now is kept all the same."""
    translate = QCoreApplication.translate
    if not status.log_torn_note or status.site_link != "up":
        return ()
    meaning = translate(
        "notices", "Older events may be missing. Call whoever looks after the site, at night too."
    )
    if status.log_torn_alarms:
        meaning = translate(
            "notices",
            "Older alarms may be missing. Call whoever looks after the site, at night too.",
        )
    return (
        Notice(
            "alert-circle",
            translate("notices", "The site can't mend its log by itself."),
            meaning,
            status.log_torn_note,
        ),
    )


def _log_lost(status: DeskStatus) -> tuple[Notice, ...]:
    """Which desk was on meanwhile knows more than one that has started since."""
    translate = QCoreApplication.translate
    if status.log_lost_s is None:
        return ()
    meaning = translate("notices", "Older events may be missing. Ask the other desks.")
    if status.log_lost_alarms:
        meaning = translate("notices", "Older alarms may be missing. Ask the other desks.")
    return (
        Notice(
            "alert-circle",
            translate("notices", "Part of the site's log was lost."),
            meaning,
            status.log_lost_note,
        ),
    )


def _outbox(status: DeskStatus) -> tuple[Notice, ...]:
    translate = QCoreApplication.translate
    if not status.outbox_note:
        return ()
    return (
        Notice(
            "alert-circle",
            translate("notices", "Your answers can't be written to disk."),
            translate("notices", "They are sent all the same: don't close this desk."),
            status.outbox_note,
        ),
    )


def _shut_out(status: DeskStatus) -> tuple[Notice, ...]:
    translate = QCoreApplication.translate
    words = {
        "over": translate("notices", "This machine's certificate has ended."),
        "damaged": translate("notices", "This machine's enrolment is damaged."),
    }
    out = translate("notices", "This machine has been taken out of {0}.")
    return (
        Notice(
            "alert-circle",
            words.get(status.shut_out, out.format(status.enrol_offer)),
            translate("notices", "Nothing is sent from here. Enrol it again, with a new code."),
            status.site_note,
            "enrol" if status.enrol_offer else "",
            is_grave=True,
        ),
    )


def _link(status: DeskStatus, now: Hearing) -> tuple[Notice, ...]:
    if status.shut_out:
        return _shut_out(status)
    translate = QCoreApplication.translate
    words: tuple[str, str, Offer] | None = None
    if status.enrol_offer:
        words = (
            translate("notices", "{0} was found.").format(status.enrol_offer),
            translate("notices", "This desk is not enrolled there yet."),
            "enrol",
        )
    elif status.site_offer:
        words = (
            translate("notices", "No site was found."),
            _sentences(
                _still_heard(now), translate("notices", "Units and alarms come from a site.")
            ),
            "start-site",
        )
    elif status.site_link == "down":
        words = (
            translate("notices", "No contact with the site."),
            _sentences(_still_heard(now), translate("notices", "Your answers wait and are sent.")),
            "",
        )
    if words is None:
        return ()
    what, meaning, offer = words
    return (Notice("cloud-off", what, meaning, status.site_note, offer, is_grave=True),)


def _desks(status: DeskStatus) -> tuple[Notice, ...]:
    """One line for all of them: what they had in front is others' to hear now."""
    translate = QCoreApplication.translate
    gone = [one for one in status.desks if one.gone_s is not None and one.is_news]
    if not gone:
        return ()
    if len(gone) == 1:
        what = translate("notices", "{0} is gone since {1}.")
    else:
        what = translate("notices", "{0} and {2} more are gone since {1}.")
    first = gone[0]
    since = times.clock_short(first.gone_s or 0.0)
    return (
        Notice(
            "users",
            what.format(desk_words(first), since, len(gone) - 1),
            translate("notices", "It said no goodbye: see to its groups."),
            "\n".join(desk_words(one) for one in gone[:MAX_DETAILS]),
        ),
    )


def desk_words(desk: OtherDesk) -> str:
    """Desk and person."""
    return f"{desk.label} ({desk.person})" if desk.person else desk.label


def _listed(status: DeskStatus) -> tuple[Notice, ...]:
    translate = QCoreApplication.translate
    if not status.listed_notes:
        return ()
    return (
        Notice(
            "antenna",
            translate("notices", "A station that the site lists does not answer."),
            translate("notices", "It is heard as it was described last."),
            "\n".join(status.listed_notes[:MAX_DETAILS]),
        ),
    )


def shown_of(all_of_them: tuple[Notice, ...]) -> tuple[Notice, ...]:
    """Not so many that they take the map's place: an offer always, else the worst; the last one
    then tells of the others."""
    if len(all_of_them) <= MAX_BARS:
        return all_of_them
    translate = QCoreApplication.translate
    offers = [one for one in all_of_them if one.offer]
    others = [one for one in all_of_them if not one.offer]
    first = [*others[: MAX_BARS - 1 - len(offers)], *offers]
    shown = tuple(one for one in all_of_them if one in first)
    rest = [one for one in all_of_them if one not in first]
    more = translate("notices", "{0} more notices.").format(len(rest))
    names = " ".join(one.what for one in rest)
    lines = "\n".join(f"{one.what} {one.meaning}" for one in rest)
    return (*shown, Notice("alert-circle", more, names, lines, "more"))


def _role(role: str) -> str:
    translate = QCoreApplication.translate
    return {
        "operator": translate("notices", "operator"),
        "trainer": translate("notices", "trainer"),
        "reception": translate("notices", "reception"),
        "gateway": translate("notices", "gateway"),
        "observer": translate("notices", "wall screen"),
    }.get(role, role)
