"""Wire protocols, sans-IO. Only ``protocols.aio`` touches sockets and the event loop."""
