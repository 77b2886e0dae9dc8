"""Rows: frozen snapshots. A widget compares, repaints what differs, keeps none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

from widgets.contracts.landmarks import LandmarkKind

SMALLEST_WINDOW: Final = (1_100, 640)
"""Width and height in device-independent pixels: less would cut alarms or talkgroups."""

Attention = Literal["selected", "monitored", "off"]
UnitKind = Literal[
    "ambulance", "doctor", "first-responder", "police", "fire", "helicopter", "other"
]
Urgency = Literal["red", "yellow", "green", "none"]
NUMBER_KEYS: Final = "1234567890"
"""Each selects the talkgroup whose tile stands at its place among all."""

AlarmState = Literal["raised", "acknowledged", "in-progress", "closed"]
Presence = Literal["present", "silent", "gone", "unreachable"]
MicrophoneState = Literal["ready", "silent", "none", "lost"]
Coverage = Literal["", "good", "weak", "none"]
"""As far as the radio tells."""
LinkState = Literal["up", "connecting", "down"]
Priority = Literal["high", "normal", "low"]
FollowState = Literal["", "followed", "dimmed"]
HOLDS_S: Final = (10.0, 20.0, 30.0)
"""What can be chosen: so long after its last burst a group is followed."""
TalkState = Literal[
    "", "asking", "queued", "sending", "unasked", "denied", "pre-empted", "timed-out", "failed"
]
"""Of one group while a key is down, and for some seconds after a denial. ``unasked``: it is talked
on without the floor, because nobody is there to give it."""
NotTalking = Literal[
    "",
    "queue-full",
    "too-many-floors",
    "no-such-group",
    "may-not-talk",
    "occupied",
    "busy",
    "no-answer",
    "cannot-send",
]
ButtonPurpose = Literal["talk", "call", "replay"]
"""What a pedal or another button outside the window does: talk, talk in the call alone, hear the
last call again."""
ButtonStand = Literal[
    "unset", "starting", "ready", "absent", "no-permission", "taken", "held", "chattering"
]
"""``taken``: another program has it; ``held``: down for longer than anybody talks; ``chattering``:
its contact bounces, and it will fail soon."""
CallStand = Literal["incoming", "calling", "connected", "over"]
CallReason = Literal["", "hung-up", "rejected", "busy", "no-answer", "cancelled", "lost"]
SoundForm = Literal["wav", "ogg"]
ReceiverKind = Literal["unit", "desk", "group"]
PostKind = Literal["message", "status", "callout", "group", "patch"]
HandoverKind = Literal[
    "alarm", "muted", "pin", "callout", "message", "group", "patch", "duty", "missed", "signed-out"
]
Answer = Literal["yes", "no", "delayed"]
TimelineKind = Literal[
    "voice",
    "message",
    "alarm",
    "status",
    "callout",
    "group",
    "call",
    "duty",
    "person",
    "place",
]
DeskRole = Literal["operator", "trainer", "reception", "gateway", "observer"]
LayoutDeed = Literal[
    "page-made", "page-renamed", "page-deleted", "page-moved", "on-page", "off-page", "favourite",
    "no-favourite", "moved", "placed", "standard-saved", "came", "standard-came",
]  # fmt: skip
PlaceKind = Literal[
    "municipality", "town", "village", "hamlet", "district", "county", "hospital", "airport",
    "station", "school", "church", "cabin", "harbour", "building", "street", "address",
    "postal-area", "farm", "housing", "road", "island", "mountain", "lake", "river", "fjord",
    "valley", "glacier", "forest", "bog", "headland", "bay", "strait", "skerry", "waterfall",
    "terrain", "water", "sea", "address-name", "other", "coordinates",
]  # fmt: skip
PlaceDoubt = Literal[
    "", "outside", "order", "minutes", "band", "zone", "no-zone", "digits", "hemisphere",
]  # fmt: skip
"""Why what looks like coordinates is no point."""
ReplayState = Literal["playing", "waiting-live", "waiting-alarm", "nothing"]


@dataclass(frozen=True, slots=True)
class TalkgroupRow:
    """One tile. ``key`` is the stream id; times are unix seconds."""

    key: str
    talkgroup: str
    name: str
    purpose: str = ""
    kind: str = "other"
    exercise: bool = False
    attention: Attention = "monitored"
    presence: Presence = "silent"
    secured: bool = False
    unmarked: bool = False  # by the site's policy nothing is said of it where it is not secured
    speaker: str = ""  # who speaks now, "" = nobody
    last_speaker: str = ""
    last_s: float | None = None  # when the last burst ended
    gain_db: float = 0.0
    pan: float = 0.0
    placed: bool = False  # there by a hand, not automatically
    favourite: bool = False
    speaker_kind: UnitKind | Literal[""] = ""  # of who speaks now, where the site knows the unit
    speaker_agency: str = ""
    muted: bool = False
    slot: int = -1  # row in the meters
    alarm: bool = False
    station: str = ""  # SRV host
    note: str = ""  # why it can't be heard, for the tooltip
    transmitting: bool = False
    talk: TalkState = ""
    place: int = 0  # in the queue for the floor
    along: bool = False  # the talk key talks here as well as in the selected one
    missed: int = 0  # bursts kept that nobody has heard
    priority: Priority = "normal"  # as it was chosen; an open alarm is above all
    in_front_at: tuple[str, ...] = ()  # other desks, and who sits there
    heard_at: tuple[str, ...] = ()  # other desks that hear it, but have another in front
    on_speaker: bool = False  # it sounds on the second device
    follow: FollowState = ""  # a conversation is followed: this one, or another


@dataclass(frozen=True, slots=True)
class TilePage:
    """Some of the tiles, in their order. ``key``: its name, empty = the page of all of them."""

    key: str
    keys: tuple[str, ...] = ()
    own: tuple[str, ...] = ()  # those that were put here, not the favourites


@dataclass(frozen=True, slots=True)
class LayoutDone:
    """What was done to the layout last, and can be undone until then (unix seconds). ``what`` is
    a page, talkgroup, person or role; ``where`` a page. ``kept``: groups that a layout would have
    made softer or put back, and that were left because they are in front or sound; ``softer``:
    those that are heard less now."""

    deed: LayoutDeed
    what: str = ""
    where: str = ""
    until_s: float = 0.0
    saved_s: float = 0.0  # when the layout that came was saved
    kept: tuple[str, ...] = ()
    softer: tuple[str, ...] = ()
    lacking: int = 0  # streams whose place did not fit into what was saved
    numbers: tuple[tuple[str, str], ...] = ()
    """The number keys that select another group now, each with that one's name."""


