"""What to do about a layer that does not work, in plain words. Pure.

The codes are stable: clients have words for them in their languages.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from gateway.link_ports import LayerPicture, LinkPicture
from gateway.running_out import SOON

FLOWS = 2  # a connector holds as many connections

TEXTS = {
    "not_set_up": "Make a connector key, download the configuration and start the connector on a "
    "machine beside the telephone system.",
    "network_down": "Check that the connector's machine runs and has internet access, and that the "
    "firewall there lets TCP out to this gateway.",
    "one_connection": "One of the two connections is missing. Calls go on; look at the firewall if "
    "it stays so.",
    "certificate_soon": "This gateway's certificate for connectors expires soon. Tell whoever runs "
    "the platform.",
    "certificate_expired": "This gateway's certificate for connectors has expired. Tell whoever "
    "runs the platform.",
    "key_refused": "The connector's key has ended. Make a new one and put it into the connector's "
    "key file; no restart is needed.",
    "key_expires": "The key that the connector uses ends soon. Put the newer one into its key "
    "file, or make one; no restart is needed.",
    "key_file_refused": "The key in the connector's key file is not valid. It still uses the "
    "former one: put the right key into the file before that one ends.",
    "second_installation": "Another installation of the connector serves this site already. Stop "
    "one of the two.",
    "registration_refused": "This gateway has turned the connector away. Its log says why.",
    "lines_down": "No line is registered at the telephone system. Check its address in the "
    "connector's configuration, and that it runs.",
    "lines_missing": "Some lines are not registered at the telephone system. Check user and "
    "password of the ones below, and the licences there.",
    "no_lines": "Nobody has an extension at this site yet.",
    "control_down": "The connector does not reach the telephone system's CSTA link. Calls work; "
    "desk phones are not shown. Check its address and port.",
    "control_not_configured": "No CSTA link is configured. Calls work; desk phones are not shown.",
    "audio_untested": "No call has carried sound yet. Place a test call.",
    "audio_blocked": "Sound gets lost between connector and gateway. Check that the firewall lets "
    "UDP out to the gateway's media port, or use the relay.",
}


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What the link itself cannot know."""

    ever_connected: bool
    edge_certificate_ends: datetime | None
    #: The end of the key that the link lives by.
    key_ends: datetime | None
    key_replaced: bool


@dataclass(frozen=True, slots=True)
class Judged:
    layer: LayerPicture
    state: str
    advice: str | None


def judge(picture: LinkPicture, about: Circumstances, now: datetime) -> list[Judged]:
    return [_layer(layer, picture, about, now) for layer in picture.layers]


def _layer(
    layer: LayerPicture, picture: LinkPicture, about: Circumstances, now: datetime
) -> Judged:
    state, advice = layer.state, None
    match layer.layer:
        case "network":
            if not about.ever_connected:
                advice = "not_set_up"
            elif picture.flows == 0 and state in ("down", "unknown"):
                advice = "network_down" if not _refused(picture) else None
        case "tls":
            ends = about.edge_certificate_ends
            if ends is not None and ends <= now:
                state, advice = "down", "certificate_expired"
            elif ends is not None and ends - now < SOON:
                advice = "certificate_soon"
        case "key":
            state, advice = _key(layer, picture, about, now)
        case "registration":
            if state == "refused" and not _key_refused(picture):
                other = "another installation" in layer.detail.lower()
                advice = "second_installation" if other else "registration_refused"
            elif state == "working" and picture.flows < FLOWS:
                state, advice = "weak", "one_connection"
        case "voice":
            advice = {"down": "lines_down", "weak": "lines_missing"}.get(state)
            if state == "unknown" and picture.flows and not picture.lines:
                advice = "no_lines"
        case "control":
            advice = "control_down" if state == "down" else None
            if state == "unknown" and picture.flows:
                advice = "control_not_configured"
        case "audio":
            advice = "audio_blocked" if state in ("down", "weak") else None
            if state == "unknown" and picture.flows:
                advice = "audio_untested"
    return Judged(layer, state, advice)


def _key(
    layer: LayerPicture, picture: LinkPicture, about: Circumstances, now: datetime
) -> tuple[str, str | None]:
    if layer.state == "refused":
        return "refused", "key_refused"
    if layer.state == "weak":
        return "weak", "key_file_refused"
    ends = about.key_ends
    if picture.flows and ends is not None and (about.key_replaced or ends - now < SOON):
        return "weak", "key_expires"
    return layer.state, None


def _key_refused(picture: LinkPicture) -> bool:
    return any(row.layer == "key" and row.state == "refused" for row in picture.layers)


def _refused(picture: LinkPicture) -> bool:
    return any(row.state == "refused" for row in picture.layers)
