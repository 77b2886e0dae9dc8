"""What the engine has last said of each stream."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from audio import protocol


@dataclass(slots=True)
class Heard:
    """Of one stream."""

    slot: int = -1
    pan: float = 0.0
    on_speaker: bool = False
    present: bool = False
    talking: bool = False
    speaker: str = ""
    ssrc: int = 0
    secured: bool = False
    last_speaker: str = ""
    last_s: float | None = None
    missed: int = 0


class HeardStreams:
    def __init__(self, speaker: Callable[[str], str], now_s: Callable[[], float]) -> None:
        """``speaker``: what whoever speaks on a stream is called."""
        self._speaker = speaker
        self._now_s = now_s
        self._heard: dict[str, Heard] = {}

    def of(self, stream: str) -> Heard:
        return self._heard.setdefault(stream, Heard())

    def streams(self) -> tuple[str, ...]:
        return tuple(self._heard)

    def forget(self, streams: Iterable[str]) -> None:
        for stream in streams:
            self._heard.pop(stream, None)

    def take_slots(self, slots: Mapping[str, int]) -> None:
        for stream, slot in slots.items():
            self.of(stream).slot = slot
        for stream in self._heard.keys() - slots.keys():
            self._heard[stream].slot = -1

    def take_talking(self, said: protocol.Talking) -> None:
        heard = self.of(said.stream)
        ended = heard.talking and not said.on
        heard.speaker = said.speaker or (heard.speaker if said.ssrc == heard.ssrc else "")
        heard.talking, heard.ssrc, heard.secured = said.on, said.ssrc, said.secured
        heard.present = True
        if ended:
            heard.last_speaker, heard.last_s = self._speaker(said.stream), self._now_s()

    def take_figures(self, figures: protocol.StreamFigures) -> bool:
        """Whether they say anything new."""
        heard = self.of(figures.stream)
        before = replace(heard)
        if heard.talking and not figures.talking:  # the word that it ended was lost
            heard.last_speaker, heard.last_s = self._speaker(figures.stream), self._now_s()
        heard.slot, heard.pan, heard.present = figures.slot, figures.pan, figures.present
        heard.missed = figures.missed
        heard.on_speaker = figures.output == "speaker"
        heard.talking, heard.speaker = figures.talking, figures.speaker or heard.speaker
        heard.secured = figures.spec.srtp is not None
        return heard != before

    def silence_all_but(self, heard: set[str]) -> tuple[str, ...]:
        """What the engine no longer has can't talk. Those that this changes."""
        silenced = []
        for stream in self._heard.keys() - heard:
            one = self._heard[stream]
            if one.slot >= 0 or one.present or one.talking:
                one.slot, one.present, one.talking = -1, False, False
                silenced.append(stream)
        return tuple(silenced)

    def silence(self) -> None:
        """Nothing is heard until another engine says so."""
        for heard in self._heard.values():
            heard.slot, heard.present, heard.talking = -1, False, False