@dataclass(frozen=True, slots=True)
class UnitRow:
    key: str
    call_sign: str
    kind: UnitKind = "other"
    agency: str = "health"
    status: str = ""  # key of the status list
    status_text: str = ""
    urgency: Urgency = "none"
    since_s: float | None = None  # status since
    lat: float | None = None
    lon: float | None = None
    accuracy_m: float = 0.0
    heading_deg: float | None = None
    speed_mps: float | None = None
    fixed_s: float | None = None
    talkgroup: str = ""
    alarm: AlarmState | None = None
    speaking: bool = False
    exercise: bool = False
    free: bool = False  # can be sent somewhere
    crew: tuple[str, ...] = ()
    issi: str = ""
    heard_s: float | None = None  # when its last call ended
    heard_in: str = ""  # the talkgroup's name
    battery_percent: int | None = None
    battery_low: bool = False
    coverage: Coverage = ""


@dataclass(frozen=True, slots=True)
class MapViewRow:
    """A part of the map that is kept under a name: its middle in degrees, and its zoom in quarters
    (:class:`widgets.map.camera.Camera`)."""

    name: str
    lat: float
    lon: float
    step: int


@dataclass(frozen=True, slots=True)
class AlarmRow:
    key: str
    unit: str
    call_sign: str
    talkgroup: str = ""  # its name
    state: AlarmState = "raised"
    raised_s: float = 0.0
    came_s: float | None = None  # where it came long after, or before
    clock_wrong: bool = False  # when it was raised is not known: ``raised_s`` is when it came
    acknowledged_by: str = ""
    acknowledged_s: float | None = None
    owner: str = ""
    place: str = ""  # nearest place, in words
    lat: float | None = None
    lon: float | None = None
    accuracy_m: float = 0.0  # of the place, 0 = not told
    fixed_s: float | None = None  # when it was there
    text: str = ""
    sent: str = ""  # who is sent, by their call signs
    note: str = ""  # the last one
    unconfirmed: bool = False  # that it was the person who has answered or owns it
    mine: bool = False  # this position owns it
    own: bool = False  # it was raised at this position, by who sits here
    pending: str = ""  # an answer of ours on its way: "acknowledge", "take", "close", "reopen"
    escalated: bool = False
    exercise: bool = False
    voice: Literal["", "here", "elsewhere"] = ""  # where the open microphone's words are kept
    voice_at: str = ""  # the desk whose engine has them
    recorded_until_s: float | None = None  # None: it names no talkgroup, so nothing is
    closed_s: float | None = None
    reason: str = ""  # "real", "false-press", "test"
    reopened_by: str = ""
    reopened_s: float | None = None


