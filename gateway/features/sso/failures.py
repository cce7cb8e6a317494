"""Why a sign-on did not come about: codes for pages, texts for the tenant's administrator."""

from __future__ import annotations


class SignOnFailed(Exception):
    """``code`` is stable and shown in words by the pages; ``detail`` is for administrators."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.detail = detail
