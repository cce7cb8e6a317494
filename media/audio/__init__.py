"""Audio at 8 kHz, 16 bit, mono: G.711, call progress tones, prompts, measurement.

PCM is passed around as ``bytes`` of little-endian signed 16 bit samples.
"""
