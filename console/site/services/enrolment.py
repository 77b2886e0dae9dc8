"""Enrolment at the site: who knows a one-time code gets a certificate, or becomes a node of the
site; members renew theirs, and are taken out, as nodes are.

Codes are made, and members taken out, by who may read the site's own folder: that is what its
node's certificate proves. What a newcomer must prove is in :mod:`console.site.security.proof`.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from functools import partial
from typing import Annotated, Final

import msgspec
from msgspec import Meta

from console.domain.events import AnyBody, CodeTried, MemberEnrolled, MemberRevoked
from console.domain.roles import MemberRole, Newcomer
from console.site.address import SiteError
from console.site.node.nodes import KnownNode, new_name
from console.site.node.papers import LOCAL, new_change
from console.site.security import pki, proof
from console.site.security.codes import LIFE_S, Codes, OpenCode, shown
from console.site.security.members import Member, MemberId
from console.site.security.proof import (
    Admitted,
    AdmittedNode,
    Begun,
    Claim,
    Refused,
    Seen,
    Why,
)
from console.site.security.rate import Rate, host_of
from console.site.security.tries import Tries
from console.site.services.answering import Ask
from console.site.services.door import Door, Reply
from console.site.services.service import NodeContext

log = logging.getLogger(__name__)

SERVICE: Final = "enrol"
"""Any node renews."""


def at_node(name: str) -> str:
    """The service of one node alone, in whose memory the codes are."""
    return f"enrol-{name}"


KNOCKS_EACH: Final = 12
KNOCKS_TOGETHER: Final = 6_000
"""A minute, from one address and from all; an enrolment takes two. They are cheap: what isn't, a
proof, has bounds of its own, which no crowd of addresses uses up for others."""
PROOF_WAIT_S: Final = 5.0
"""For those before one: proofs are computed one at a time."""
STATUS: Final[dict[Why, int]] = {
    "malformed": 400, "wrong-code": 403, "no-code": 403, "other-kind": 403, "too-late": 403,
    "not-found": 404, "slow-down": 429, "busy": 503, "failed": 500,
}  # fmt: skip
WORDS: Final[dict[Why, str]] = {
    "malformed": "that is no enrolment",
    "wrong-code": "the code is wrong, or something on the way is not what it seems to be",
    "no-code": "no code is open at this site: make one there with `vaktbord enrol`",
    "other-kind": "that code is for something else, and still good: a position enrols with "
    "`vaktbord enrol --join`, a node with `vaktbord site --join`",
    "too-late": "that took too long; begin again",
    "not-found": "there is nothing here but enrolment",
    "slow-down": "too many tries; wait a minute (the code stays good)",
    "busy": "the site is busy; try again in a moment",
    "failed": "the site could not write it down; see its log, then make a new code",
}
RESERVED: Final = ("node", "system", "site")
"""How names of the site's own begin."""


class NewCode(msgspec.Struct, frozen=True):
    """Asks for a code. ``label`` is for people."""

    name: MemberId
    role: MemberRole
    label: Annotated[str, Meta(max_length=64)] = ""


class CodeMade(msgspec.Struct, frozen=True):
    """``again``: the name is enrolled, and its certificate counts no more once the code is used.
    ``door`` is the port."""

    name: str
    code: str
    seconds: float
    door: int
    again: bool = False


class NewNode(msgspec.Struct, frozen=True):
    """Asks for a code for another node, which the site names."""

    label: Annotated[str, Meta(max_length=64)] = ""


class TakeOut(msgspec.Struct, frozen=True):
    name: MemberId


class CodeOpen(msgspec.Struct, frozen=True):
    """The code itself is known to who asked for it, and to nobody else. ``seconds``: left."""

    name: str
    role: Newcomer
    label: str
    seconds: float
    wrong: int


class CodesOpen(msgspec.Struct, frozen=True):
    codes: tuple[CodeOpen, ...]


class KnownNodes(msgspec.Struct, frozen=True):
    nodes: tuple[KnownNode, ...]


class Renew(msgspec.Struct, frozen=True):
    """By a member itself."""

    request: proof.Pem


class Renewed(msgspec.Struct, frozen=True):
    certificate: proof.Pem


class Done(msgspec.Struct, frozen=True):
    done: bool = True