@dataclass(frozen=True, slots=True)
class LogRow:
    key: str
    time_s: float
    kind: str  # the event's tag
    who: str
    text: str
    unit: str = ""
    talkgroup: str = ""
    seconds: float | None = None
    urgent: bool = False
    unconfirmed: bool = False  # that it was this person


@dataclass(frozen=True, slots=True)
class CallRow:
    """A kept call. ``key`` is the burst's id."""

    key: str
    group: str
    who: str
    time_s: float
    seconds: float
    missed: bool = False
    is_opus: bool = True  # can be written out as it was received


@dataclass(frozen=True, slots=True)
class Saving:
    """How writing a call out goes. ``why`` it failed is in the engine's own words."""

    state: Literal["under-way", "done", "failed"]
    path: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class ReceiverRow:
    """Somebody one can write to. ``detail``: what they are on duty as, their status, who sits
    there, or what the group is for."""

    key: str
    name: str
    kind: ReceiverKind
    detail: str = ""
    on_duty: bool = False
    exercise: bool = False
    unit_kind: UnitKind = "other"


@dataclass(frozen=True, slots=True)
class DutyRow:
    """Who is on duty as what, and how to reach them. ``unit`` is empty where no radio is listed."""

    key: str
    role: str
    name: str
    unit: str = ""
    call_sign: str = ""
    status_text: str = ""
    phone: str = ""
    until_s: float = 0.0
    coverage: Coverage = ""  # of the radio


@dataclass(frozen=True, slots=True)
class DutyForm:
    """From now on for so many hours; an empty ``key`` is a new line of the list. Reachable by
    ``unit``, a radio's key, or ``phone``."""

    key: str
    role: str
    name: str
    unit: str = ""
    phone: str = ""
    hours: float = 8.0


@dataclass(frozen=True, slots=True)
class AidRow:
    """A unit that could be sent to an alarm. ``distance_km`` None: nobody knows where it is."""

    key: str
    call_sign: str
    kind: UnitKind = "other"
    status_text: str = ""
    free: bool = False
    sent: bool = False  # to this alarm, already
    distance_km: float | None = None
    fixed_s: float | None = None  # when it was there


@dataclass(frozen=True, slots=True)
class HandoverRow:
    """Something that the next person must know of. ``who`` or what it is, ``text`` what was said of
    it, ``detail`` how it stands; ``time_s`` when it began, None = no moment."""

    key: str
    kind: HandoverKind
    who: str
    text: str = ""
    detail: str = ""
    time_s: float | None = None
    urgent: bool = False
    exercise: bool = False


@dataclass(frozen=True, slots=True)
class HandoverSaid:
    """Who has read last what is open, at which desk."""

    person: str
    desk: str
    time_s: float


@dataclass(frozen=True, slots=True)
class StatusChoice:
    """A status that can be sent as a message."""

    key: str
    name: str


@dataclass(frozen=True, slots=True)
class StandardText:
    """Words that are sent again and again. ``key`` is empty for what comes with the program."""

    title: str
    text: str
    key: str = ""


@dataclass(frozen=True, slots=True)
class Conference:
    """Whom one brings together with a unit: ``chosen`` are in it already, ``by_phone`` have no
    radio and are called (role, name, number)."""

    name: str
    chosen: tuple[str, ...] = ()
    by_phone: str = ""


