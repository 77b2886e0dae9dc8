"""DNS-SD bookkeeping for one service type: who claims which instance, for how long, what to ask.

Pure: records and times in, services and questions out. Everything comes from hostile packets, so
every table has a bound. At a bound the newcomer takes the place of the newest that was heard only
once (a station repeats itself, a flood does not), or is refused and counted; what is known stays.

An instance name may be claimed by several hosts (a conflict, or a rogue): each keeps its own
claim with its own port and TXT. A TXT record belongs to the SRV that came in the same packet;
alone it is taken only where one host claims the name.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Final, Literal

import msgspec

from console.streams.announcement import Service

MAX_CLAIMS: Final = 512  # services of this type on the whole network
MAX_CLAIMS_PER_HOST: Final = 256
MAX_CLAIMS_PER_NAME: Final = 8
MAX_PENDING: Final = 512  # names heard of, but not where; the oldest makes room
MAX_ADDRESSES: Final = 8
MAX_TEXT_BYTES: Final = 1_300
MAX_NAME: Final = 255

MAX_LIFE_S: Final = 12.0
"""However long a TTL (avahi: 120 s), a station that has died is gone after this."""
PENDING_LIFE_S: Final = 12.0
ADDRESS_LIFE_S: Final = 60.0
FIRST_ASK: Final = (0.55, 0.70)  # of the life; spread, as one desk's question serves all
ASK_AGAIN: Final = 0.13  # of the life: three more chances before it ends
PENDING_ASKS_S: Final = (0.0, 0.4, 1.0, 3.0)
COMPLETE_S: Final = (0.1, 0.4, 1.0, 3.0)  # when a TXT or an address is asked for that is missing
QUESTIONS_BURST: Final = 256
QUESTIONS_PER_S: Final = 64.0
CONFIRMED_S: Final = 0.5  # a station that is heard again after this is not evicted
EVICTIONS_BURST: Final = 16
EVICTIONS_PER_S: Final = 32.0  # a flood must not become a flood of changes
BROWSE_AT_S: Final = (0.0, 1.0, 3.0, 7.0)
BROWSE_EVERY_S: Final = 60.0

Kind = Literal["ptr", "srv", "txt", "address"]
Counted = Literal[
    "table-full",
    "host-full",
    "name-full",
    "pending-full",
    "ambiguous-txt",
    "too-long",
    "evicted",
]


class Record(msgspec.Struct, frozen=True):
    """One DNS record. ``target``: the instance of a PTR, the host of an SRV, an address."""

    kind: Kind
    name: str
    ttl_s: float  # 0: goodbye
    target: str = ""
    port: int = 0
    text: bytes = b""


class Question(msgspec.Struct, frozen=True):
    """``at_once``: the answer may come by unicast (QU, RFC 6762 section 5.4)."""

    name: str
    kind: Kind
    at_once: bool = False


class _Claim:
    """One host's word on one instance name."""

    def __init__(self, name: str, host: str, now_s: float) -> None:
        self.name = name
        self.host = host
        self.port = 0
        self.text: bytes | None = None
        self.since_s = now_s
        self.is_confirmed = False
        self.until_s = 0.0
        self.ask_s = 0.0
        self.ask_gap_s = 1.0
        self.complete_s = 0.0
        self.completed = 0


class _Pending:
    """An instance name of which no SRV is known yet."""

    def __init__(self, name: str, now_s: float) -> None:
        self.name = name
        self.since_s = now_s
        self.asked = 0


class _Bucket:
    """A token bucket: how often something may be done."""

    def __init__(self, burst: int, per_s: float) -> None:
        self._burst = float(burst)
        self._per_s = per_s
        self._tokens = self._burst
        self._at_s = 0.0

    def take(self, now_s: float) -> bool:
        grown = self._tokens + (now_s - self._at_s) * self._per_s
        self._tokens, self._at_s = min(self._burst, grown), now_s
        if self._tokens < 1.0:
            return False
        self._tokens -= 1.0
        return True


