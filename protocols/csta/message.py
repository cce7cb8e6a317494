"""What every message is: a request, its response (or error), or an event."""

from __future__ import annotations

from typing import ClassVar

from protocols.csta.schema import wire
from protocols.csta.shapes import PrivateData
from protocols.csta.values import ErrorCategory


@wire
class Message:
    """The element's name is the class's name."""

    private: PrivateData = None


@wire
class Request(Message):
    """Asks for a service; answered by the class of the same name with `Response` behind it."""


@wire
class Response(Message):
    pass


@wire
class Event(Message):
    #: Of the monitor that reports it; set by the sending session.
    monitor_cross_ref_id: str | None = None


@wire
class ErrorResponse(Response):
    """CSTAErrorCode: a category and a value of it, e.g. operation / invalidDeviceID."""

    wire_name: ClassVar[str] = "CSTAErrorCode"

    category: ErrorCategory = ErrorCategory.UNSPECIFIED
    value: str = ""

    def __str__(self) -> str:
        return f"{self.category.value}/{self.value}" if self.value else self.category.value


@wire
class UnknownMessage:
    """A root element that is none of ours: ignored when it is an event, refused when a request."""

    name: str

    @property
    def wants_answer(self) -> bool:
        return not self.name.endswith(("Event", "Response"))


def operation_error(value: str) -> ErrorResponse:
    return ErrorResponse(category=ErrorCategory.OPERATION, value=value)


def state_error(value: str) -> ErrorResponse:
    return ErrorResponse(category=ErrorCategory.STATE, value=value)


def resource_error(value: str) -> ErrorResponse:
    return ErrorResponse(category=ErrorCategory.SYSTEM_RESOURCE, value=value)
