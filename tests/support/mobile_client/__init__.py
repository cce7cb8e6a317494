"""A headless client as a mobile app would be: the public API and WebRTC, nothing else.

See the README beside this file for how a client talks to the gateway.
"""

from tests.support.mobile_client.client import MobileClient
from tests.support.mobile_client.session import Refused

__all__ = ["MobileClient", "Refused"]
