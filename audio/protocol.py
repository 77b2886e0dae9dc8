"""The engine's only door: commands in, events out, as msgpack frames on a local socket.

A frame is a 4-byte big-endian length followed by that many bytes of msgpack: :data:`MAX_FRAME`
at most for a command, :data:`MAX_EVENT` for an event (a Status names every stream). Commands are
reliable and in order; levels are not sent here, they lie in shared memory (:mod:`audio.meters`).
Every struct is frozen, tagged and validated on entry.
"""

from __future__ import annotations

import re
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta

VERSION: Final = 3
MAX_FRAME: Final = 65_536  # bytes; a longer frame ends that connection, nothing else
MAX_EVENT: Final = 4_194_304  # bytes of one event: MAX_STREAMS with the longest of names
UNREADABLE: Final = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)  # msgspec raises all
MAX_STREAMS: Final = 512  # streams one engine listens to; one more is refused
MAX_PUBLICATIONS: Final = 128  # streams one engine sends
MAX_OTHER_DEVICES: Final = 8
MAX_PAGE: Final = 200  # bursts in one answer
MAX_RECALLED: Final = 20  # bursts played by one Recall
MAX_NAMED: Final = 64  # streams named by one CatchUp
MAX_PRIORITY: Final = 3
MAX_MUTE_S: Final = 60.0  # nobody is deaf for longer by one press
MAX_HOLD_S: Final = 120.0  # that a group is followed after its last burst
MAX_LINGER_S: Final = 86_400.0
MAX_TALKED_TO: Final = 16  # publications that one press talks to
MAX_HEARD_S: Final = 30.0  # of a test of the microphone
MAX_KEYS: Final = 4  # SRTP keys of one stream at once: current, next, and those before for a while
MAX_FLOORS: Final = 16  # senders that may hold a stream's floor at once (a patch, an emergency)
MAX_FLOOR_S: Final = 1.0  # that a floor state is believed after it was told
MIN_OVER_S: Final = 1.0  # of a talk permit
MAX_OVER_S: Final = 60.0  # of one over, whatever the permit says
MAX_LEGS: Final = 8  # of one patch
MAX_PATCHES: Final = 16
MAX_ALARM_S: Final = 3_600.0  # of sound kept with an alarm, before and after it
MAX_BLOCK: Final = 0x7FFF  # SSRC blocks that a site gives out; higher ones an engine draws itself
MAX_PACKET: Final = 1_984  # bytes of one UDP payload the engine looks at: 20 ms of L16 at 48 kHz

StreamId = Annotated[str, Meta(min_length=1, max_length=200)]
"""``<talkgroup id>@<SRV host>``: mDNS instance names may be renamed, this may not."""

Port = Annotated[int, Meta(ge=1, le=65_535)]
PayloadType = Annotated[int, Meta(ge=0, le=127)]
GainDb = Annotated[float, Meta(ge=-96.0, le=24.0)]
Pan = Annotated[float, Meta(ge=-1.0, le=1.0)]
Encoding = Literal["opus", "PCMU", "PCMA", "L16"]
SrtpProfile = Literal["AES_CM_128_HMAC_SHA1_80", "AEAD_AES_128_GCM", "AEAD_AES_256_GCM"]
DeviceState = Literal["playing", "none", "lost"]
DeviceRole = Literal["headset", "speaker"]
Output = Literal["auto", "headset", "speaker"]
"""Where a stream sounds; ``auto``: monitored ones on the second device while one was chosen."""
MicrophoneState = Literal["ready", "silent", "none", "lost"]
"""``silent``: it is open and gives digital silence, as a muted headset does."""

FollowEnd = Literal["", "asked", "over", "alarm", "gone", "desk-gone"]
"""Asked by a hand; nobody spoke for the hold; an alarm; the stream or the desk went away."""

TalkState = Literal["idle", "opening", "open", "closing"]
BurstId = Annotated[str, Meta(pattern=r"\A([0-9]{13}-[0-9a-f]{8})?\Z")]
"""Start in unix milliseconds and a number of chance: sorts by time. Empty: none."""

Person = Annotated[str, Meta(max_length=64)]
ExportFormat = Literal["wav", "ogg"]
ReplayKind = Literal["recall", "catch-up"]
ReplayState = Literal["idle", "playing", "paused"]
ReplayWhy = Literal["", "live", "alarm"]
ToneKind = Literal[
    "alarm", "desk-gone", "desk-back", "permit", "deny", "busy", "end", "test", "queued",
    "preempted", "timeout-warning", "ring", "ringback",
]  # fmt: skip
KeyId = Annotated[int, Meta(ge=0, lt=2**32)]
Ssrc = Annotated[int, Meta(ge=0, lt=2**32)]
PatchId = Annotated[str, Meta(pattern=r"\A[A-Za-z0-9_-]{1,64}\Z")]
AlarmId = Annotated[str, Meta(pattern=r"\A[A-Za-z0-9_-]{1,64}\Z")]
FloorMark = Literal["", "held", "none", "unknown"]
"""Of who talks: the stream's floor is not controlled; he holds it; he does not; nobody has told
lately who does (:class:`Floor`)."""

