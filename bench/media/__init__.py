"""Media pass-through: CPU per call-second and added delay, ours against rtpengine and Janus."""