GroupDeed = Literal["made", "joined", "ended", "lapsed", "left"]
"""What became of a formed group for this desk: ``left`` is taken out of it, ``lapsed`` its time is
over."""


@dataclass(frozen=True, slots=True)
class GroupNews:
    """What this desk is to know of a formed group. ``others`` are in it with this desk; ``mine``:
    this desk has done it."""

    key: str
    name: str
    deed: GroupDeed
    who: str
    others: tuple[str, ...] = ()
    mine: bool = False
    exercise: bool = False


@dataclass(frozen=True, slots=True)
class PostRow:
    """A message, a call-out, a dynamic group or a patch, and what became of it. ``text`` is a
    group's name, ``more`` a line for each receiver."""

    key: str
    kind: PostKind
    time_s: float
    who: str
    to: str
    text: str
    summary: str = ""
    more: str = ""
    mine: bool = False  # this desk is a receiver
    waits: bool = False  # for this desk to read or answer
    wanted: tuple[Answer, ...] = ()  # what this desk may answer
    can_end: bool = False
    exercise: bool = False
    leaving: bool = False  # said here, and not at the site yet
    called_off: bool = False  # it was a mistake, whatever was answered


@dataclass(frozen=True, slots=True)
class TimelineRow:
    """Something that happened. Rows are in the order of their ``place``, the newest's greatest."""

    key: str
    place: int
    time_s: float
    category: TimelineKind
    kind: str  # the event's tag
    who: str
    text: str
    group: str = ""  # the talkgroup's name
    unit: str = ""  # that it is about: an id
    talkgroup: str = ""  # an id
    seconds: float | None = None  # of voice: so long until ``time_s``
    urgent: bool = False
    by: str = ""  # who told it: the person, or the desk
    person: str = ""
    exercise: bool = False


@dataclass(frozen=True, slots=True)
class TimelineAsked:
    """Words as typed; ``categories``: none = all; ``about``: units and talkgroups, all of which
    are named. Unix seconds, None = open."""

    text: str = ""
    categories: tuple[TimelineKind, ...] = ()
    about: tuple[str, ...] = ()
    from_s: float | None = None
    until_s: float | None = None


@dataclass(frozen=True, slots=True)
class TimelineStanding:
    """``is_there``: it can be read; ``is_behind``: the site's log is longer than this;
    ``trouble``: why nothing is kept, in one sentence of its own process."""

    is_there: bool = False
    is_behind: bool = True
    events: int = 0
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class StreamRow:
    """How one stream comes in. Counts are since it was first heard; what only a burst has is None
    while nobody talks."""

    key: str
    name: str
    talking: bool = False
    secured: bool = False
    delay_ms: float | None = None  # from packet in to sample out, without the device
    jitter_ms: float | None = None  # RFC 3550 section 6.4.1
    packets: int = 0
    lost: int = 0
    late: int = 0
    concealed_ms: float = 0.0
    rescued: int = 0  # lost packets that came as a copy
    refused: int = 0
    pan: float = 0.0  # where it is heard

    @property
    def sent(self) -> int:
        """As many packets as were sent to here, as far as is known."""
        return self.packets + self.lost + self.rescued


@dataclass(frozen=True, slots=True)
class EngineFigures:
    """How the engine itself does; counts are since its start."""

    device: str = ""  # empty: none plays
    device_latency_ms: float = 0.0  # that the device holds, by its own word
    ahead_ms: float = 0.0  # of finished sound that waits for it
    underflows: int = 0
    tick_ms_p99: float = 0.0
    tick_budget_ms: float = 10.0
    cpu_share: float | None = None  # of one processor; None until two words of it are there
    refused_commands: int = 0
    kept: int = 0  # bursts
    kept_bytes: int = 0
    not_kept: int = 0  # bursts or packets
    damaged: int = 0
    publications: int = 0
    unsent: int = 0  # packets


