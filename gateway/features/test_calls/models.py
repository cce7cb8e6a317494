from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import Field

from gateway.http.endpoint import ReplyModel, RequestModel
from gateway.link_ports import TrialStep

ProofState = Literal["running", "passed", "partly", "failed"]
StepState = Literal["waiting", "running", "passed", "failed", "unproven", "skipped"]

STEPS: tuple[TrialStep, ...] = (
    "connector",
    "ringing",
    "answered",
    "audio_out",
    "audio_back",
    "hang_up",
)

#: In English, by the code that clients have words of their own for.
WORDS = {
    "": "Everything works: the call was set up, and sound came through in both directions.",
    "connector_down": "The connector cannot be reached, so no call can be placed.",
    "busy": "The number is busy. Try again, or another number.",
    "no_answer": "Nobody answered. The call got as far as the telephone system.",
    "unreachable": "The telephone system says that this phone cannot be reached now.",
    "number_unknown": "The telephone system does not know this number.",
    "refused": "The telephone system refused the call.",
    "ended_early": "The other side hung up before sound could be proven.",
    "audio_not_set_up": "The call was answered, but sound finds no way between gateway and "
    "connector. Check that the firewall lets UDP out, or use the relay.",
    "nothing_back": "The call was answered, but no sound comes back from the telephone system. "
    "Check the RTP ports between connector and telephone system.",
    "one_way_out": "The call was answered and sound comes back, but ours does not get there. Check "
    "the RTP ports between connector and telephone system.",
    "out_unproven": "We hear the other side. Nobody confirmed that they hear us: press a key on "
    "that phone when the tone is heard, or call an echo.",
    "silence": "The call was answered and packets come back, but they are silent.",
    "internal": "Something went wrong on our side before the call could be proven.",
    "interrupted": "The gateway was restarted while this call ran.",
}


class NewTestCall(RequestModel):
    from_line: str = Field(
        min_length=1, max_length=40, description="extension of one of the site's people"
    )
    to: str = Field(min_length=1, max_length=100, description="a number as somebody would dial it")
    echo: bool = Field(
        default=True,
        description="this number sends back what it hears; false: somebody answers, and presses a "
        "key when they hear the tone",
    )


class TestCallStep(ReplyModel):
    step: Literal["connector", "ringing", "answered", "audio_out", "audio_back", "hang_up"]
    state: StepState
    after_ms: int | None = Field(description="since the call began")
    detail: str


class TestCall(ReplyModel):
    id: str
    state: ProofState
    from_line: str
    to: str
    by: str
    started_at: datetime
    ended_at: datetime | None
    pbx_release: str
    connector_version: str
    steps: list[TestCallStep]
    code: str = Field(description="stable, empty while it runs or when all is well")
    words: str = Field(description="what the code means, in English")


class TestCallList(ReplyModel):
    items: list[TestCall]
    next_cursor: str | None
