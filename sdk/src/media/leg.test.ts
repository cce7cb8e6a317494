import { describe, expect, it } from "vitest";
import { localProblem, ProblemError } from "../api/problem.ts";
import { FakeClock, settle } from "../testing/clock.ts";
import { FakePeer } from "../testing/fakePeer.ts";
import { MediaLeg, type Offer } from "./leg.ts";

function setUp() {
  const clock = new FakeClock();
  const peers: FakePeer[] = [];
  const offers: Offer[] = [];
  const world = {
    refusal: null as Error | null,
    oldBrowser: false,
    iceServers: [{ urls: "turn:turn.example" }] as RTCIceServer[],
  };
  let generation = 0;
  const leg = new MediaLeg({
    createPeer: (config) => {
      const peer = new FakePeer(config);
      peer.old = world.oldBrowser;
      peers.push(peer);
      return peer as unknown as RTCPeerConnection;
    },
    codecs: () => [{ mimeType: "audio/PCMA", clockRate: 8_000 }],
    iceServers: () => world.iceServers,
    nextGeneration: () => (generation += 1),
    sendOffer: async (offer) => {
      if (world.refusal) throw world.refusal;
      offers.push(offer);
    },
    isFinal: (error) => error instanceof ProblemError && error.code === "not_found",
    play: () => undefined,
    now: clock.now,
    later: clock.later,
  });
  const peer = () => peers.at(-1)!;
  const answer = async () => {
    await settle();
    await leg.applyAnswer("answer", offers.at(-1)!.generation);
  };
  const up = async () => {
    leg.start();
    await answer();
    peer().connect();
  };
  return { clock, peers, peer, offers, leg, answer, up, world };
}

const state = (leg: MediaLeg) => leg.view.get().state;