@dataclass(frozen=True, slots=True)
class SiteLinkFigures:
    """How the desk's link to its site does. Counts are since the desk's start; ``held`` waits now
    for what it answers."""

    site: str = ""  # empty: none has been found
    node: str = ""  # the server that answers, or is to
    link: LinkState = "connecting"
    since_s: float | None = None  # connected since, unix seconds
    round_trip_ms: float | None = None
    valid_until_s: float | None = None  # this desk's certificate; None: nothing secures the link
    applied: int = 0
    skipped: int = 0  # malformed or forged
    refused: int = 0  # for want of room
    duplicates: int = 0
    late: int = 0
    held: int = 0
    undelivered: int = 0
    dropped: int = 0  # live news, sent or received, that found no room or no link
    faults: int = 0  # of the desk's own, in taking events in or handing them out
    listed: int = 0  # streams that the site lists by their SDP, and that were fetched
    listed_failures: int = 0  # fetches
    malformed_positions: int = 0  # refused, as the two below: none of them has moved a unit
    positions_ahead: int = 0  # fixed later than any clock could say now
    odd_times: int = 0  # events said to be from when they can't be: shown as of their coming
    older_fixes: int = 0  # told after a newer fix of the unit was known
    floods: tuple[str, ...] = ()  # positions that ask the site, or say to all, far too much now
    damaged: tuple[str, ...] = ()  # streams of the log of which part is lost


@dataclass(frozen=True, slots=True)
class History:
    """Of one stream, oldest first; NaN where there is nothing to say, as in the two below."""

    age_s: Sequence[float] = ()  # before now, 0 or less
    delay_ms: Sequence[float] = ()
    jitter_ms: Sequence[float] = ()  # RFC 3550
    loss_percent: Sequence[float] = ()  # of the packets since the moment before


@dataclass(frozen=True, slots=True)
class Place:
    """A window on the screens, in device-independent pixels. ``maximised``: that is how it is
    shown; the rest is what it would be without."""

    x: int
    y: int
    width: int
    height: int
    maximised: bool = False


@dataclass(frozen=True, slots=True)
class Arrangement:
    """Of one set of screens. ``panels``: those that have a window of their own, by name; ``page``:
    what stood in the map's place, empty: the map; ``left``: where those had stood that are home
    again."""

    window: Place | None = None
    panels: Mapping[str, Place] = field(default_factory=dict)
    page: str = ""
    left: Mapping[str, Place] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class EngineHistory:
    age_s: Sequence[float] = ()
    cpu_percent: Sequence[float] = ()  # of one processor, since the moment before


@dataclass(frozen=True, slots=True)
class SiteHistory:
    age_s: Sequence[float] = ()
    round_trip_ms: Sequence[float] = ()
    events_a_second: Sequence[float] = ()  # taken in
    undelivered: Sequence[float] = ()  # of this desk's own, waiting to be sent


@dataclass(frozen=True, slots=True)
class DeviceChoice:
    """A sound output. ``name`` is for the engine; ``label`` is empty for the system's own choice
    (``default``) and for none (``null``), which the window puts into words."""

    name: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class Microphone:
    """Which one is chosen, how it stands, and what is done to a voice. ``choices`` as of the last
    Actions.list_microphones; ``null`` among them is none. ``relied_on``: a hand has chosen it or
    pressed to talk, or it has been open once, so that it is missed when it is not there."""

    chosen: str = "null"
    name: str = ""
    state: MicrophoneState = "none"
    note: str = ""  # what is wrong with it, in one sentence
    choices: tuple[DeviceChoice, ...] = ()
    suppress: bool = True  # noise
    gain_control: bool = True
    side_tone: bool = False
    hearing: bool = False  # who sits here hears himself
    relied_on: bool = False


@dataclass(frozen=True, slots=True)
class Replay:
    """A kept burst that is heard again; ``nothing``: there was none to be heard, at ``time_s``."""

    state: ReplayState
    group: str = ""
    who: str = ""
    time_s: float = 0.0  # when it was spoken
    speed: float = 1.0
    remaining: int = 0  # bursts after this one
    alarm: str = ""  # whose open microphone it is


@dataclass(frozen=True, slots=True)
class Following:
    """A group in front of all others, for the time of a conversation. ``ends_s``: by the clock,
    unless somebody talks there again; None: somebody does now."""

    key: str
    name: str
    ends_s: float | None = None


