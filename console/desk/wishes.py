"""What an engine should be doing: the last word on everything lasting. Pure."""

from __future__ import annotations

from audio import protocol


class Wishes:
    """The last word on everything lasting; replayed to a new engine."""

    def __init__(self) -> None:
        self._by_key: dict[tuple[str, str], protocol.Command] = {}

    def note(self, command: protocol.Command) -> None:
        """Remember a command that has a lasting effect."""
        match command:
            case protocol.Drop(stream=stream):
                self._by_key.pop(("listen", stream), None)
                self._by_key.pop(("mix", stream), None)
                self._by_key.pop(("keys", stream), None)
            case protocol.SetKeys(stream=stream):
                self._by_key["keys", stream] = command
            case protocol.Listen(spec=spec):
                self._by_key["listen", spec.stream] = command
            case protocol.Publish(publication=publication):
                self._by_key["publish", publication] = command
            case protocol.Unpublish(publication=publication):
                self._by_key.pop(("publish", publication), None)
                self._by_key.pop(("send-key", publication), None)
            case protocol.SetSendKey(publication=publication):
                self._by_key["send-key", publication] = command
            case protocol.SetMix(stream=stream):
                self._by_key["mix", stream] = command
            case (
                protocol.SetMaster()
                | protocol.SetDevice()
                | protocol.SetSecondDevice()
                | protocol.SetMicrophone()
                | protocol.SetAlarms()
                | protocol.KeepBursts()
            ):
                self._by_key[type(command).__name__, ""] = command
            case _:
                pass

    def all(self) -> tuple[protocol.Command, ...]:
        """In the order in which they were first made, a stream before its place in the mix; but
        keys before all streams, which are not heard without."""
        wishes = self._by_key.values()
        return tuple(sorted(wishes, key=lambda one: not isinstance(one, protocol.SetKeys)))
