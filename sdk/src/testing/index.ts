export { FakeClock, settle } from "./clock.ts";
export { FakeDevices } from "./fakeDevices.ts";
export { FakePeer, FakeSender, FakeTransceiver } from "./fakePeer.ts";
export { aCall, aMe, aPresence, aSnapshot, FakeSurroundings, FakeTrack } from "./fakePlatform.ts";
export { FakeSocket } from "./fakeSocket.ts";