class Records:
    """All that is known of one service type, e.g. ``_rtp._udp.local.``."""

    def __init__(
        self, type_: str, spread: Callable[[float, float], float] = random.uniform
    ) -> None:
        self._type = type_.lower()
        self._spread = spread
        self._claims: dict[tuple[str, str], _Claim] = {}  # in the order of their first word
        self._hosts_of: dict[str, list[str]] = {}  # instance to hosts
        self._names_at: Counter[str] = Counter()  # host to number of its claims
        self._addresses: dict[str, dict[str, float]] = {}  # host to address to its end
        self._pending: dict[str, _Pending] = {}
        self._questions = _Bucket(QUESTIONS_BURST, QUESTIONS_PER_S)
        self._evictions = _Bucket(EVICTIONS_BURST, EVICTIONS_PER_S)
        self._browse_from_s: float | None = None
        self._browsed = 0
        self.counts: Counter[Counted] = Counter()

    def take(self, records: Sequence[Record], now_s: float) -> bool:
        """The records of one packet. Returns whether :meth:`services` may have changed."""
        fitting = [one for one in records if self._fits(one)]
        order = {"ptr": 0, "srv": 1, "txt": 2, "address": 3}
        fitting.sort(key=lambda one: order[one.kind])
        hosts = {one.name.lower(): one.target.lower() for one in fitting if _is_live(one, "srv")}
        changed = False
        for one in fitting:
            changed |= self._take_one(one, hosts.get(one.name.lower()), now_s)
        return changed

    def is_known(self, record: Record) -> bool:
        """Whether the record is about something in the tables: what else is cached may go."""
        key = record.name.lower()
        if record.kind == "ptr":
            target = record.target.lower()
            return key == self._type and (target in self._hosts_of or target in self._pending)
        if record.kind == "address":
            return key in self._names_at
        return key in self._hosts_of or key in self._pending

    def expire(self, now_s: float) -> bool:
        """Forget what has not been confirmed in time. Returns whether services have gone."""
        dead = [key for key, claim in self._claims.items() if claim.until_s <= now_s]
        for key in dead:
            self._forget(key)
        for name, pending in list(self._pending.items()):
            if now_s - pending.since_s > PENDING_LIFE_S:
                del self._pending[name]
        for known in self._addresses.values():
            for address in [one for one, until_s in known.items() if until_s <= now_s]:
                del known[address]
        return bool(dead)

    def restart(self, now_s: float) -> None:
        """New sockets: browse from the beginning."""
        self._browse_from_s, self._browsed = now_s, 0

    def questions(self, now_s: float) -> tuple[Question, ...]:
        """What to ask the network now; bounded by a rate."""
        asked: list[Question] = []
        if self._is_browse_due(now_s):
            asked += self._browse()
        asked += self._ask_pending(now_s)
        asked += self._ask_claims(now_s)
        return tuple(dict.fromkeys(asked))

    def services(self) -> tuple[Service, ...]:
        """Every claim of which host, port and TXT are known; the first to claim comes first."""
        return tuple(
            Service(
                name=self._label(claim.name),
                host=claim.host,
                port=claim.port,
                text=claim.text,
                addresses=tuple(sorted(self._addresses.get(claim.host, ()))),
            )
            for claim in self._claims.values()
            if claim.text is not None
        )

    def _fits(self, record: Record) -> bool:
        """Of this type, and of a size that a name, host or TXT can have."""
        if not self._is_ours(record):
            return False
        is_short = max(len(record.name), len(record.target)) <= MAX_NAME
        if is_short and len(record.text) <= MAX_TEXT_BYTES:
            return True
        self.counts["too-long"] += 1
        return False

    def _is_ours(self, record: Record) -> bool:
        """Addresses may be of our hosts or not: that is seen when they are taken."""
        key = record.name.lower()
        if record.kind == "ptr":
            return key == self._type and self._is_instance(record.target.lower())
        return record.kind == "address" or self._is_instance(key)

    def _is_instance(self, key: str) -> bool:
        return key.endswith(f".{self._type}") and len(key) > len(self._type) + 1

    def _label(self, name: str) -> str:
        return name[: -len(self._type) - 1]

    def _take_one(self, record: Record, host: str | None, now_s: float) -> bool:
        match record.kind:
            case "ptr":
                return self._pointer(record, now_s)
            case "srv":
                return self._service(record, now_s)
            case "txt":
                return self._text(record, host)
            case _:
                return self._address(record, now_s)

    def _pointer(self, record: Record, now_s: float) -> bool:
        key = record.target.lower()
        if record.ttl_s > 0:
            if key not in self._hosts_of and key not in self._pending:
                self._add_pending(record.target, now_s)
            return False
        self._pending.pop(key, None)
        hosts = list(self._hosts_of.get(key, ()))
        if len(hosts) > 1:  # whose goodbye it was is not said: ask those that claim the name
            self._ask_soon(key, now_s)
            return False
        for host in hosts:
            self._forget((key, host))
        return bool(hosts)

    def _ask_soon(self, key: str, now_s: float) -> None:
        for host in self._hosts_of[key]:
            claim = self._claims[key, host]
            claim.ask_s, claim.ask_gap_s = now_s, 0.5
            claim.until_s = min(claim.until_s, now_s + 2.0)

    def _add_pending(self, name: str, now_s: float) -> None:
        if len(self._pending) >= MAX_PENDING:
            self.counts["pending-full"] += 1
            del self._pending[next(iter(self._pending))]
        self._pending[name.lower()] = _Pending(name, now_s)

    def _service(self, record: Record, now_s: float) -> bool:
        key = (record.name.lower(), record.target.lower())
        if record.ttl_s <= 0:
            return self._forget(key)
        claim = self._claims.get(key)
        is_new = claim is None
        if claim is None:
            claim = self._add_claim(record, key, now_s)
        if claim is None:
            return False
        claim.is_confirmed |= now_s - claim.since_s >= CONFIRMED_S
        changed = is_new or claim.port != record.port
        claim.port = record.port
        life_s = min(record.ttl_s, MAX_LIFE_S)
        claim.until_s = now_s + life_s
        claim.ask_s = now_s + life_s * self._spread(*FIRST_ASK)
        claim.ask_gap_s = max(0.2, life_s * ASK_AGAIN)
        if is_new:
            claim.complete_s = now_s + COMPLETE_S[0]
        self._pending.pop(key[0], None)
        return changed

    def _add_claim(self, record: Record, key: tuple[str, str], now_s: float) -> _Claim | None:
        name, host = key
        full = self._what_is_full(name, host)
        if full == "table-full" and self._evict(now_s):
            full = None
        if full is not None:
            self.counts[full] += 1
            return None
        claim = self._claims[key] = _Claim(record.name, host, now_s)
        self._hosts_of.setdefault(name, []).append(host)
        self._names_at[host] += 1
        return claim

    def _what_is_full(self, name: str, host: str) -> Counted | None:
        if self._names_at.get(host, 0) >= MAX_CLAIMS_PER_HOST:
            return "host-full"
        if len(self._hosts_of.get(name, ())) >= MAX_CLAIMS_PER_NAME:
            return "name-full"
        return "table-full" if len(self._claims) >= MAX_CLAIMS else None

    def _evict(self, now_s: float) -> bool:
        """Make room: the newest that was heard only once goes."""
        if not self._evictions.take(now_s):
            return False
        for key in reversed(self._claims):
            if not self._claims[key].is_confirmed:
                self.counts["evicted"] += 1
                return self._forget(key)
        return False

    def _forget(self, key: tuple[str, str]) -> bool:
        if self._claims.pop(key, None) is None:
            return False
        name, host = key
        self._hosts_of[name].remove(host)
        if not self._hosts_of[name]:
            del self._hosts_of[name]
        self._names_at[host] -= 1
        if not self._names_at[host]:
            del self._names_at[host]
            self._addresses.pop(host, None)
        return True

    def _text(self, record: Record, host: str | None) -> bool:
        """A goodbye of a TXT alone says nothing: its SRV goes with it or ends in time."""
        key = record.name.lower()
        hosts = self._hosts_of.get(key, [])
        if record.ttl_s <= 0 or not hosts:
            return False
        if host is None and len(hosts) > 1:
            self.counts["ambiguous-txt"] += 1
            return False
        claim = self._claims.get((key, host or hosts[0]))
        if claim is None or claim.text == record.text:
            return False
        claim.text = record.text
        return True

    def _address(self, record: Record, now_s: float) -> bool:
        host = record.name.lower()
        if host not in self._names_at:
            return False
        known = self._addresses.setdefault(host, {})
        if record.ttl_s <= 0:
            return known.pop(record.target, None) is not None
        is_new = record.target not in known
        if is_new and len(known) >= MAX_ADDRESSES:
            return False
        known[record.target] = now_s + max(record.ttl_s, ADDRESS_LIFE_S)
        return is_new

    def _is_browse_due(self, now_s: float) -> bool:
        if self._browse_from_s is None:
            self._browse_from_s = now_s
        planned = BROWSE_AT_S[self._browsed] if self._browsed < len(BROWSE_AT_S) else BROWSE_EVERY_S
        if now_s - self._browse_from_s < planned:
            return False
        self._browsed += 1
        if self._browsed > len(BROWSE_AT_S):
            self._browse_from_s = now_s
        return True

    def _browse(self) -> Iterable[Question]:
        """What was multicast within the last second is not multicast again (RFC 6762 section 6),
        so a newcomer asks for unicast first; and for multicast too, because unicast to port 5353
        reaches only one of the programs that share the port."""
        if self._browsed == 1:
            yield Question(self._type, "ptr", at_once=True)
        yield Question(self._type, "ptr")

    def _ask_pending(self, now_s: float) -> Iterable[Question]:
        for pending in self._pending.values():
            if pending.asked >= len(PENDING_ASKS_S):
                continue
            if now_s - pending.since_s < PENDING_ASKS_S[pending.asked]:
                continue
            if not self._questions.take(now_s):
                return
            pending.asked += 1
            yield Question(pending.name, "srv")
            yield Question(pending.name, "txt")

    def _ask_claims(self, now_s: float) -> Iterable[Question]:
        for claim in self._claims.values():
            is_due = claim.ask_s <= now_s
            missing = self._missing(claim, now_s)
            if not is_due and not missing:
                continue
            if not self._questions.take(now_s):
                return
            if is_due:
                claim.ask_s = now_s + claim.ask_gap_s
                yield Question(claim.name, "srv")
            if missing:
                claim.completed += 1
                claim.complete_s = now_s + COMPLETE_S[min(claim.completed, len(COMPLETE_S) - 1)]
                yield from missing

    def _missing(self, claim: _Claim, now_s: float) -> list[Question]:
        """What the station did not say along with its SRV, if it is time to ask."""
        if claim.complete_s > now_s or claim.completed >= len(COMPLETE_S):
            return []
        missing = []
        if claim.text is None:  # both, so that they come in one packet and belong together
            missing += [Question(claim.name, "srv"), Question(claim.name, "txt")]
        if not self._addresses.get(claim.host):
            missing.append(Question(claim.host, "address"))
        return missing


def _is_live(record: Record, kind: Kind) -> bool:
    return record.kind == kind and record.ttl_s > 0
