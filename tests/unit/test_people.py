"""Messages, call-outs, duties, groups, patches and calls: what people see of them."""

from __future__ import annotations

import itertools

import msgspec
import pytest

from console.domain import bounds
from console.domain.call import peer
from console.domain.callout import missing, overview
from console.domain.duty import is_on, on_duty
from console.domain.events import (
    AnyBody,
    BodyError,
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
    GroupEnded,
    GroupFormed,
    GroupMemberAdded,
    GroupMemberRemoved,
    MessageDelivered,
    MessageRead,
    MessageSent,
    PatchEnded,
    PatchMade,
    PersonSignedIn,
    PersonSignedOut,
    PositionJoined,
    PositionLeft,
    StatusMessageSent,
    StoredMessageDefined,
    StoredMessageRemoved,
    TalkgroupDefined,
    UnitDefined,
)
from console.domain.group import MAX_LAPSE_MS, has_lapsed
from console.domain.membership import called_out, members_of
from console.domain.message import receipt_of_each, unread
from console.domain.patch import in_the_way
from console.domain.state import State, apply, apply_all

from .test_state import event, in_turn, ulid

LAPSE = 10**9


def messages(*bodies: AnyBody, author: str = "lv1") -> State:
    return apply_all(State(), [event(n, b, author=author) for n, b in enumerate(bodies, 1)])


# -- messages -----------------------------------------------------------------------------


def test_a_message_to_several_and_who_has_it_and_has_read_it() -> None:
    state = messages(
        MessageSent("amb1", "kjør", also=("amb2", "lv2")),
        MessageDelivered(ulid(1), "amb1"),
        MessageRead(ulid(1), "lv2"),
        MessageRead(ulid(1), "lv3"),
    )
    (message,) = state.messages
    assert message.receivers == ("amb1", "amb2", "lv2")
    receipts = receipt_of_each(message, state.receipts)
    assert [(r.receiver, r.state) for r in receipts] == [
        ("amb1", "delivered"), ("amb2", "sent"), ("lv2", "read"), ("lv3", "read"),
    ]  # fmt: skip


def test_a_receipt_may_come_before_its_message_and_the_first_stands() -> None:
    events = [
        event(1, MessageSent("amb1", "kjør")),
        event(2, MessageRead(ulid(1), "amb1"), person="Kari"),
        event(3, MessageRead(ulid(1), "amb1"), person="Ola"),
    ]
    for order in itertools.permutations(events):
        state = apply_all(State(), order)
        (receipt,) = state.receipts[ulid(1)]
        assert receipt.read is not None
        assert receipt.read.who == "Kari"
        assert state.waiting_count == 0


def test_what_a_desk_has_not_read_is_what_was_sent_to_it_or_to_its_groups_by_others() -> None:
    sent = [
        event(1, MessageSent("lv1", "til plassen")),
        event(2, MessageSent("tg", "til gruppen")),
        event(3, MessageSent("tg", "fra oss selv"), author="lv1"),
        event(4, MessageSent("tg", "fra en enhet", sender="amb1"), author="lv1"),
        event(5, StatusMessageSent("lv1", 32_779, "call-me")),
        event(6, MessageSent("lv2", "til en annen")),
        event(7, MessageRead(ulid(1), "lv1")),
        event(8, MessageRead(ulid(2), "lv2")),
    ]
    state = apply_all(State(), sent)
    new = unread(state.messages, state.receipts, "lv1", {"tg"})
    assert [m.text or m.number for m in new] == ["til gruppen", "fra en enhet", 32_779]
    assert [m.number for m in unread(state.messages, state.receipts, "lv1")] == [32_779]


def test_receipts_are_kept_for_the_newest_messages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounds, "MAX_RECEIVED", 2)
    state = messages(*(MessageRead(ulid(n), "amb1") for n in (3, 1, 2)))
    assert sorted(state.receipts) == [ulid(2), ulid(3)]


