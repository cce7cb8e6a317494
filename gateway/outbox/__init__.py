"""The transactional outbox: what leaves by mail or webhook is written with the act that caused it.

Whoever puts something in knows that it leaves at least once after the commit, and never without it.
"""

from gateway.outbox.box import Outbox
from gateway.outbox.delivery import Deliver, Delivery, GiveUp, Policy
from gateway.outbox.dispatcher import Dispatcher

__all__ = ["Deliver", "Delivery", "Dispatcher", "GiveUp", "Outbox", "Policy"]
