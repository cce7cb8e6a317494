"""The transactional outbox: what leaves by mail or webhook is written with the act that caused it.

Whoever puts something in knows that it leaves at least once after the commit, and never without it.
"""

from gateway.outbox.box import Outbox
from gateway.outbox.delivery import Deliver, Delivery, Failed, GiveUp, NotNow, Policy
from gateway.outbox.dispatcher import Dispatcher

__all__ = ["Deliver", "Delivery", "Dispatcher", "Failed", "GiveUp", "NotNow", "Outbox", "Policy"]
