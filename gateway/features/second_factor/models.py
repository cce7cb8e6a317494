from __future__ import annotations

from pydantic import Field

from gateway.http.endpoint import ReplyModel, RequestModel


class CodeRequest(RequestModel):
    code: str = Field(min_length=1, max_length=40, repr=False)


class TotpView(ReplyModel):
    secret: str = Field(repr=False, description="base 32, to type in by hand")
    uri: str = Field(repr=False, description="otpauth: for apps on this device")
    qr_svg: str = Field(repr=False, description="the same as a picture: a whole SVG document")


class RecoveryCodesView(ReplyModel):
    recovery_codes: list[str] = Field(repr=False, description="shown this once")