TalkCause = Literal["", "timeout", "preempted", "lease", "failed", "unsent", "gone"]
"""Why the gate closed, or a publication was taken out of an over, for programs."""


class Frame(msgspec.Struct, frozen=True, tag=True, tag_field="t", forbid_unknown_fields=False):
    """What every command and event is."""


class StreamSpec(msgspec.Struct, frozen=True):
    """Where a stream is heard and what is in it (RFC 3550, 7587, 3551).

    ``group`` is the multicast address, or None for unicast: then ``port`` is bound on this
    machine. ``source`` asks for a source-specific join (RFC 4607) where the station is known.
    ``key`` is the SRTP master key and salt (RFC 3711 section 8.2), never logged. ``red`` is the
    payload type in which Opus packets may come with copies of earlier ones (RFC 2198). ``keep``:
    recall may keep what is heard; False for an individual call.
    """

    stream: StreamId
    port: Port
    payload_type: PayloadType
    encoding: Encoding
    clock_rate: Annotated[int, Meta(ge=8_000, le=48_000)]
    channels: Annotated[int, Meta(ge=1, le=2)] = 1
    group: str | None = None
    source: str | None = None
    interface: str | None = None  # IPv4 address or IPv6 interface name; None = the engine's
    srtp: SrtpProfile | None = None
    key: bytes | None = None
    label: Annotated[str, Meta(max_length=64)] = ""
    red: PayloadType | None = None
    keep: bool = True


class SrtpKey(msgspec.Struct, frozen=True):
    """``kid`` names it, ``key`` is master key and salt (RFC 3711 section 8.2), never logged, never
    told."""

    kid: KeyId
    profile: SrtpProfile
    key: Annotated[bytes, Meta(min_length=28, max_length=44)]

    def __repr__(self) -> str:
        return f"SrtpKey(kid={self.kid}, profile={self.profile!r})"


class PatchLeg(msgspec.Struct, frozen=True):
    """What is heard on ``stream`` goes out on the other legs' publications, and what is heard on
    theirs on ``publication``."""

    stream: StreamId
    publication: StreamId


# --- commands: client to engine -------------------------------------------------------------


class Hello(Frame, frozen=True, tag="hello"):
    """First frame of a connection. ``token`` is the one in the lock file (0600). ``linger_s``: how
    long the engine waits at least, when this one has gone, before it ends for want of clients;
    None = as is usual for its role (:mod:`audio.watch`)."""

    version: int
    token: str
    role: Literal["desk", "tool"] = "desk"
    linger_s: Annotated[float, Meta(ge=0.0, le=MAX_LINGER_S)] | None = None


class Listen(Frame, frozen=True, tag="listen"):
    """Hear a stream, or change how it is heard. The same spec again changes nothing."""

    spec: StreamSpec


class Drop(Frame, frozen=True, tag="drop"):
    stream: StreamId


class SetKeys(Frame, frozen=True, tag="set-keys"):
    """The SRTP keys under which a stream is heard, instead of the one in its spec: the current
    one first, then the next one that was handed out early, then those before for as long as
    somebody may still send under them. All are tried; the key id is for people and programs, not
    in the packets. A key that is left out opens nothing from the next packet on. None: nothing is
    heard, and never anything in the clear. Said before ``listen``, it is remembered for it, and it
    outlives a changed spec; ``drop`` forgets it."""

    stream: StreamId
    keys: Annotated[tuple[SrtpKey, ...], Meta(max_length=MAX_KEYS)]


class Floor(Frame, frozen=True, tag="floor"):
    """Who holds the floor of a stream's talkgroup, said at every change and again before
    ``fresh_s`` have gone by. ``controlled``: False for foreign streams, whose senders ask nobody.

    While it is fresh, who is not in ``ssrcs`` is held back for 0.2 s and then not heard; a grant
    that comes within that time loses nothing of what was said. When it is stale all that opens
    under the stream's keys is heard, marked (:data:`FloorMark`). ``epoch``: of the arbiter's lease;
    a lower one than the last is passed over while that is fresh. Our own voice is exempt."""

    stream: StreamId
    controlled: bool
    ssrcs: Annotated[tuple[Ssrc, ...], Meta(max_length=MAX_FLOORS)] = ()
    fresh_s: Annotated[float, Meta(ge=0.0, le=MAX_FLOOR_S)] = MAX_FLOOR_S
    epoch: Annotated[int, Meta(ge=0)] = 0


