"""From a stream's datagrams to a talker's frames of sound: jitter buffers, decoders, reports."""
