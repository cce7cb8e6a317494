"""The Socket.IO edge: namespace ``/phone``, one socket per page, events in order."""