class SetMix(Frame, frozen=True, tag="set-mix"):
    """How a stream sits in the mix. ``attention`` is the tile's state (selected in front).

    Without a ``pan`` the engine finds a place for it (:mod:`audio.mixing.places`). While a stream
    of higher ``priority`` talks, those of lower ones are ducked. ``output`` matters only while a
    second device plays.
    """

    stream: StreamId
    gain_db: GainDb = 0.0
    pan: Pan | None = 0.0
    muted: bool = False
    attention: Literal["selected", "monitored", "off"] = "monitored"
    priority: Annotated[int, Meta(ge=0, le=MAX_PRIORITY)] = 1
    output: Output = "auto"


class SetMaster(Frame, frozen=True, tag="set-master"):
    """The whole mix. ``evened``: all talkers equally loud (:mod:`audio.mixing.loudness`).
    ``second_db``: what the second device gets."""

    gain_db: GainDb = 0.0
    evened: bool = True
    second_db: GainDb = 0.0


class MuteAll(Frame, frozen=True, tag="mute-all"):
    """No voice for ``seconds``, then all again, also when nobody ends it; 0 ends it now. Tones are
    never muted. Everybody is told (:class:`AllMuted`)."""

    seconds: Annotated[float, Meta(ge=0.0, le=MAX_MUTE_S)]


class Follow(Frame, frozen=True, tag="follow"):
    """Put a group in front and dim the others until ``hold_s`` after its last burst, or until
    another alarm comes (:mod:`audio.mixing.follow`). Empty: end it now. The same again begins to
    count anew. Everybody is told (:class:`Followed`)."""

    stream: Annotated[str, Meta(max_length=200)] = ""
    hold_s: Annotated[float, Meta(ge=1.0, le=MAX_HOLD_S)] = 20.0


class SetDevice(Frame, frozen=True, tag="set-device"):
    """``name``: one of :class:`Devices`, in ``others`` what takes its place when it is gone or
    busy, in that order; last of all the system's default. A better one is taken again when it
    is back."""

    name: Annotated[str, Meta(max_length=256)]
    others: Annotated[
        tuple[Annotated[str, Meta(max_length=256)], ...], Meta(max_length=MAX_OTHER_DEVICES)
    ] = ()


class SetSecondDevice(Frame, frozen=True, tag="set-second-device"):
    """A loudspeaker beside the headset that :class:`SetDevice` names: one of :class:`Devices`, or
    empty for none. Each has everything while the other is gone (:mod:`audio.mixing.routing`)."""

    name: Annotated[str, Meta(max_length=256)] = ""


class Heartbeat(Frame, frozen=True, tag="heartbeat"):
    """Sent by the window's own event loop every 250 ms; its absence is what a hang looks like."""


class SetAlarms(Frame, frozen=True, tag="set-alarms"):
    """How many alarms nobody has acknowledged. Above zero the alarm tone sounds, always on top."""

    unacknowledged: Annotated[int, Meta(ge=0, le=100_000)]
    paused: bool = False


class Play(Frame, frozen=True, tag="play"):
    """Play a tone once into the mix."""

    tone: ToneKind


class Publish(Frame, frozen=True, tag="publish"):
    """Open a stream of our own: Opus over RTP to ``address:port``. ``publication`` names it.

    ``red``: the payload type for packets with copies of earlier ones (RFC 2198), sent while
    receivers report loss and all of them understand it; None = never.
    ``own``: it is the voice of who sits here, who must not hear himself when it comes back, on
    the stream of the same name or the same address and port.
    """

    publication: StreamId
    address: str
    port: Port
    payload_type: PayloadType = 111
    name: Annotated[str, Meta(max_length=64)] = ""  # RTCP SDES NAME: who speaks
    interface: str | None = None
    srtp: SrtpProfile | None = None
    key: bytes | None = None
    red: PayloadType | None = None
    own: bool = False


class SetSendKey(Frame, frozen=True, tag="set-send-key"):
    """The SRTP key of a publication from the next packet on, instead of the one it was opened
    with; an over goes on with the same SSRC under the new key, the next one has a new SSRC. A
    publication under a key never goes back to the clear.

    ``block``: the upper 16 bits of all SSRCs that this engine sends on it, given out by who gives
    the keys, one to each station, so that no two ever send the same SSRC under one key. 0: one
    that the engine has drawn by chance for its home, from those that no site gives out."""

    publication: StreamId
    key: SrtpKey
    block: Annotated[int, Meta(ge=0, le=MAX_BLOCK)] = 0


