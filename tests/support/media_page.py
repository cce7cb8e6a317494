"""A static page with one call: enough WebRTC to measure the engine against a real browser."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web
from playwright.async_api import Page

_HTML = """<!doctype html><title>media</title><script>
let pc, analyser, sender, mic;
const wait = (ms) => new Promise((r) => setTimeout(r, ms));
async function offer(codec) {
  mic = mic || await navigator.mediaDevices.getUserMedia({audio: {
    echoCancellation: false, noiseSuppression: false, autoGainControl: false}});
  pc = new RTCPeerConnection({bundlePolicy: 'max-bundle'});
  const transceiver = pc.addTransceiver(mic.getTracks()[0], {direction: 'sendrecv'});
  sender = transceiver.sender;
  const all = RTCRtpReceiver.getCapabilities('audio').codecs;
  const pick = all.filter((c) => codec.concat(['audio/telephone-event']).includes(c.mimeType));
  transceiver.setCodecPreferences(pick);
  const context = new AudioContext();
  pc.ontrack = (e) => {
    const stream = new MediaStream([e.track]);
    const audio = new Audio(); audio.srcObject = stream; audio.muted = true; audio.play();
    analyser = context.createAnalyser(); analyser.fftSize = 8192;
    context.createMediaStreamSource(stream).connect(analyser);
  };
  await pc.setLocalDescription(await pc.createOffer());
  return pc.localDescription.sdp;
}
async function renew(restart) {
  await pc.setLocalDescription(await pc.createOffer({iceRestart: restart}));
  return pc.localDescription.sdp;
}
async function answer(sdp) { await pc.setRemoteDescription({type: 'answer', sdp}); }
function peak() {
  if (!analyser) return 0;
  const bins = new Float32Array(analyser.frequencyBinCount);
  analyser.getFloatFrequencyData(bins);
  let best = 0;
  for (let i = 1; i < bins.length; i++) if (bins[i] > bins[best]) best = i;
  return bins[best] < -70 ? 0 : best * analyser.context.sampleRate / analyser.fftSize;
}
async function energy(ms) {
  const read = async () => { let r = [0, 0];
    (await pc.getStats()).forEach((s) => { if (s.type === 'inbound-rtp')
      r = [s.totalAudioEnergy, s.totalSamplesDuration]; });
    return r; };
  const a = await read(); await wait(ms); const b = await read();
  return Math.sqrt((b[0] - a[0]) / Math.max(b[1] - a[1], 1e-9));
}
function digits(text) { sender.dtmf.insertDTMF(text, 100, 70); }
function hangUp() { pc.close(); }
</script>"""


@asynccontextmanager
async def page_server() -> AsyncIterator[str]:
    """The page on localhost, which is a secure context."""

    async def page(_request: web.Request) -> web.Response:
        return web.Response(text=_HTML, content_type="text/html")

    app = web.Application()
    app.router.add_get("/", page)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    try:
        yield f"http://localhost:{port}/"
    finally:
        await runner.cleanup()


class MediaPage:
    """The page's functions from Python."""

    def __init__(self, page: Page) -> None:
        self.page = page

    async def offer(self, *codecs: str) -> str:
        return await self._run("(c) => offer(c)", list(codecs or ("audio/PCMA", "audio/PCMU")))

    async def answer(self, sdp: str) -> None:
        await self._run("(s) => answer(s)", sdp)

    async def renew(self, *, restart: bool = False) -> str:
        return await self._run("(r) => renew(r)", restart)

    async def peak(self) -> float:
        return await self._run("() => peak()", None)

    async def energy(self, milliseconds: int = 500) -> float:
        return await self._run("(m) => energy(m)", milliseconds)

    async def press(self, digits: str) -> None:
        await self._run("(d) => digits(d)", digits)

    async def hang_up(self) -> None:
        await self._run("() => hangUp()", None)

    async def _run(self, code: str, argument: object) -> Any:
        return await self.page.evaluate(code, argument)
