"""The calls of one device, as its monitor and its snapshots tell them."""