class Enrolment:
    """``tell`` publishes an event."""

    def __init__(
        self,
        context: NodeContext,
        authority: pki.Authority,
        door: Door,
        tell: Callable[[AnyBody], None],
    ) -> None:
        self._context = context
        self._authority = authority
        self._door = door
        self._tell = tell
        self._lock = threading.Lock()  # guards the codes, nonces, rate and tries
        self._proving = threading.Lock()
        self._codes = Codes()
        self._nonces = proof.Nonces()
        self._rate = Rate(KNOCKS_EACH, KNOCKS_TOGETHER)
        self._tries = Tries()

    # -- at the door ----------------------------------------------------------------------

    def knock(self, path: str, body: bytes, address: str) -> Reply:
        """One request of somebody who may be anybody."""
        paths: dict[str, Callable[[bytes, str], Reply]] = {
            "/enrol/begin": self._begin,
            "/enrol/claim": partial(self._claim, node=False),
            "/enrol/node": partial(self._claim, node=True),
        }
        doing = paths.get(path)
        if doing is None:
            return _refused("not-found")
        with self._lock:
            if not self._rate.allows(host_of(address), time.monotonic()):
                return _refused("slow-down")
        try:
            return doing(body, address)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            return _refused("malformed")
        except (SiteError, OSError):
            log.exception("an enrolment failed")
            return _refused("failed")

    def _begin(self, body: bytes, _address: str) -> Reply:
        msgspec.json.decode(body, type=proof.Begin)
        with self._lock:
            nonce = self._nonces.new(time.monotonic())
        return _said(Begun(self._authority.site_id, nonce))

    def _claim(self, body: bytes, address: str, *, node: bool) -> Reply:
        """What costs nothing is looked at first."""
        claim = msgspec.json.decode(body, type=Claim)
        with self._lock:
            if not self._codes.usable(time.monotonic()):
                return _refused("no-code")
            if not self._nonces.is_fresh(claim.site_nonce, time.monotonic()):
                return _refused("too-late")
        if not pki.is_request(claim.request):
            return _refused("malformed")
        with self._lock:
            if not self._tries.allows(host_of(address), time.monotonic()):
                return _refused("slow-down")
        if not self._proving.acquire(timeout=PROOF_WAIT_S):
            return _refused("busy")
        try:
            return self._prove(claim, address, node)
        finally:
            self._proving.release()

    def _prove(self, claim: Claim, address: str, node: bool) -> Reply:
        """One at a time: a code can't be used twice."""
        site = self._authority.site_id
        seen = Seen(claim.nonce, claim.site_nonce, site, pki.digest(self._door.certificate))
        with self._lock:
            usable = self._codes.usable(time.monotonic())
        for code in usable:
            key = proof.key_of(code.code, seen)
            right = proof.newcomers_proof(key, seen, claim.request, node=node)
            if proof.is_same(right, claim.proof):
                return self._let_in(code, key, seen, claim.request, address, node=node)
        if not usable:
            return _refused("no-code")
        self._count_wrong(address)
        return _refused("wrong-code")

    def _let_in(
        self, code: OpenCode, key: bytes, seen: Seen, request: str, address: str, *, node: bool
    ) -> Reply:
        """Who knows the code. Raises SiteError, OSError."""
        if (code.role == "node") != node:
            return _refused("other-kind")
        with self._lock:
            self._codes.use(code)
            self._rate.forgive(host_of(address))
            self._tries.right(host_of(address))
        if code.role == "node":
            return _said(self._admit_node(code, key, seen, request))
        return _said(self._admit(code, code.role, key, seen, request))

    def _count_wrong(self, address: str) -> None:
        log.warning("a wrong enrolment code was tried from %s", address)
        with self._lock:
            telling = self._codes.tried_wrong()
        for code in telling:
            log.warning("%d wrong codes while the one for %s is open", code.wrong, code.name)
            self._tell(CodeTried(code.name, code.role, code.wrong))

    def _admit_node(self, code: OpenCode, key: bytes, seen: Seen, request: str) -> AdmittedNode:
        """What it gets is all that the site is, so nothing of it is said to who knows no code.
        Raises SiteError, OSError."""
        given = self._context.nodes.admit(code.name)
        who = pki.MemberName(given.me.name, "site", given.me.generation)
        certificate = self._authority.issue_member(who, request)
        log.info("%s becomes a node of this site", given.me.name)
        self._tell(MemberEnrolled(given.me.name, code.role, code.label))
        ca, pack = self._authority.pem, msgspec.json.encode(given).decode()
        made = proof.sites_proof(key, seen, ca, certificate, pack)
        return AdmittedNode(certificate, ca, pack, made)

    def _admit(
        self, code: OpenCode, role: MemberRole, key: bytes, seen: Seen, request: str
    ) -> Admitted:
        """Raises SiteError, OSError."""
        member = Member(code.name, role, pki.new_generation(), new_change(), code.label)
        certificate = self._authority.issue_member(member.named, request)
        self._context.change_member(member)
        log.info("%s is enrolled as %s", member.name, member.role)
        self._tell(MemberEnrolled(member.name, role, member.label))
        ca = self._authority.pem
        return Admitted(
            certificate=certificate,
            ca=ca,
            proof=proof.sites_proof(key, seen, ca, certificate),
            name=member.name,
            role=role,
            site=self._context.address.place.name,
            port=self._context.address.place.port,
            label=member.label,
        )

    # -- asked by members, and by who is the site -----------------------------------------

    def answer_member(self, question: Ask) -> bytes:
        """Raises SiteError."""
        if question.key != "renew":
            raise SiteError("that is not for this member to ask")
        return msgspec.json.encode(self._renew(question))

    def answer_site(self, question: Ask) -> bytes:
        """Raises SiteError."""
        doing = {
            "open": self._open,
            "codes": self._codes_open,
            "cancel": self._cancel,
            "revoke": self._revoke,
            "open-node": self._open_node,
            "nodes": self._nodes,
            "remove-node": self._remove_node,
        }.get(question.key)
        if doing is None or question.role != "site":
            raise SiteError("that is not for this member to ask")
        try:
            return msgspec.json.encode(doing(question.payload))
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise SiteError(f"the site does not understand: {error}") from error
        except OSError as error:
            raise SiteError(f"the site could not write it down: {error}") from error

    def _open(self, payload: bytes) -> CodeMade:
        wanted = msgspec.json.decode(payload, type=NewCode)
        own = (*RESERVED, *LOCAL.values())
        if wanted.name.partition("-")[0] in own:
            raise SiteError(f"{wanted.name} can't be a member's name: the site's own begin so")
        if self._context.nodes.is_waiting:
            raise SiteError(
                "this node has no server until there are three: make the code at the node that "
                "holds the log (`vaktbord site --nodes` shows where it is)"
            )
        made = self._opened(wanted.name, wanted.role, wanted.label)
        again = any(one.name == wanted.name for one in self._context.members())
        return msgspec.structs.replace(made, again=again)

    def _opened(self, name: str, role: Newcomer, label: str) -> CodeMade:
        """Raises SiteError at the bound."""
        with self._lock:
            code = self._codes.open(name, role, label, time.monotonic())
        log.info("a code for %s (%s) is open for %.0f s", name, role, LIFE_S)
        return CodeMade(name, shown(code.code), LIFE_S, self._door.port)

    def _codes_open(self, _payload: bytes) -> CodesOpen:
        now_s = time.monotonic()
        with self._lock:
            usable = self._codes.usable(now_s)
        return CodesOpen(
            tuple(
                CodeOpen(one.name, one.role, one.label, one.ends_s - now_s, one.wrong)
                for one in usable
            )
        )

    def _cancel(self, payload: bytes) -> Done:
        name = msgspec.json.decode(payload, type=TakeOut).name
        with self._lock:
            ended = self._codes.cancel(name, time.monotonic())
        if ended is None:
            raise SiteError(f"no code is open for {name}; `vaktbord enrol --codes` shows which are")
        log.info("the code for %s was ended", name)
        return Done()

    def _open_node(self, payload: bytes) -> CodeMade:
        label = msgspec.json.decode(payload, type=NewNode).label
        self._context.nodes.expect()
        return self._opened(new_name(), "node", label)

    def _nodes(self, _payload: bytes) -> KnownNodes:
        return KnownNodes(self._context.nodes.known())

    def _remove_node(self, payload: bytes) -> Done:
        name = msgspec.json.decode(payload, type=TakeOut).name
        self._context.nodes.remove(name)
        log.info("the node %s was taken out", name)
        self._tell(MemberRevoked(name))
        return Done()

    def _revoke(self, payload: bytes) -> Done:
        name = msgspec.json.decode(payload, type=TakeOut).name
        known = next((one for one in self._context.members() if one.name == name), None)
        if known is None:
            raise SiteError(f"{name} is no member; `vaktbord enrol --list` shows who is")
        out = msgspec.structs.replace(known, revoked=True, changed=new_change())
        self._context.change_member(out)
        log.info("%s was taken out", name)
        self._tell(MemberRevoked(name))
        return Done()

    def _renew(self, question: Ask) -> Renewed:
        try:
            wanted = msgspec.json.decode(question.payload, type=Renew)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise SiteError(f"the site does not understand: {error}") from error
        for member in self._context.members():
            if (member.name, member.role) == (question.member, question.role):
                return Renewed(self._authority.issue_member(member.named, wanted.request))
        raise SiteError(f"{question.member} is no member any more")


def _said(answer: msgspec.Struct) -> Reply:
    return Reply(200, msgspec.json.encode(answer))


def _refused(why: Why) -> Reply:
    return Reply(STATUS[why], msgspec.json.encode(Refused(why, WORDS[why])))