@dataclass(frozen=True, slots=True)
class TalkTarget:
    """One group of a press. ``who`` talks there, or has taken the floor; ``note``: why not, in one
    sentence of somebody else's."""

    name: str
    state: TalkState
    place: int = 0
    who: str = ""
    why: NotTalking = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Transmit:
    """What becomes of the talk key. ``ends_s``: when the time-out timer ends it, unix seconds;
    ``listen_first``: nobody gives the floor now, so one listens before one talks."""

    targets: tuple[TalkTarget, ...] = ()
    is_open: bool = False  # what is said goes out
    ends_s: float | None = None
    listen_first: bool = False


@dataclass(frozen=True, slots=True)
class ButtonRow:
    """``label``: device and button, in words; ``rule``: what the system needs to let it be read."""

    purpose: ButtonPurpose
    label: str = ""
    stand: ButtonStand = "unset"
    rule: str = ""


@dataclass(frozen=True, slots=True)
class ButtonDevice:
    """One that a button could be learned from."""

    name: str
    stand: ButtonStand = "ready"
    rule: str = ""


@dataclass(frozen=True, slots=True)
class Buttons:
    """Pedals and other buttons outside the window. ``learning``: for what one is waited for now;
    ``note``: why the last press was not taken; ``devices``: known while learning."""

    rows: tuple[ButtonRow, ...] = (ButtonRow("talk"), ButtonRow("call"), ButtonRow("replay"))
    learning: ButtonPurpose | None = None
    note: Literal["", "typed", "system", "in-use"] = ""
    devices: tuple[ButtonDevice, ...] = ()

    def row(self, purpose: ButtonPurpose) -> ButtonRow:
        return next(one for one in self.rows if one.purpose == purpose)


@dataclass(frozen=True, slots=True)
class LiveCall:
    """An individual call: one that rings here, or the one that this desk is in. ``since_s``: rings,
    or is talked in, since then by the clock; ``stream``: what the talk key talks in."""

    key: str
    who: str  # is at the other end
    stand: CallStand
    full: bool = False  # duplex: both talk at once
    since_s: float = 0.0
    stream: str = ""
    is_open: bool = False  # full duplex: what is said here goes out
    muted: bool = False
    heard: bool = False  # the other side talks
    reason: CallReason = ""  # how it has ended
    note: str = ""  # why nothing goes out, in one sentence
    answered: bool = False  # here, but the site does not know yet
    exercise: bool = False


@dataclass(frozen=True, slots=True)
class Callee:
    """Whom one can call."""

    key: str
    name: str
    exercise: bool = False


@dataclass(frozen=True, slots=True)
class OtherDesk:
    """``front``: the group that it has selected, by name; ``gone_s``: since when nobody hears it
    that said no goodbye, unix seconds, None = it is here."""

    key: str
    label: str
    person: str = ""
    front: str = ""
    gone_s: float | None = None
    is_news: bool = False  # of one that is gone: lately


@dataclass(frozen=True, slots=True)
class OwnAlarm:
    """Raised at this desk by who sits here. ``who`` has answered; ``cancel_until_s``: until then
    (unix seconds) it can be taken back as a false press, None = no more."""

    state: Literal["not-delivered", "raised", "acknowledged", "in-progress", "closed"]
    who: str = ""
    cancel_until_s: float | None = None


SiteDisk = Literal["well", "low", "one-of-several", "full", "failed"]
"""How the disk below the site's log does: little room, none, or one that can't be written;
``one-of-several``: that is so at one of its machines, and the others go on without it."""


