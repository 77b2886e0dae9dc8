"""From frames of sound to what is heard: gain, place, loudness, ducking, tones, limiters."""
