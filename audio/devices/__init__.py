"""Where sound comes out: PortAudio, the sound server, substitutes, a second device."""
