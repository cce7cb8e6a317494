"""Call control: one pure model of a Call, one owner task per Call.

``step(state, event, now) -> (state, effects)`` decides everything; SIP, media and client commands
are translated into leg-neutral events before they get here, and effects into their protocols after.
"""
