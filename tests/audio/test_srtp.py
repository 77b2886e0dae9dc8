"""What one SRTP session remembers is bounded, and who speaks is not forgotten for it."""

from __future__ import annotations

from typing import Final

from audio.network.srtp import MAX_OPENED, Opener, Sealer
from tests.audio.pipeline_lab import packets

PROFILE: Final = "AES_CM_128_HMAC_SHA1_80"
KEY = bytes(range(30))


def sealed(ssrc: int) -> bytes:
    (data,) = packets([b"voice"], ssrc=ssrc)
    return Sealer(PROFILE, KEY).rtp(data)


def opened(opener: Opener, ssrc: int, in_use: set[int]) -> bool:
    """As a stream does it."""
    found = opener.rtp(sealed(ssrc))
    if found is not None:
        opener.note(ssrc, in_use)
    return found is not None


def test_of_senders_made_up_by_somebody_with_the_key_few_are_kept() -> None:
    """libsrtp keeps each for ever, and looks all of them through for each packet."""
    opener, speaking = Opener(PROFILE, KEY), {1}
    assert opened(opener, 1, speaking)
    assert opened(opener, 2, speaking)
    assert not opened(opener, 2, speaking), "doubled"
    for ssrc in range(100, 100 + 3 * MAX_OPENED):
        assert opened(opener, ssrc, speaking)
    assert len(opener._opened) == MAX_OPENED
    assert not opened(opener, 1, speaking), "who speaks is known, or he could be replayed"
    assert not opened(opener, 99 + 3 * MAX_OPENED, speaking), "so is the newest"
    assert opened(opener, 2, speaking), "libsrtp has forgotten this one too"