def test_a_stored_text_is_changed_and_removed() -> None:
    state = messages(
        StoredMessageDefined("s1", "Ring", "Ring AMK"),
        StoredMessageDefined("s1", "Ring nå", "Ring AMK nå"),
    )
    assert state.stored["s1"].title == "Ring nå"
    assert not apply(state, event(9, StoredMessageRemoved("s1"))).stored
    older = apply(
        apply(State(), event(9, StoredMessageRemoved("s1"))), event(1, MessageSent("a", ""))
    )
    assert not apply(older, event(2, StoredMessageDefined("s1", "Ring", "x"))).stored


# -- call-outs ----------------------------------------------------------------------------

SENT = CalloutSent("C1", ("amb1", "dok", "g"), "Ulykke", reminder_s=30)


def test_who_has_answered_what_and_who_has_not() -> None:
    state = apply_all(
        State(),
        in_turn(
            UnitDefined("fr1", "FR 1", "first-responder", talkgroup="g"),
            UnitDefined("fr2", "FR 2", "first-responder", talkgroup="g"),
            TalkgroupDefined("g", "Bygda FR"),
            SENT,
            CalloutAnswered("C1", "amb1", "yes"),
            CalloutAnswered("C1", "fr2", "delayed", delay_min=10),
            CalloutAnswered("C1", "amb1", "no"),
            CalloutAnswered("C1", "amb9", "yes"),
        ),
    )
    callout = state.callouts["C1"]
    members = called_out(state, callout.to)
    lines = overview(callout, members)
    assert [(x.who, x.via, x.answer and x.answer.answer) for x in lines] == [
        ("amb1", "", "no"), ("dok", "", None), ("fr1", "g", None), ("fr2", "g", "delayed"),
        ("amb9", "", "yes"),
    ]  # fmt: skip
    assert missing(callout, members) == ("dok", "fr1")
    assert overview(callout, {})[2].who == "g", "without known members a group stands for itself"


def test_two_nodes_reminding_are_one_reminder() -> None:
    both = [
        event(n, CalloutReminded("C1", 1, ("dok",)), author=f"node{n}", person=str(n))
        for n in (5, 6)
    ]
    for order in itertools.permutations([event(1, SENT), *both]):
        ((number, mark),) = apply_all(State(), order).callouts["C1"].reminded
        assert (number, mark.author) == (1, "node5")


def test_a_full_table_lets_ended_callouts_go_and_never_an_open_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(bounds, "MAX_CALLOUTS", 2)
    sent = [msgspec.structs.replace(SENT, callout=f"C{n}") for n in range(4)]
    state = apply_all(State(), in_turn(sent[0], CalloutEnded("C0", "done"), *sent[1:]))
    assert sorted(state.callouts) == ["C1", "C2"]
    assert state.counts.refused == 1


# -- duties -------------------------------------------------------------------------------


def duty(key: str, begins: int, ends: int, role: str = "LV-lege") -> DutySet:
    return DutySet(key, role, f"Lege {key}", begins, ends, unit="dok")


def names(state: State, now_ms: int) -> dict[str, list[str]]:
    return {
        role: [d.name for d in on] for role, on in on_duty(state.duties.values(), now_ms).items()
    }


def test_who_is_on_duty_is_a_question_of_time_and_at_a_hand_over_there_are_two() -> None:
    state = apply_all(
        State(),
        in_turn(duty("a", 0, 100), duty("b", 90, 200), duty("n", 0, 200, "Sykepleier")),
    )
    assert names(state, 50) == {"LV-lege": ["Lege a"], "Sykepleier": ["Lege n"]}
    assert names(state, 95)["LV-lege"] == ["Lege b", "Lege a"], "the one to call stands first"
    assert names(state, 100)["LV-lege"] == ["Lege b"]
    assert names(state, 200) == {}