class Say(Frame, frozen=True, tag="say"):
    """Send one Ogg Opus or WAV file as one over (talk burst) on a publication.

    ``speaker`` becomes the SDES NAME for the burst, ``ssrc`` the sender (0 = the engine
    chooses one per speaker; on a secured publication it always does, because an SSRC may never
    come twice under one key). Bursts on one publication queue, :data:`MAX_QUEUED_BURSTS` at most.
    """

    publication: StreamId
    path: Annotated[str, Meta(max_length=4_096)]
    speaker: Annotated[str, Meta(max_length=64)] = ""
    ssrc: Annotated[int, Meta(ge=0, lt=2**32)] = 0
    loop: bool = False


class Unpublish(Frame, frozen=True, tag="unpublish"):
    publication: StreamId


class GetStatus(Frame, frozen=True, tag="get-status"):
    pass


class Record(Frame, frozen=True, tag="record"):
    """Write the mix to a 48 kHz stereo 16-bit WAV file for ``seconds``; then ``RecordDone``."""

    path: Annotated[str, Meta(max_length=4_096)]
    seconds: Annotated[float, Meta(gt=0, le=86_400)]


class GetDevices(Frame, frozen=True, tag="get-devices"):
    """Which outputs there are; answered by :class:`Devices`."""


class SetMicrophone(Frame, frozen=True, tag="set-microphone"):
    """``name``: one of :class:`Microphones`, ``"default"``, or ``"null"`` for none, which is how an
    engine starts; ``others`` as in :class:`SetDevice`. It stays open from then on, and nothing of
    it leaves the engine but while somebody talks. ``side_tone_db``: one's own voice while talking;
    None = not at all."""

    name: Annotated[str, Meta(max_length=256)]
    others: Annotated[
        tuple[Annotated[str, Meta(max_length=256)], ...], Meta(max_length=MAX_OTHER_DEVICES)
    ] = ()
    high_pass: bool = True
    suppress: bool = True  # noise
    gain_control: bool = True
    side_tone_db: Annotated[float, Meta(ge=-60.0, le=0.0)] | None = None


class GetMicrophones(Frame, frozen=True, tag="get-microphones"):
    """Which there are; answered by :class:`Microphones`."""


class Talk(Frame, frozen=True, tag="talk"):
    """The key is down: the permit tone, then the microphone goes out on all of these at once, and
    on no others. Who may talk is decided before; this opens the gate for the client that says it.
    ``max_s``: of this over, counted from the permit tone (the time-out timer); a warning tone
    sounds before it is over, then the gate closes. None: as long as any over may last."""

    publications: Annotated[tuple[StreamId, ...], Meta(min_length=1, max_length=MAX_TALKED_TO)]
    max_s: Annotated[float, Meta(ge=MIN_OVER_S, le=MAX_OVER_S)] | None = None


class KeepTalking(Frame, frozen=True, tag="keep-talking"):
    """The key is still down; said every 250 ms. Without it the gate closes
    (:mod:`audio.microphone.gate`)."""


class StopTalking(Frame, frozen=True, tag="stop-talking"):
    """The key is up. What was said until now still goes out."""


class OpenLine(Frame, frozen=True, tag="open-line"):
    """The microphone goes out on all of these for as long as a full duplex call lasts: no permit
    tone, no time-out, but the same lease (:class:`KeepTalking`). A :class:`Talk` of the same client
    takes the microphone from the line; once that over has ended it is opened by being said again.
    While an over goes on it changes nothing. Refused without a tone."""

    publications: Annotated[tuple[StreamId, ...], Meta(min_length=1, max_length=MAX_TALKED_TO)]


class CloseLine(Frame, frozen=True, tag="close-line"):
    """At once: nothing that is said from now on goes out. An over goes on."""


class Preempted(Frame, frozen=True, tag="preempted"):
    """Somebody else has been given the floor of these: the gate closes for them at once, with a
    tone of its own, and everybody is told (:class:`TalkChanged`). ``by``: who, for people."""

    publications: Annotated[tuple[StreamId, ...], Meta(min_length=1, max_length=MAX_TALKED_TO)]
    by: Person = ""


class HearMyself(Frame, frozen=True, tag="hear-myself"):
    """The microphone, as others would hear it, into one's own ears and nowhere else, ``delay_s``
    late. Ends by itself, when its client goes, and when somebody talks; 0 ``seconds`` ends it."""

    seconds: Annotated[float, Meta(ge=0.0, le=MAX_HEARD_S)]
    delay_s: Annotated[float, Meta(ge=0.0, le=2.0)] = 1.0