describe("MediaLeg", () => {
  it("offers one bundled sendrecv audio transceiver at once, without a track", async () => {
    const { leg, peer, offers } = setUp();
    leg.start();
    await settle();
    expect(peer().config).toMatchObject({ bundlePolicy: "max-bundle", rtcpMuxPolicy: "require" });
    expect(peer().transceivers.map((t) => [t.kind, t.direction])).toEqual([["audio", "sendrecv"]]);
    expect(peer().transceivers[0]!.sender.track).toBeNull();
    expect(offers).toEqual([{ sdp: "offer-1-restart-0", generation: 1 }]);
  });

  it("is connected only when ICE and DTLS are", async () => {
    const { leg, peer, answer } = setUp();
    leg.start();
    await answer();
    peer().ice("connected");
    expect(state(leg)).toBe("connecting");
    peer().connect();
    expect(state(leg)).toBe("connected");
  });

  it("opens the microphone by replaceTrack, without another offer", async () => {
    const { leg, peer, offers, up } = setUp();
    await up();
    const track = { enabled: true } as MediaStreamTrack;
    leg.setMuted(true);
    leg.attach(track);
    await settle();
    expect(peer().transceivers[0]!.sender.track).toBe(track);
    expect(track.enabled).toBe(false);
    leg.setMuted(false);
    expect(track.enabled).toBe(true);
    expect(offers).toHaveLength(1);
    expect(leg.view.get().sending).toBe(true);
  });

  it("restarts ICE at once when the browser says disconnected, on the same connection", async () => {
    const { leg, peers, peer, offers, answer, up } = setUp();
    await up();
    peer().ice("disconnected");
    await settle();
    expect(state(leg)).toBe("recovering");
    expect(peers).toHaveLength(1);
    expect(offers.at(-1)).toEqual({ sdp: "offer-2-restart-1", generation: 1 });
    await answer();
    peer().ice("connected");
    expect(state(leg)).toBe("connected");
    expect(leg.view.get().trouble).toBe("ice_disconnected");
  });

  it("restarts with the relay's credentials of now", async () => {
    const { leg, peer, up, world } = setUp();
    await up();
    world.iceServers = [{ urls: "turn:turn.example", username: "later" }];
    leg.recover("test");
    expect(peer().config).toMatchObject({
      iceServers: world.iceServers,
      bundlePolicy: "max-bundle",
    });
    expect(peer().restarts).toBe(1);
  });

  it("takes credentials that come late along, in an offer after the one that is out", async () => {
    const { leg, peers, peer, offers, answer, world } = setUp();
    world.iceServers = [];
    leg.start();
    await settle();
    expect(peer().config.iceServers).toEqual([]);
    world.iceServers = [{ urls: "turn:turn.example" }];
    leg.useNewServers();
    await settle();
    expect(peer().config).toMatchObject({
      iceServers: world.iceServers,
      bundlePolicy: "max-bundle",
    });
    expect(peer().restarts).toBe(1);
    expect(offers).toHaveLength(1);
    await answer();
    await settle();
    expect(offers.map((offer) => offer.sdp)).toEqual(["offer-1-restart-0", "offer-2-restart-1"]);
    expect(peers).toHaveLength(1);
  });

  it("needs no other credentials once it is up", async () => {
    const { leg, peer, offers, up } = setUp();
    await up();
    leg.useNewServers();
    await settle();
    expect(peer().restarts).toBe(0);
    expect(offers).toHaveLength(1);
  });

  it("offers and restarts in a Firefox that cannot set codecs or servers", async () => {
    const { leg, peer, offers, answer, world } = setUp();
    world.oldBrowser = true;
    leg.start();
    leg.useNewServers();
    await answer();
    await settle();
    expect(offers).toHaveLength(1);
    peer().connect();
    leg.recover("test");
    await settle();
    expect(offers).toHaveLength(2);
  });

  it("restarts every second and builds a new connection only after six", async () => {
    const { clock, leg, peers, peer, offers, answer, up } = setUp();
    await up();
    peer().ice("disconnected");
    for (let second = 1; second <= 6; second += 1) {
      expect(peers).toHaveLength(1);
      expect(peer().restarts).toBe(second);
      await answer();
      await clock.pass(1_000);
    }
    expect(peers).toHaveLength(2);
    expect(peers[0]!.closed).toBe(true);
    expect(offers.at(-1)!.generation).toBe(2);
    await answer();
    peer().connect();
    expect(state(leg)).toBe("connected");
  });

  it("takes the microphone along to a new connection", async () => {
    const { leg, peer, peers, up } = setUp();
    await up();
    const track = { enabled: true } as MediaStreamTrack;
    leg.attach(track);
    leg.renegotiate(true);
    await settle();
    expect(peers).toHaveLength(2);
    expect(peer().transceivers[0]!.sender.track).toBe(track);
  });

  it("sends one offer at a time; a wish meanwhile becomes the next offer", async () => {
    const { leg, offers, answer } = setUp();
    leg.start();
    await settle();
    leg.renegotiate(false);
    leg.renegotiate(false);
    await settle();
    expect(offers).toHaveLength(1);
    await answer();
    await settle();
    expect(offers).toHaveLength(2);
  });

  it("makes a new connection when the gateway asks for a fresh one", async () => {
    const { leg, peers, offers, up } = setUp();
    await up();
    leg.renegotiate(true);
    await settle();
    expect(peers).toHaveLength(2);
    expect(offers.at(-1)!.generation).toBe(2);
  });

  it("ignores answers of an earlier connection", async () => {
    const { leg, peer, up } = setUp();
    await up();
    leg.renegotiate(true);
    await settle();
    await leg.applyAnswer("late", 1);
    expect(peer().answers).toEqual([]);
  });

  it("builds anew when an answer does not fit", async () => {
    const { leg, peers, peer, answer } = setUp();
    leg.start();
    peer().refuseAnswer = true;
    await answer();
    await settle();
    expect(peers).toHaveLength(2);
  });

  it("does not wait for ever for an answer", async () => {
    const { clock, leg, peers } = setUp();
    leg.start();
    await clock.pass(4_000);
    expect(peers).toHaveLength(2);
  });

  it("closes when the gateway no longer knows the call", async () => {
    const { leg, world } = setUp();
    world.refusal = new ProblemError({ status: 404, code: "not_found", title: "" });
    leg.start();
    await settle();
    expect(state(leg)).toBe("closed");
  });

  it("keeps the connection, and with it DTLS, when ICE failed", async () => {
    const { peers, peer, up } = setUp();
    await up();
    peer().fail();
    await settle();
    expect(peers).toHaveLength(1);
    expect(peer().restarts).toBe(1);
  });

  it("tries again at once when the way to the server is back", async () => {
    const { leg, offers, world } = setUp();
    world.refusal = localProblem("offline", "");
    leg.start();
    await settle();
    expect(offers).toHaveLength(0);
    world.refusal = null;
    leg.nudge();
    await settle();
    expect(offers).toHaveLength(1);
  });

  it("recovers when packets stop, but only while audio is expected", async () => {
    const { clock, leg, peer, up } = setUp();
    await up();
    peer().inbound(50);
    await clock.pass(1_000);
    await clock.pass(5_000);
    expect(peer().restarts).toBe(0);
    leg.setExpectInbound(true);
    await clock.pass(1_000);
    expect(peer().restarts).toBe(1);
    expect(state(leg)).toBe("recovering");
    peer().inbound(60);
    await clock.pass(1_000);
    expect(state(leg)).toBe("connected");
  });

  it("names a silent far side instead of repairing a path that answers", async () => {
    const { clock, leg, peer, answer, up } = setUp();
    await up();
    leg.setExpectInbound(true);
    const pair = { type: "candidate-pair", responsesReceived: 1 };
    peer().inbound(50);
    peer().stats.push(pair);
    await clock.pass(3_000);
    expect(state(leg)).toBe("recovering");
    await answer();
    pair.responsesReceived = 2;
    await clock.pass(1_000);
    expect(state(leg)).toBe("connected");
    expect(leg.view.get().farSilent).toBe(true);
    const restarts = peer().restarts;
    await clock.pass(20_000);
    expect(peer().restarts).toBe(restarts);
    peer().inbound(90);
    await clock.pass(1_000);
    expect(leg.view.get().farSilent).toBe(false);
  });

  it("sends digits after those still waiting", async () => {
    const { leg, peer, up } = setUp();
    await up();
    expect(leg.sendDigits("1")).toBe(true);
    expect(leg.sendDigits("2")).toBe(true);
    expect(peer().transceivers[0]!.sender.dtmf.log).toEqual([
      ["1", 100, 70],
      ["12", 100, 70],
    ]);
    peer().transceivers[0]!.sender.dtmf.canInsertDTMF = false;
    expect(leg.sendDigits("3")).toBe(false);
  });

  it("leaves nothing behind when closed", async () => {
    const { clock, leg, peer, up } = setUp();
    await up();
    leg.close();
    leg.close();
    expect(peer().closed).toBe(true);
    expect(clock.waiting).toBe(0);
    leg.recover("late");
    await clock.pass(10_000);
    expect(clock.waiting).toBe(0);
  });
});