def test_a_duty_ends_early_or_is_set_anew() -> None:
    events = in_turn(duty("a", 0, 100), DutyEnded("a", 60))
    for order in itertools.permutations(events):
        state = apply_all(State(), order)
        assert is_on(state.duties["a"], 59)
        assert not is_on(state.duties["a"], 60)
    again = apply(state, event(3, duty("a", 0, 100)))
    assert is_on(again.duties["a"], 60)


def test_at_the_bound_the_duties_that_ended_first_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounds, "MAX_DUTIES", 2)
    monkeypatch.setattr(bounds, "ENDED_DROPPED", 1)
    state = apply_all(State(), in_turn(duty("a", 0, 300), duty("b", 0, 100), duty("c", 0, 200)))
    assert sorted(state.duties) == ["a", "c"]


# -- groups and patches -------------------------------------------------------------------


def test_a_formed_group_has_members_and_a_tile_until_it_ends() -> None:
    state = apply_all(
        State(),
        in_turn(
            GroupFormed("g", "KOLS 68", ("lv1", "amb1"), LAPSE),
            GroupMemberAdded("g", "spes"),
            GroupMemberRemoved("g", "amb1"),
        ),
    )
    assert state.groups["g"].members == ("lv1", "spes")
    assert members_of(state, "g") == frozenset({"lv1", "spes"})
    assert (state.talkgroups["g"].name, state.talkgroups["g"].group_kind) == ("KOLS 68", "dynamic")
    ended = apply(state, event(9, GroupEnded("g")))
    assert "g" not in ended.talkgroups
    assert members_of(ended, "g") == frozenset()
    assert members_of(ended, "lv") is None, "of a standing group no event names the members"


def test_forming_a_group_again_prolongs_it_renames_it_and_says_anew_who_is_in() -> None:
    events = in_turn(
        GroupFormed("g", "Gammel", ("lv1",), 100),
        GroupMemberAdded("g", "amb1"),
        GroupFormed("g", "Ny", ("lv1", "amb2"), LAPSE),
        GroupMemberAdded("g", "amb3"),
    )
    for order in itertools.permutations(events):
        state = apply_all(State(), order)
        group = state.groups["g"]
        assert (group.name, group.members) == ("Ny", ("amb2", "amb3", "lv1"))
        assert not has_lapsed(group, 100)
        assert state.talkgroups["g"].name == "Ny"


def test_no_group_lasts_for_ever() -> None:
    state = apply(State(), event(1, GroupFormed("g", "Lang", ("lv1",), 2**52), time_ms=5))
    group = state.groups["g"]
    assert not has_lapsed(group, 4 + MAX_LAPSE_MS)
    assert has_lapsed(group, 5 + MAX_LAPSE_MS)


def test_of_two_patches_with_one_group_the_older_stands_whichever_comes_first() -> None:
    events = in_turn(PatchMade("P1", ("a", "b"), LAPSE), PatchMade("P2", ("b", "c"), LAPSE))
    events.append(event(9, PatchMade("P3", ("c", "d"), LAPSE)))
    for order in itertools.permutations(events):
        patches = apply_all(State(), order).patches
        assert [patches[p].state for p in ("P1", "P2", "P3")] == ["active", "refused", "active"]
        assert patches["P2"].refused_for == "P1"
        assert in_the_way(["x", "d"], patches.values()) is patches["P3"]
        assert in_the_way(["x"], patches.values()) is None


def test_a_refused_patch_stays_refused_and_the_freed_group_can_be_patched_anew() -> None:
    state = apply_all(
        State(),
        in_turn(
            PatchMade("P1", ("a", "b"), LAPSE), PatchMade("P2", ("b", "c"), LAPSE),
            PatchEnded("P1"), PatchMade("P3", ("b", "c"), LAPSE),
        ),
    )  # fmt: skip
    assert [state.patches[p].state for p in ("P1", "P2", "P3")] == ["ended", "refused", "active"]