class Recall(Frame, frozen=True, tag="recall"):
    """Play the last ``count`` bursts of a stream (empty: of all) again. ``who`` asks is noted.

    With ``until_ms`` what was spoken between two times (unix) in the ``group``, which is what
    stands before the ``@`` of its streams; of several streams the one that has most of it. With an
    ``alarm`` what is kept with it; nothing is: what was spoken, as before."""

    stream: Annotated[str, Meta(max_length=200)] = ""
    count: Annotated[int, Meta(ge=1, le=MAX_RECALLED)] = 1
    who: Person = ""
    group: Annotated[str, Meta(max_length=64)] = ""
    from_ms: Annotated[int, Meta(ge=0, lt=2**53)] = 0
    until_ms: Annotated[int, Meta(ge=0, lt=2**53)] = 0
    alarm: Annotated[str, Meta(pattern=r"\A[A-Za-z0-9_-]{0,64}\Z")] = ""


class CatchUp(Frame, frozen=True, tag="catch-up"):
    """Play in series what was missed: bursts that were not audible when they came (muted, off, all
    turned down) and have not been played since. ``since_ms`` (unix) instead: all from then on.
    No ``streams``: all of them."""

    streams: Annotated[tuple[StreamId, ...], Meta(max_length=MAX_NAMED)] = ()
    since_ms: Annotated[int, Meta(ge=0)] = 0
    speed: Annotated[float, Meta(ge=1.0, le=2.0)] = 1.5
    who: Person = ""


class SetReplaySpeed(Frame, frozen=True, tag="set-replay-speed"):
    """Of the catch-up that is on, and all that is left of it; a recall stays as it was spoken."""

    speed: Annotated[float, Meta(ge=1.0, le=2.0)] = 1.5


class StopReplay(Frame, frozen=True, tag="stop-replay"):
    pass


class Export(Frame, frozen=True, tag="export"):
    """Write a kept burst to a new file: ``wav``, or ``ogg`` with the very packets received. Noted
    with ``who`` before it is done; answered by :class:`Exported` to all."""

    burst: BurstId
    path: Annotated[str, Meta(max_length=4_096)]
    format: ExportFormat = "wav"
    who: Person = ""


class ListBursts(Frame, frozen=True, tag="list-bursts"):
    """What is kept, newest last: of a stream or (empty) of all, older than ``before`` if given;
    with an ``alarm``, what is kept with it."""

    stream: Annotated[str, Meta(max_length=200)] = ""
    before: BurstId = ""
    limit: Annotated[int, Meta(ge=1, le=MAX_PAGE)] = 50
    alarm: Annotated[str, Meta(pattern=r"\A[A-Za-z0-9_-]{0,64}\Z")] = ""


class KeepBursts(Frame, frozen=True, tag="keep-bursts"):
    """How long bursts are kept from now on, also those that are kept already. 0: nothing is."""

    hours: Annotated[float, Meta(ge=0, le=168)] = 24.0


class KeepForAlarm(Frame, frozen=True, tag="keep-for-alarm"):
    """What is or was said on a stream from ``seconds_before`` now until ``seconds`` from now is
    kept with the alarm: past the usual time, until :class:`ReleaseAlarm` or 90 days have gone by.
    Each burst is told as it is bound (:class:`AlarmKept`). Said again for the same stream and
    alarm, it is prolonged."""

    stream: StreamId
    alarm: AlarmId
    seconds_before: Annotated[float, Meta(ge=0.0, le=MAX_ALARM_S)] = 30.0
    seconds: Annotated[float, Meta(ge=0.0, le=MAX_ALARM_S)] = 60.0


class ReleaseAlarm(Frame, frozen=True, tag="release-alarm"):
    """What was kept with this alarm alone is kept as other bursts are, so that what is older than
    those is deleted at once. ``who`` is noted."""

    alarm: AlarmId
    who: Person = ""


class Patch(Frame, frozen=True, tag="patch"):
    """Join talkgroups: what is heard on one leg's stream goes out on the publications of the
    others, as it came (Opus), each speaker under an SSRC of ours and his own name. It lasts as
    long as :class:`KeepPatch` is said. The same ``patch`` again replaces its legs. Refused: a
    stream or publication in two patches, a publication that sends to another leg's stream, one
    that is not there, what is not Opus."""

    patch: PatchId
    legs: Annotated[tuple[PatchLeg, ...], Meta(min_length=2, max_length=MAX_LEGS)]


class KeepPatch(Frame, frozen=True, tag="keep-patch"):
    """Said every 2 s by who holds the patch's lease; without it for 5 s it ends."""

    patch: PatchId


class Unpatch(Frame, frozen=True, tag="unpatch"):
    patch: PatchId


class Bye(Frame, frozen=True, tag="bye"):
    """The client ends on purpose. A desk that leaves without it is missed, audibly."""


class Stop(Frame, frozen=True, tag="stop"):
    """End the engine process, after a fade."""


MAX_QUEUED_BURSTS: Final = 64

