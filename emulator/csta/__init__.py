"""The CSTA face of the switch: its events go out, services that are asked for are carried out.

``names`` writes and reads device identifiers, ``quirks`` is what differs per platform as data,
``reporting`` turns switch events into CSTA events, ``permitted`` says what may be asked for,
``snapshots`` answers how things are, ``ordering`` and its neighbours carry requests out on real
phones and calls, ``link`` is one computing function's session, ``server`` and ``notify`` its
transports, ``face`` joins all of them.
"""
