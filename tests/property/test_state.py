"""What holds for every history: order and repetition change nothing, no alarm leaves its table."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from console.domain.alarm import NEXT, Alarm
from console.domain.events import (
    AlarmAcknowledged,
    AlarmClosed,
    AlarmEscalated,
    AlarmNoted,
    AlarmRaised,
    AlarmReopened,
    AlarmState,
    AlarmTaken,
    AlarmUnitsSent,
    AlarmVoiceKept,
    AnyBody,
    CallAnswered,
    CallEnded,
    CallOffered,
    CalloutAnswered,
    CalloutEnded,
    CalloutReminded,
    CalloutSent,
    DutyEnded,
    DutySet,
    Event,
    FloorGranted,
    FloorReleased,
    GroupEnded,
    GroupFormed,
    GroupMemberAdded,
    GroupMemberRemoved,
    HandoverRead,
    LandmarkDefined,
    LandmarkRemoved,
    LayoutSaved,
    MessageDelivered,
    MessageRead,
    MessageSent,
    PatchEnded,
    PatchMade,
    PersonSignedIn,
    PersonSignedOut,
    PinRemoved,
    PinSet,
    Position,
    PositionJoined,
    PositionLeft,
    StandardLayoutSaved,
    StatusChanged,
    StatusMessageSent,
    StoredMessageDefined,
    StoredMessageRemoved,
    TalkgroupDefined,
    TalkgroupRemoved,
    UnitDefined,
    UnitMoved,
    UnitRemoved,
)
from console.domain.mark import id_ms
from console.domain.same_alarm import WINDOW_MS
from console.domain.state import State, apply, apply_all

from ..unit.test_state import ulid

MS = 80  # bits of chance below the milliseconds in an id
KEYS = st.sampled_from(("a", "b", "c"))
GROUPS = st.sampled_from(("g1", "g2"))
PATCHABLE = st.lists(
    st.sampled_from(("g1", "g2", "g3", "g4", "g5")), min_size=2, max_size=3, unique=True
).map(tuple)
SEVERAL = st.lists(KEYS, min_size=1, max_size=3, unique=True).map(tuple)
POSITIONS = st.builds(
    Position, lat=st.floats(-90, 90), lon=st.floats(-180, 180), fixed_ms=st.integers(0, 4)
)
WORDS = st.sampled_from(("", "ja", "nei"))
SAID = st.sampled_from(("ja", "nei"))
TIMES = st.integers(1, 10**6)
MESSAGE_IDS = st.integers(1, 2).map(ulid)
REASONS = st.sampled_from(("real", "test"))

ALARMS: tuple[st.SearchStrategy[AnyBody], ...] = (
    st.builds(AlarmRaised, alarm=KEYS, unit=KEYS, text=WORDS, exercise=st.booleans()),
    st.builds(AlarmRaised, alarm=KEYS, unit=st.just("a")),  # often the same one
    st.builds(AlarmAcknowledged, alarm=KEYS),
    st.builds(AlarmTaken, alarm=KEYS, note=WORDS),
    st.builds(AlarmNoted, alarm=KEYS, text=SAID),
    st.builds(AlarmUnitsSent, alarm=KEYS, units=SEVERAL, text=WORDS),
    st.builds(AlarmClosed, alarm=KEYS, reason=REASONS, note=WORDS),
    st.builds(AlarmReopened, alarm=KEYS, closes=st.just((ulid(1),))),
    st.builds(AlarmEscalated, alarm=KEYS, after_s=st.integers(1, 9)),
    st.builds(AlarmVoiceKept, alarm=KEYS, stream=SAID, bursts=st.just(("1795532122076-0badcafe",))),
)
OTHERS: tuple[st.SearchStrategy[AnyBody], ...] = (
    st.builds(UnitDefined, unit=KEYS, call_sign=KEYS, unit_kind=st.just("ambulance")),
    st.builds(UnitMoved, unit=KEYS, position=POSITIONS),
    st.builds(UnitRemoved, unit=KEYS),
    st.builds(StatusChanged, unit=KEYS, status=KEYS, text=WORDS),
    st.builds(FloorGranted, talkgroup=GROUPS, unit=KEYS),
    st.builds(FloorReleased, talkgroup=GROUPS, unit=KEYS),
    st.builds(TalkgroupDefined, talkgroup=GROUPS, name=KEYS),
    st.builds(TalkgroupRemoved, talkgroup=GROUPS),
    st.builds(PositionJoined, label=KEYS),
    st.builds(PositionLeft, label=KEYS),
    st.builds(PersonSignedIn, name=KEYS),
    st.builds(PersonSignedOut, name=KEYS),
    st.builds(HandoverRead, alarms=st.integers(0, 9)),
)
TWO = st.sampled_from(("a", "b"))  # few, so that events meet
MESSAGES: tuple[st.SearchStrategy[AnyBody], ...] = (
    st.builds(MessageSent, to=GROUPS, text=WORDS, also=SEVERAL),
    st.builds(StatusMessageSent, to=GROUPS, number=st.integers(32_768, 32_770), status=KEYS),
    st.builds(MessageDelivered, message=MESSAGE_IDS, receiver=TWO),
    st.builds(MessageRead, message=MESSAGE_IDS, receiver=TWO),
    st.builds(StoredMessageDefined, stored=TWO, title=SAID, text=SAID),
    st.builds(StoredMessageRemoved, stored=TWO),
)
CALLOUTS: tuple[st.SearchStrategy[AnyBody], ...] = (
    st.builds(CalloutSent, callout=TWO, to=SEVERAL, text=SAID, reminder_s=st.integers(0, 9)),
    st.builds(CalloutAnswered, callout=TWO, by=TWO, answer=st.sampled_from(("yes", "no"))),
    st.builds(CalloutReminded, callout=TWO, number=st.integers(1, 2), to=SEVERAL),
    st.builds(CalloutEnded, callout=TWO, reason=st.sampled_from(("done", "cancelled"))),
)
DUTIES: tuple[st.SearchStrategy[AnyBody], ...] = (
    st.builds(DutySet, duty=TWO, role=SAID, name=SAID, from_ms=TIMES,
              until_ms=TIMES.map(lambda t: t + 10**6), phone=st.just("116117")),
    st.builds(DutyEnded, duty=TWO, ended_ms=TIMES),
    st.builds(PersonSignedIn, name=KEYS),
    st.builds(PersonSignedOut, name=KEYS),
    st.builds(PositionLeft, label=KEYS),
)  # fmt: skip
GROUPINGS: tuple[st.SearchStrategy[AnyBody], ...] = (
    st.builds(GroupFormed, group=GROUPS, name=SAID, members=SEVERAL, lapses_ms=TIMES),
    st.builds(GroupMemberAdded, group=GROUPS, member=TWO),
    st.builds(GroupMemberRemoved, group=GROUPS, member=TWO),
    st.builds(GroupEnded, group=GROUPS, reason=st.sampled_from(("ended", "lapsed"))),
    st.builds(TalkgroupDefined, talkgroup=GROUPS, name=KEYS),
    st.builds(TalkgroupRemoved, talkgroup=GROUPS),
)
PATCHES: tuple[st.SearchStrategy[AnyBody], ...] = (
    st.builds(PatchMade, patch=KEYS, groups=PATCHABLE, lapses_ms=TIMES),
    st.builds(PatchEnded, patch=KEYS, reason=st.sampled_from(("ended", "lapsed"))),
)
CALLS: tuple[st.SearchStrategy[AnyBody], ...] = (
    st.builds(CallOffered, call=TWO, caller=st.just("x"), callee=KEYS),
    st.builds(CallAnswered, call=TWO),
    st.builds(CallEnded, call=TWO, reason=st.sampled_from(("hung-up", "busy"))),
)
LAYOUTS: tuple[st.SearchStrategy[AnyBody], ...] = (
    st.builds(LayoutSaved, favourites=SEVERAL),
    st.builds(StandardLayoutSaved, role=st.sampled_from(("operator", "trainer")),
              favourites=SEVERAL),
)  # fmt: skip
PLACES: tuple[st.SearchStrategy[AnyBody], ...] = (
    st.builds(LandmarkDefined, landmark=TWO, name=KEYS, lat=st.just(60), lon=st.just(10),
              landmark_kind=st.sampled_from(("hospital", "other"))),
    st.builds(LandmarkRemoved, landmark=TWO),
    st.builds(PinSet, pin=TWO, name=KEYS, lat=st.just(60), lon=st.just(10), since_ms=TIMES,
              note=WORDS),
    st.builds(PinRemoved, pin=TWO),
)  # fmt: skip
ALL = (ALARMS, OTHERS, MESSAGES, CALLOUTS, DUTIES, GROUPINGS, PATCHES, CALLS, LAYOUTS, PLACES)
THEMES = tuple(st.one_of(*theme) for theme in ALL)
BODIES = st.one_of(*THEMES)
ANY_THEME = st.sampled_from((*THEMES, BODIES))
"""A history is of one theme, so that its events meet, or of all."""


@st.composite
def histories(
    draw: st.DrawFn,
    bodies: st.SearchStrategy[st.SearchStrategy[AnyBody]] = ANY_THEME,
    authors: tuple[str, ...] = ("x", "y", "z"),
) -> list[Event]:
    """Events of three authors with clocks that disagree. A cause is any earlier event's id, and
    always one that is not merely told live. A reopening takes back any of them, also later ones."""
    count = draw(st.integers(1, 25))
    body = draw(bodies)
    numbers = draw(st.lists(st.integers(0, 10**5), min_size=count, max_size=count, unique=True))
    closes = st.lists(st.sampled_from([ulid(n << MS) for n in numbers]), min_size=1, max_size=4)
    events: list[Event] = []
    for seq, number in enumerate(numbers, 1):
        said = draw(body)
        if isinstance(said, AlarmReopened):
            said = AlarmReopened(said.alarm, tuple(draw(closes)))
        causes = [
            e.id for e in events if not isinstance(e.body, UnitMoved | FloorGranted | FloorReleased)
        ]
        events.append(
            Event(
                id=ulid(number << MS),
                time_ms=draw(st.integers(0, 10**6)),
                author=draw(st.sampled_from(authors)),
                seq=seq,
                body=said,
                cause=draw(st.sampled_from([None, None, *causes])),
                person=draw(st.sampled_from(("", "Kari"))),
                unconfirmed=draw(st.booleans()),
            )
        )
    return events


@st.composite
def shuffled(draw: st.DrawFn) -> tuple[list[Event], list[Event]]:
    events = draw(histories())
    again = draw(st.lists(st.sampled_from(events), max_size=10))
    return events, draw(st.permutations([*events, *again]))


def in_batches(events: Sequence[Event], size: int) -> State:
    state = State()
    for start in range(0, len(events), size):
        state = apply_all(state, events[start : start + size])
    return state


@settings(max_examples=200, deadline=None)
@given(shuffled(), st.integers(1, 7))
def test_any_order_with_any_repetition_in_any_batches_gives_the_same_picture(
    both: tuple[list[Event], list[Event]], size: int
) -> None:
    events, other = both
    assert apply_all(State(), events).picture() == in_batches(other, size).picture()


@settings(max_examples=100, deadline=None)
@given(histories())
def test_applying_again_changes_nothing(events: list[Event]) -> None:
    once = apply_all(State(), events)
    assert apply_all(once, events).picture() == once.picture()
    assert apply_all(State(), events) == once, "two replays, counts and all"


@settings(max_examples=100, deadline=None)
@given(histories(st.just(THEMES[0]), authors=("x",)))
def test_an_alarm_only_goes_where_its_table_lets_it(events: list[Event]) -> None:
    """Told by one author, so that none is the same as another."""
    state = State()
    for event in events:
        new = apply(state, event)
        for key, alarm in new.alarms.items():
            assert is_legal(alarm)
            old = state.alarms.get(key)
            assert alarm.state in REACHABLE[old.state if old is not None else "raised"]
        state = new


@settings(max_examples=120, deadline=None)
@given(histories(st.just(THEMES[0])))
def test_each_alarm_that_was_told_is_seen_once_and_none_hides_behind_a_closed_one(
    events: list[Event],
) -> None:
    state = apply_all(State(), events)
    seen = [key for alarm in state.alarms.values() for key in (alarm.key, *alarm.aliases)]
    assert sorted(seen) == sorted(state.reports)
    for alarm in state.alarms.values():
        assert is_legal(alarm)
        assert len(set(alarm.ways)) == len(alarm.ways) == 1 + len(alarm.aliases)
        for alias in (state.reports[key] for key in alarm.aliases):
            assert (alias.unit, alias.exercise) == (alarm.unit, alarm.exercise)
            assert 0 <= id_ms(alias.raised.id) - id_ms(alarm.raised.id) <= WINDOW_MS
        if alarm.state == "raised":
            reports = (state.reports[key] for key in (alarm.key, *alarm.aliases))
            assert all(report.answered is None for report in reports)


@settings(max_examples=100, deadline=None)
@given(histories(st.just(THEMES[ALL.index(PATCHES)])))
def test_no_group_is_ever_in_two_patches(events: list[Event]) -> None:
    state = State()
    for event in events:
        state = apply(state, event)
        patched = [g for p in state.patches.values() if p.state == "active" for g in p.groups]
        assert len(set(patched)) == len(patched)


@settings(max_examples=100, deadline=None)
@given(histories())
def test_nothing_but_its_end_ends_a_callout(events: list[Event]) -> None:
    ended = {e.body.callout for e in events if isinstance(e.body, CalloutEnded)}
    state = apply_all(State(), events)
    for key, callout in state.callouts.items():
        assert callout.state == "open" or key in ended


@settings(max_examples=100, deadline=None)
@given(histories())
def test_no_state_is_changed_in_place(events: list[Event]) -> None:
    half = len(events) // 2
    before = apply_all(State(), events[:half])
    kept = apply_all(State(), events[:half])
    apply_all(before, events[half:])
    assert before == kept


def reachable() -> dict[AlarmState, set[AlarmState]]:
    """The table's transitive closure."""
    found: dict[AlarmState, set[AlarmState]] = {state: {state} for state in NEXT}
    for _ in NEXT:
        for state, reached in found.items():
            found[state] = reached | {n for r in reached for n in NEXT[r].values()}
    return found


REACHABLE = reachable()


def is_legal(alarm: Alarm) -> bool:
    """Whoever is past ``raised`` has somebody's name for it."""
    match alarm.state:
        case "raised":
            return alarm.answered is None
        case "acknowledged":
            return alarm.acknowledged is not None and alarm.taken is None
        case "in-progress":
            return alarm.taken is not None and not alarm.standing_closes
        case "closed":
            return alarm.answered is not None and alarm.closed is not None