@dataclass(frozen=True, slots=True)
class DeskStatus:
    """What the top bar tells."""

    site: str = ""
    position: str = ""
    person: str = ""
    site_link: LinkState = "connecting"
    engine_link: LinkState = "connecting"
    device: str = ""
    device_lost: bool = False
    device_note: str = ""  # why another device plays than the one that was chosen
    device_chosen: str = ""
    devices: tuple[DeviceChoice, ...] = ()  # as of the last Actions.list_devices
    second_chosen: str = ""  # for monitored groups; empty: none
    second_device: str = ""  # what people call it, while it plays
    second_note: str = ""  # why it doesn't play, in one sentence
    second_gain_db: float = 0.0
    exercise: bool = False
    undelivered: int = 0
    skipped_events: int = 0
    transmit_note: str = ""  # why this desk can't send, in one sentence; "" = it can
    refused_answer: bool = False  # the last answer could not be kept, not even on disk
    refused_role: str = ""  # it was not for this desk's role to say, which is this one
    outbox_note: str = ""  # why answers are kept in memory only, in one sentence
    site_offer: bool = False  # no site was found: offer to start one here
    enrol_offer: str = ""  # a site was found where this desk is not enrolled: its name
    shut_out: str = ""  # its site takes it no more: "taken-out", "over" (certificate), "damaged"
    enrol_note: str = ""  # "working", or why the last code was not taken (a key, not words)
    persons: tuple[str, ...] = ()  # who may sign in; none: a name is enough
    person_doubt: bool = False  # the site has not confirmed who sits here
    sign_in: str = ""  # whose PIN is asked for
    sign_in_note: str = ""  # "working", "wrong", "locked"
    sign_in_wanted: bool = True  # a hand wants it; else the keyboard stays where it is
    sign_in_wait_s: float = 0.0  # after "locked"
    own_alarm: OwnAlarm | None = None
    desks: tuple[OtherDesk, ...] = ()  # the others of the site
    listed_notes: tuple[str, ...] = ()  # of stations that the site lists and that don't answer
    site_note: str = ""  # why the site is out of reach, in one sentence
    site_disk: SiteDisk = "well"
    site_disk_free: int = 0  # bytes
    site_disk_note: str = ""  # whose disk that is
    site_disk_by_hand: bool = False  # with room again its server is to be started again by hand
    log_lost_s: float | None = None  # when it was found that part of the site's log is lost
    log_lost_alarms: bool = False  # of that of alarms
    log_lost_note: str = ""  # of which parts
    log_torn_note: str = ""  # which of its nodes lack parts of the log, and can't mend that
    log_torn_alarms: bool = False  # of that of alarms
    site_read: bool = False  # all of its log has been read, and it is in reach
    site_lost_s: float | None = None  # since when that is no longer so; None: it is, or never was
    engine_note: str = ""  # why the engine is out of reach, in one sentence
    master_gain_db: float = 0.0
    replay: Replay | None = None
    recall_note: str = ""  # why bursts are not kept, in one sentence
    recall_hours: float = 24.0  # that calls are kept; 0: none is
    catch_up_speed: float = 1.5
    evened: bool = True  # talkers are made equally loud
    muted_until_s: float | None = None  # all voices are, until then by the clock
    following: Following | None = None
    hold_s: float = 20.0  # that a group is followed after its last burst
    alarms_sounding: int = 0  # that nobody has acknowledged
    alarm_paused_until_s: float | None = None  # their tone is, until then by the clock
    microphone: Microphone = Microphone()
    transmit: Transmit = Transmit()
    latch: bool = False  # a press of the talk key opens, the next one closes
    buttons: Buttons = Buttons()
    call: LiveCall | None = None  # that this desk is in, has offered, or was in just now
    ringing: tuple[LiveCall, ...] = ()  # at this desk, the oldest first


@dataclass(frozen=True, slots=True)
class PlaceFound:
    """A place that may be meant by what was typed. ``far_km``: from the map's middle;
    ``known_as``: the spelling that fitted, where it is another; ``lacking``: the house number that
    was asked for and is not known there; ``beside``: a town near it; ``landmark``: the key of the
    pin or the site's place that it is, ``exercise``: an exercise's."""

    name: str
    kind: PlaceKind
    lat: float
    lon: float
    municipality: str = ""
    far_km: float = 0.0
    known_as: str = ""
    lacking: str = ""
    beside: str = ""
    landmark: str = ""
    landmark_kind: LandmarkKind | Literal[""] = ""
    exercise: bool = False


@dataclass(frozen=True, slots=True)
class PlaceForms:
    """A point's coordinates as they are written; empty where a form has none for it."""

    degrees: str
    minutes: str = ""  # degrees and decimal minutes
    utm: str = ""  # in its own zone
    utm33: str = ""  # where its own zone is another
    mgrs: str = ""