def test_no_refused_patch_outlives_the_one_it_was_refused_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(bounds, "MAX_PATCHES", 2)
    state = apply_all(
        State(),
        in_turn(
            PatchMade("P1", ("a", "b"), LAPSE), PatchMade("P2", ("b", "c"), LAPSE),
            PatchEnded("P1"), PatchMade("P3", ("d", "e"), LAPSE),
        ),
    )  # fmt: skip
    assert sorted(state.patches) == ["P3"]


# -- calls and people ---------------------------------------------------------------------


def test_a_call_between_two() -> None:
    state = apply(State(), event(1, CallOffered("I1", "lv1", "amb1", "full")))
    call = state.calls["I1"]
    assert (call.state, call.duplex, peer(call, "lv1"), peer(call, "amb1")) == (
        "ringing", "full", "amb1", "lv1",
    )  # fmt: skip
    assert members_of(state, "I1") == frozenset({"lv1", "amb1"})
    both = [event(n, CallAnswered("I1"), author=f"lv{n}") for n in (2, 3)]
    for order in itertools.permutations(both):
        answered = apply_all(state, order).calls["I1"].answered
        assert answered is not None
        assert answered.author == "lv2", "the first to answer has it"
    over = apply(state, event(5, CallEnded("I1", "busy")))
    assert (over.calls["I1"].state, over.calls["I1"].reason) == ("ended", "busy")
    assert members_of(over, "I1") == frozenset()


def test_who_sits_at_a_desk_is_the_newest_word() -> None:
    events = [
        event(1, PositionJoined("Plass 1"), author="lv1"),
        event(2, PersonSignedIn("Kari"), author="lv1"),
        event(3, PersonSignedIn("Ola"), author="lv1"),
    ]
    for order in itertools.permutations(events):
        desk = apply_all(State(), order).desks["lv1"]
        assert (desk.label, desk.person, desk.person_ms, desk.present) == (
            "Plass 1", "Ola", 3, True,
        )  # fmt: skip
    state = apply_all(State(), [*events, event(4, PersonSignedOut("Ola"), author="lv1")])
    assert state.desks["lv1"].person == ""
    left = apply(state, event(5, PositionLeft("Plass 1"), author="lv1"))
    assert not left.desks["lv1"].present
    early = apply(State(), event(1, PersonSignedIn("Kari"), author="lv9")).desks["lv9"]
    assert (early.label, early.present, early.person) == ("lv9", False, "Kari")


@pytest.mark.parametrize(
    "make",
    [
        lambda: DutySet("d", "r", "n", 5, 5, phone="110"),
        lambda: DutySet("d", "r", "n", 0, 5),
        lambda: CalloutAnswered("c", "a", "yes", delay_min=5),
        lambda: CalloutSent("c", ("a", "a"), "x"),
        lambda: CalloutSent("c", ("a",), "x", answers=("yes", "yes")),
        lambda: MessageSent("a", "x", also=("a",)),
        lambda: StatusMessageSent("a", 32_768, also=("b", "b")),
        lambda: PatchMade("p", ("a", "a"), 1),
        lambda: GroupFormed("g", "n", ("a", "a"), 1),
        lambda: CallOffered("i", "a", "a"),
    ],
)
def test_fields_that_do_not_go_together_are_no_event(make: object) -> None:
    assert callable(make)
    with pytest.raises(BodyError):
        make()


def test_such_an_event_on_the_wire_is_refused_like_any_other_malformed_one() -> None:
    good = msgspec.json.encode(event(1, PatchMade("p", ("a", "b"), 1)))
    assert msgspec.json.decode(good, type=Event).body == PatchMade("p", ("a", "b"), 1)
    with pytest.raises(msgspec.ValidationError, match="twice"):
        msgspec.json.decode(good.replace(b'["a","b"]', b'["a","a"]'), type=Event)
