"""``vaktbord group``: talkgroups of one's own (DGNA), and patches of talkgroups."""

from __future__ import annotations

import argparse
import time
from typing import Any

import msgspec

from console.commands.options import Receivers, key, number, words
from console.commands.saying import (
    Refused,
    Subparsers,
    add_anyway,
    add_command,
    reaches_exercise,
    refuse_unknown,
    say,
    show,
    tell,
)
from console.commands.state import local_time
from console.domain.events import (
    AnyBody,
    GroupEnded,
    GroupFormed,
    GroupMemberAdded,
    GroupMemberRemoved,
    PatchEnded,
    PatchMade,
)
from console.domain.group import Group, Step, allowed
from console.domain.patch import Patch, in_the_way
from console.domain.state import State
from console.site.log.ids import new_id
from console.site.log.subjects import GROUPS, RESOURCES
from console.site.visit import Visit

HOUR_MS = 3_600_000


def add(subparsers: Subparsers[argparse.ArgumentParser], common: argparse.ArgumentParser) -> None:
    """Add the command, its own commands and their options."""
    text = "form a talkgroup of people, change it, end it; patch groups together"
    actions = add_command(subparsers, common, "group", text, (GROUPS, RESOURCES))
    form = actions.add("form", "form a talkgroup, or say anew what one is", _form)
    form.add_argument("name", type=words(12, 1), metavar="NAME", help="12 characters at most")
    form.add_argument(
        "--members", action=Receivers, type=key, nargs="+", required=True, metavar="WHO"
    )
    form.add_argument("--group", type=key, metavar="ID", help="its id (default: made up)")
    add_anyway(form)
    _add_hours(form)
    for name, said, do in (
        ("add", "take somebody in", _add),
        ("remove", "take somebody out", _remove),
    ):
        action = actions.add(name, said, do)
        action.add_argument("group", metavar="ID")
        action.add_argument("member", type=key, metavar="WHO")
        if do is _add:
            add_anyway(action)
    end = actions.add("end", "end a talkgroup that was formed", _end)
    end.add_argument("group", metavar="ID")
    patch = actions.add("patch", "make what is said in one group heard in all of them", _patch)
    patch.add_argument("groups", type=key, nargs="+", metavar="TG", help="two to four")
    patch.set_defaults(check=_two_to_four)
    add_anyway(patch)
    _add_hours(patch)
    unpatch = actions.add("unpatch", "end a patch", _unpatch)
    unpatch.add_argument("patch", metavar="ID")
    listing = actions.add("list", "list formed groups and patches", _list, says=False)
    listing.add_argument("--all", action="store_true", help="ended and refused ones too")


def _add_hours(action: argparse.ArgumentParser) -> None:
    action.add_argument(
        "--hours", type=number(1, 168), default=12, metavar="H",
        help="it lapses by itself after so many (default: %(default)s)",
    )  # fmt: skip


def _two_to_four(options: argparse.Namespace) -> str:
    return "" if 2 <= len(options.groups) <= 4 else "two to four groups are patched"


def _lapse_ms(options: argparse.Namespace) -> int:
    return time.time_ns() // 1_000_000 + int(options.hours) * HOUR_MS


def _form(options: argparse.Namespace, guest: Visit, state: State) -> None:
    refuse_unknown(options, options.members, state.units, state.desks)
    group = options.group or new_id("G")
    if group in state.talkgroups and group not in state.groups:
        raise Refused(f"{group} is a standing talkgroup; choose another id")
    body = GroupFormed(
        group=group,
        name=options.name,
        members=tuple(options.members),
        lapses_ms=_lapse_ms(options),
        exercise=reaches_exercise(state, options.members),
    )
    say(options, guest, body, done="formed", key=group)


def _add(options: argparse.Namespace, guest: Visit, state: State) -> None:
    group = _find(options, state, "add")
    if options.member in group.members:
        raise Refused(f"{options.member} is in {group.key} already")
    refuse_unknown(options, [options.member], state.units, state.desks)
    reaches_exercise(state, (options.member, group.key))  # or it is refused
    _change(options, guest, group, GroupMemberAdded(group.key, options.member), "changed")


def _remove(options: argparse.Namespace, guest: Visit, state: State) -> None:
    group = _find(options, state, "remove")
    if options.member not in group.members:
        raise Refused(f"{options.member} is not in {group.key}")
    _change(options, guest, group, GroupMemberRemoved(group.key, options.member), "changed")


def _end(options: argparse.Namespace, guest: Visit, state: State) -> None:
    group = _find(options, state, "end")
    _change(options, guest, group, GroupEnded(group.key), "ended")


def _change(
    options: argparse.Namespace, guest: Visit, group: Group, body: AnyBody, done: str
) -> None:
    say(options, guest, body, done=done, key=group.key, cause=group.formed.id)


def _find(options: argparse.Namespace, state: State, step: Step) -> Group:
    group = state.groups.get(options.group)
    if group is None:
        raise Refused(
            f"there is no formed group {options.group}; `vaktbord group list` shows those there are"
        )
    if not allowed(group.state, step):
        by = f" (by {group.ended.who})" if group.ended is not None else ""
        raise Refused(f"group {group.key} is ended already{by}")
    return group


def _patch(options: argparse.Namespace, guest: Visit, state: State) -> None:
    refuse_unknown(options, options.groups, state.talkgroups)
    other = in_the_way(options.groups, state.patches.values())
    if other is not None:
        raise Refused(_is_patched(other))
    patch = new_id("P")
    body = PatchMade(patch=patch, groups=tuple(options.groups), lapses_ms=_lapse_ms(options))
    event_id = guest.deliver(body)
    guest.wait_until(lambda known: patch in known.patches)
    made = guest.state.patches.get(patch)
    if made is not None and made.state == "refused":  # somebody was quicker
        raise Refused(_is_patched(guest.state.patches[made.refused_for]))
    tell(options, event_id, done="made", key=patch, what="patch")


def _is_patched(other: Patch) -> str:
    return (
        f"a group is in one patch at most, and {other.key} has {', '.join(other.groups)}; "
        f"`vaktbord group unpatch {other.key}` ends it"
    )


def _unpatch(options: argparse.Namespace, guest: Visit, state: State) -> None:
    patch = state.patches.get(options.patch)
    if patch is None or patch.state != "active":
        raise Refused(
            f"there is no patch {options.patch} now; `vaktbord group list` shows those there are"
        )
    body = PatchEnded(patch.key)
    say(options, guest, body, done="ended", key=patch.key, what="patch", cause=patch.made.id)


def _list(options: argparse.Namespace, _guest: Visit, state: State) -> None:
    groups = [g for _, g in sorted(state.groups.items()) if options.all or g.state == "active"]
    patches = [p for _, p in sorted(state.patches.items()) if options.all or p.state == "active"]
    document = {
        "groups": [_with_state(group, members=group.members) for group in groups],
        "patches": [_with_state(patch) for patch in patches],
    }
    rows = [
        *((g.key, g.name, g.state, _until(g.lapses_ms), ", ".join(g.members)) for g in groups),
        *((p.key, "patch", p.state, _until(p.lapses_ms), " + ".join(p.groups)) for p in patches),
    ]
    show(options, document, rows)


def _with_state(row: Group | Patch, **more: Any) -> dict[str, Any]:
    return {**msgspec.to_builtins(row), "state": row.state, **more}


def _until(lapses_ms: int) -> str:
    return f"until {local_time(lapses_ms)}"