Command = (
    Hello
    | Listen
    | Drop
    | SetMix
    | SetMaster
    | MuteAll
    | Follow
    | SetDevice
    | SetSecondDevice
    | Heartbeat
    | SetAlarms
    | Play
    | Publish
    | Say
    | Unpublish
    | GetStatus
    | Record
    | GetDevices
    | Recall
    | CatchUp
    | SetReplaySpeed
    | StopReplay
    | Export
    | ListBursts
    | KeepBursts
    | SetMicrophone
    | GetMicrophones
    | Talk
    | KeepTalking
    | StopTalking
    | OpenLine
    | CloseLine
    | HearMyself
    | SetKeys
    | SetSendKey
    | Floor
    | Preempted
    | Patch
    | KeepPatch
    | Unpatch
    | KeepForAlarm
    | ReleaseAlarm
    | Bye
    | Stop
)

RecallCommand = (
    Recall
    | CatchUp
    | SetReplaySpeed
    | StopReplay
    | Export
    | ListBursts
    | KeepBursts
    | KeepForAlarm
    | ReleaseAlarm
)
KeyCommand = Talk | KeepTalking | StopTalking | OpenLine | CloseLine | HearMyself | Preempted
TalkCommand = SetMicrophone | GetMicrophones | KeyCommand
PatchCommand = Patch | KeepPatch | Unpatch
SendCommand = Publish | Say | Unpublish | SetSendKey

# --- events: engine to client ---------------------------------------------------------------


class Welcome(Frame, frozen=True, tag="welcome"):
    version: int
    pid: int
    meters: str  # path of the shared-memory file, see audio.meters


class Refused(Frame, frozen=True, tag="refused"):
    """A command that was not done: which, and in one sentence why and what to do."""

    command: str
    why: str
    stream: str = ""


class Talking(Frame, frozen=True, tag="talking"):
    """A burst began or ended on a stream. ``speaker`` is the RTCP SDES NAME/CNAME if known."""

    stream: str
    ssrc: int
    on: bool
    speaker: str = ""
    secured: bool = False
    floor: FloorMark = ""


class FloorMarked(Frame, frozen=True, tag="floor-marked"):
    """In the middle of a burst another thing is known of its floor."""

    stream: str
    ssrc: int
    floor: FloorMark


class Occupied(Frame, frozen=True, tag="occupied"):
    """Somebody else than who sits here sends on a stream, or nobody does any more: packets that
    were accepted have come within the last 0.3 s, heard or not, with the floor or without. What
    listen before talk goes by."""

    stream: str
    on: bool


class StreamFigures(msgspec.Struct, frozen=True):
    """One stream's counts since it was first heard, and its delays now."""

    stream: str
    slot: int  # row in the meters
    spec: StreamSpec  # with key removed
    mix: SetMix
    present: bool  # RTP arrived within the last 3 s
    talking: bool
    speaker: str = ""
    packets: int = 0
    lost: int = 0
    late: int = 0
    concealed: int = 0
    rescued: int = 0  # lost packets that came as a copy in a later one
    refused: int = 0  # malformed, wrong payload type, failed authentication
    jitter_ms: float = 0.0
    delay_ms: float = 0.0
    missed: int = 0  # bursts kept that nobody has heard, see CatchUp
    pan: float = 0.0  # where it is heard now
    output: DeviceRole = "headset"  # and on which device
    secured: bool = False  # only what opens under a key is heard
    kids: tuple[int, ...] = ()  # of those keys, by SetKeys
    kid: int | None = None  # the one under which the last who sent was opened
    floor: FloorMark = ""  # of who talks
    floorless: int = 0  # packets not taken because their sender has no floor
    occupied: bool = False  # see Occupied


class PublicationFigures(msgspec.Struct, frozen=True):
    """``ssrc``: that the next over of the microphone will have, or this one has; a talk permit
    names it. ``kid``: of the key by :class:`SetSendKey`."""

    publication: str
    ssrc: int
    secured: bool
    kid: int | None = None


class PatchFigures(msgspec.Struct, frozen=True):
    """``packets`` sent on; ``looped``: not sent on because another patch had done so before;
    ``lost``: because too much waited to be sent."""

    patch: str
    legs: tuple[PatchLeg, ...]
    packets: int = 0
    looped: int = 0
    lost: int = 0


class RecallFigures(msgspec.Struct, frozen=True):
    """What is kept of the bursts heard; ``note`` says why they are not, in one sentence."""

    bursts: int = 0
    bytes: int = 0
    lost: int = 0  # bursts or packets heard and not kept
    damaged: int = 0  # kept, and can't be read
    note: str = ""


class SecondFigures(msgspec.Struct, frozen=True):
    """The second device, as :class:`Status` has the first one."""

    device: str
    state: DeviceState
    why: str = ""
    dropped: int = 0  # blocks of 10 ms that it could not take
    resyncs: int = 0  # times at which sound was left out or waited for


