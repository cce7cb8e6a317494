"""Doubles for testing SIP: a clock, an event loop in simulated time, a network with a seed.

Shipped with the package, so that whoever builds on the protocols can test the same way.
"""

from protocols.testkit.clock import Deadlock, FakeClock, SimLoop, run_simulated
from protocols.testkit.memnet import Faults, MemoryNetwork
from protocols.testkit.scripted_ua import ScriptedUA

__all__ = [
    "Deadlock",
    "FakeClock",
    "Faults",
    "MemoryNetwork",
    "ScriptedUA",
    "SimLoop",
    "run_simulated",
]
