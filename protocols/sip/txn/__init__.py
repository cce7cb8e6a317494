"""SIP transactions (RFC 3261 section 17, RFC 6026, RFC 4320) as pure functions.

`ict`, `nict`, `ist`, `nist` are the four machines: `step(tx, event, message)` gives the next
state and the effects. `layer.TransactionLayer` matches messages to machines. Both know no
socket, no loop and no clock: a driver carries out the effects (protocols/aio/driver.py).
"""
