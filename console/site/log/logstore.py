"""Makes the event log's streams on a server, or brings them up to date. Only a site does this."""

from __future__ import annotations

from typing import Final

from nats.js import JetStreamContext
from nats.js.api import (
    DiscardPolicy,
    KeyValueConfig,
    RePublish,
    RetentionPolicy,
    StorageType,
    StreamConfig,
    StreamSource,
)
from nats.js.errors import NotFoundError

from console.domain.events import MAX_EVENT_BYTES
from console.site.address import SiteAddress
from console.site.log import damage
from console.site.log.client import come_in
from console.site.log.retention import TODAYS, Retention
from console.site.log.subjects import MB, NOW_NAME, STREAMS, LogStream

ANSWER_S: Final = 5.0
HEADER_BYTES: Final = 1_024
LEASES: Final = "VB_LEASES"
"""The key-value store of the nodes' lease (KV_VB_LEASES), which no member may read or write."""
LEASE_BYTES: Final = 1 * MB
NOW_BYTES: Final = 64 * MB
VOICE_KEYS: Final = "VB_KEYS"
KEYS_BYTES: Final = 32 * MB
MAX_KEYS_BYTES: Final = 60_000
"""Of one entry: a talkgroup's keys and who holds them."""
CHANGED: Final = "vaktbord-policy"
"""In a stream's metadata: when the policy was changed that its ages are of."""
DUPLICATE_WINDOW_S: Final = 3_600.0
"""An event that is sent again within this time is stored once."""


async def ensure_streams(
    address: SiteAddress, retention: Retention = TODAYS, replicas: int = 1, changed: str = ""
) -> None:
    """``changed``: when the policy was that the retention is of, a ULID or "". A node that hasn't
    heard of a newer one yet leaves the ages as they are: what it made go would be gone. Raises nats
    errors, OSError or TimeoutError when the server doesn't take them."""
    nc = await come_in(address.place.urls, address.identity, "site set-up")
    try:
        js = nc.jetstream(timeout=ANSWER_S)
        kept = [stream_config(stream, retention) for stream in STREAMS]
        for config in (*kept, now_config(retention)):
            told = {CHANGED: changed}
            await _ensure(js, config.evolve(num_replicas=replicas, metadata=told))
        await _ensure_buckets(js, replicas)
    finally:
        await nc.close()


async def _ensure(js: JetStreamContext, config: StreamConfig) -> None:
    assert config.name is not None
    try:
        known = (await js.stream_info(config.name)).config
    except NotFoundError:
        await js.add_stream(config)
        return
    newer = (known.metadata or {}).get(CHANGED, "")
    if newer > (config.metadata or {}).get(CHANGED, ""):
        config = config.evolve(max_age=known.max_age, metadata={CHANGED: newer})
    metadata = {**(config.metadata or {}), **damage.kept(known.metadata)}
    config = config.evolve(metadata=metadata)
    await js.update_stream(config)


async def _ensure_buckets(js: JetStreamContext, replicas: int) -> None:
    """Of the site's own: nothing in them is for members."""
    leases = KeyValueConfig(
        bucket=LEASES,
        history=1,
        max_bytes=LEASE_BYTES,
        storage=StorageType.FILE,
        direct=True,
        replicas=replicas,
    )
    keys = KeyValueConfig(
        bucket=VOICE_KEYS,
        history=1,
        max_bytes=KEYS_BYTES,
        max_value_size=MAX_KEYS_BYTES,
        storage=StorageType.FILE,
        direct=False,
        replicas=replicas,
    )
    for config in (leases, keys):
        try:
            await js.key_value(config.bucket)
        except NotFoundError:
            await js.create_key_value(config)


def stream_config(stream: LogStream, retention: Retention = TODAYS) -> StreamConfig:
    return StreamConfig(
        name=stream.name,
        subjects=[stream.subjects, stream.fill],
        retention=RetentionPolicy.LIMITS,
        storage=StorageType.FILE,
        discard=DiscardPolicy.OLD,
        max_age=retention.max_age_s(stream),
        max_bytes=stream.max_bytes,
        max_msgs_per_subject=stream.max_per_key,
        max_msg_size=MAX_EVENT_BYTES + HEADER_BYTES,
        duplicate_window=DUPLICATE_WINDOW_S,
        deny_delete=True,
        # The site itself purges its fillers (turnover); members have no purge at all.
        allow_direct=True,
        republish=RePublish(src=stream.subjects, dest=stream.told),
    )


def now_config(retention: Retention = TODAYS) -> StreamConfig:
    """Of each unit the newest status and the newest position."""
    sources = [stream for stream in STREAMS if stream.replay == "last-per-key"]
    return StreamConfig(
        name=NOW_NAME,
        sources=[
            StreamSource(name=stream.name, filter_subject=stream.subjects) for stream in sources
        ],
        retention=RetentionPolicy.LIMITS,
        storage=StorageType.FILE,
        discard=DiscardPolicy.OLD,
        max_age=max(retention.max_age_s(stream) for stream in sources),
        max_bytes=NOW_BYTES,
        max_msgs_per_subject=1,
        max_msg_size=MAX_EVENT_BYTES + HEADER_BYTES,
        deny_delete=True,
        deny_purge=True,
        allow_direct=True,
    )