class MicrophoneFigures(msgspec.Struct, frozen=True):
    """``peak_dbfs`` is what comes from the device itself, where clipping happens."""

    name: str = ""
    state: MicrophoneState = "none"
    why: str = ""
    latency_ms: float = 0.0  # that the device holds, by its own word
    peak_dbfs: float = -120.0
    lost: int = 0  # blocks of 10 ms that nobody had time for
    note: str = ""  # what the processing can't do here


class TalkChanged(Frame, frozen=True, tag="talk-changed"):
    """The microphone's gate. ``why``: it did not open or closed by itself, or what is wrong with
    what goes out. ``publications``: those that hear it. ``cause``: as ``why``, for programs.
    ``line``: it is about a call's line (:class:`OpenLine`), not about an over."""

    state: TalkState
    why: str = ""
    publications: tuple[str, ...] = ()
    cause: TalkCause = ""
    line: bool = False


class NextSsrc(Frame, frozen=True, tag="next-ssrc"):
    """The SSRC that the next over of the microphone on this publication will have. Told to all
    when it is opened and whenever that changes; never within an over."""

    publication: str
    ssrc: int


class PatchChanged(Frame, frozen=True, tag="patch-changed"):
    """A patch began or ended, and if by itself, why."""

    patch: str
    on: bool
    why: str = ""


class Status(Frame, frozen=True, tag="status"):
    """The engine's whole picture; a restarted desk rebuilds its own from it."""

    streams: tuple[StreamFigures, ...]
    device: str
    device_state: DeviceState
    device_why: str = ""  # see DeviceChanged
    device_latency_ms: float = 0.0  # what the device says that it holds itself
    ahead_ms: float = 0.0  # of finished sound that waits for the device, and the limiter's
    publications: tuple[str, ...] = ()
    underflows: int = 0
    unsent: int = 0  # packets of our own streams that the system did not take
    ticks: int = 0
    tick_ms_p99: float = 0.0
    cpu_s: float = 0.0
    refused_commands: int = 0
    unacknowledged_alarms: int = 0
    master: SetMaster = SetMaster()
    recall: RecallFigures = RecallFigures()
    muted_s: float = 0.0  # left of a mute of all voices
    replay: ReplayChanged | None = None  # the last word on one that is going on
    second: SecondFigures | None = None  # None: none was chosen
    microphone: MicrophoneFigures = MicrophoneFigures()
    talk: TalkChanged = TalkChanged("idle")
    heard_s: float = 0.0  # left of a HearMyself
    sending: tuple[PublicationFigures, ...] = ()
    patches: tuple[PatchFigures, ...] = ()
    followed: Followed | None = None


class Slots(Frame, frozen=True, tag="slots"):
    """Which row of the meters belongs to which stream; sent at every change."""

    slots: dict[str, int]


class DeviceChanged(Frame, frozen=True, tag="device-changed"):
    """``why``: nothing plays, or what plays is not what was chosen. ``role``: ``speaker`` is the
    second device."""

    device: str
    state: DeviceState
    why: str = ""
    role: DeviceRole = "headset"


class Devices(Frame, frozen=True, tag="devices"):
    """Names that :class:`SetDevice` takes, and what people call some of them; ``why`` says what
    is missing when there are none."""

    names: tuple[str, ...]
    why: str = ""
    labels: dict[str, str] = {}


class MicrophoneChanged(Frame, frozen=True, tag="microphone-changed"):
    """``why``: there is none, it is silent, or it is not the one that was chosen."""

    microphone: str
    state: MicrophoneState
    why: str = ""


class Microphones(Frame, frozen=True, tag="microphones"):
    """Names that :class:`SetMicrophone` takes, and what people call some of them. What loudspeakers
    play (monitors) is none and is not listed; who names one gets it."""

    names: tuple[str, ...]
    why: str = ""
    labels: dict[str, str] = {}


class HearingMyself(Frame, frozen=True, tag="hearing-myself"):
    """A test of the microphone has begun, with so many ``seconds`` left, or has ended (0)."""

    seconds: float


class BurstSent(Frame, frozen=True, tag="burst-sent"):
    """A ``Say``, or what is said into the microphone, began (``on``) or ended."""

    publication: str
    speaker: str
    ssrc: int
    on: bool


class AllMuted(Frame, frozen=True, tag="all-muted"):
    """A mute of all voices has begun, with so many ``seconds`` left, or has ended (0)."""

    seconds: float


class Followed(Frame, frozen=True, tag="followed"):
    """A group is followed: ``left_s`` is what is left of the hold, None while it is talked in.
    ``stream`` empty: it is over for the group that it ``was``, and ``why``."""

    stream: str
    hold_s: float = 0.0
    left_s: float | None = None
    why: FollowEnd = ""
    was: str = ""


