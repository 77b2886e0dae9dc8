"""Streams of our own: files and the microphone's voice, paced, with copies where they are lost."""
