"""The asyncio edge of the protocol cores: flows, endpoints, timers, task scopes.

Nothing outside this package (and the test kit) knows an event loop or a socket.
"""