class RecordDone(Frame, frozen=True, tag="record-done"):
    path: str
    seconds: float
    underflows: int


class BurstInfo(msgspec.Struct, frozen=True):
    """A kept burst. Times are unix milliseconds."""

    burst: BurstId
    stream: str
    ssrc: int
    speaker: str
    start_ms: int
    length_ms: int
    encoding: Encoding
    secured: bool
    missed: bool
    floor: FloorMark = ""  # when it began
    alarms: tuple[str, ...] = ()  # that it is kept with


class AlarmKept(Frame, frozen=True, tag="alarm-kept"):
    """These bursts are kept with an alarm from now on."""

    alarm: str
    stream: str
    bursts: tuple[BurstInfo, ...]


class Bursts(Frame, frozen=True, tag="bursts"):
    """The answer to :class:`ListBursts`; ``is_more``: there are older ones."""

    bursts: tuple[BurstInfo, ...]
    is_more: bool = False


class ReplayChanged(Frame, frozen=True, tag="replay-changed"):
    """A replay began, went on to another burst, waits (``why``), or ended (``idle``). ``alarm``: it
    was asked for as that alarm's."""

    state: ReplayState
    kind: ReplayKind = "recall"
    burst: BurstInfo | None = None
    speed: float = 1.0
    remaining: int = 0  # bursts after this one
    why: ReplayWhy = ""
    alarm: str = ""


class Exported(Frame, frozen=True, tag="exported"):
    """Somebody has taken a kept burst out."""

    burst: BurstInfo
    path: str
    format: ExportFormat
    who: str
    seconds: float


Event = (
    Welcome
    | Refused
    | Talking
    | Status
    | Slots
    | DeviceChanged
    | Devices
    | BurstSent
    | RecordDone
    | Bursts
    | ReplayChanged
    | Exported
    | AllMuted
    | Followed
    | MicrophoneChanged
    | Microphones
    | TalkChanged
    | HearingMyself
    | NextSsrc
    | FloorMarked
    | Occupied
    | PatchChanged
    | AlarmKept
)

_commands = msgspec.msgpack.Decoder(Command)
_events = msgspec.msgpack.Decoder(Event)
_encoder = msgspec.msgpack.Encoder()


class ProtocolError(ValueError):
    """A frame that is not one of ours; the message says what was wrong."""


def encode(frame: Frame) -> bytes:
    """One frame with its length in front."""
    body = _encoder.encode(frame)
    limit = MAX_EVENT if isinstance(frame, Event) else MAX_FRAME
    if len(body) > limit:
        raise ProtocolError(f"frame of {len(body)} bytes; at most {limit} are allowed")
    return len(body).to_bytes(4, "big") + body


def decode_command(body: bytes) -> Command:
    """Raises :class:`ProtocolError`."""
    try:
        command: Command = _commands.decode(body)
    except UNREADABLE as error:
        raise ProtocolError(str(error)) from error
    return command


def decode_event(body: bytes) -> Event:
    """Raises :class:`ProtocolError`."""
    try:
        event: Event = _events.decode(body)
    except UNREADABLE as error:
        raise ProtocolError(str(error)) from error
    return event


class Splitter:
    """Cuts a byte stream into frame bodies; holds at most one frame. Pure, no socket."""

    def __init__(self, limit: int = MAX_FRAME) -> None:
        self._buffer = bytearray()
        self._limit = limit

    def feed(self, data: bytes) -> list[bytes]:
        """Bodies completed by ``data``. Raises :class:`ProtocolError` on an oversized frame."""
        self._buffer += data
        bodies = []
        while len(self._buffer) >= 4:
            size = int.from_bytes(self._buffer[:4], "big")
            if size > self._limit:
                raise ProtocolError(f"frame of {size} bytes; at most {self._limit} are allowed")
            if len(self._buffer) < 4 + size:
                break
            bodies.append(bytes(self._buffer[4 : 4 + size]))
            del self._buffer[: 4 + size]
        return bodies

    @property
    def is_amid(self) -> bool:
        """Whether a frame has begun and is not whole."""
        return bool(self._buffer)


def named_stream(command: Command) -> str:
    """Which stream, publication or patch a command is about, if any."""
    if isinstance(command, Listen):
        return command.spec.stream
    names = (getattr(command, one, "") for one in ("stream", "publication", "patch"))
    return next((str(one) for one in names if one), "")


def stream_id(talkgroup: str, host: str) -> str:
    """The identity of a station's stream; mDNS may rename the instance, never this."""
    return f"{talkgroup}@{re.sub(r'[.]$', '', host.lower())}"
