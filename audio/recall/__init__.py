"""Every burst heard is kept as it was received, encrypted and for a while, to be heard again.

    Stream.receive ─▶ Tap ─▶ (queue) ─▶ Archive: Store, Vault        the mix thread never waits
    Mixer ─▶ Replay.add_to ◀─ (queue) ◀─ decode, skip pauses, stretch

:mod:`audio.recall.service` puts the parts together.
"""
