"""Calls of the PBX: ends of any kind, joined by one object per call.

``end`` is what a party looks like to a call, ``call`` the back-to-back call itself (no IO),
``hold`` its hold and music rules, ``sip_end`` a registered device. Virtual phones are in
``emulator.phones``.
"""
