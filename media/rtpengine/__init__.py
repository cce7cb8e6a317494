"""The media engine for scale: rtpengine nodes driven by their NG protocol."""

from media.rtpengine.engine import RtpengineConfig, RtpengineEngine, RtpengineSession

__all__ = ["RtpengineConfig", "RtpengineEngine", "RtpengineSession"]
