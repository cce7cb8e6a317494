import { vi } from "vitest";

const bytes = new Uint8Array([1, 2, 3]).buffer;

/** A browser with a passkey that proves whatever it is asked to; jsdom has none. */
export function havePasskey(): void {
  vi.stubGlobal("PublicKeyCredential", () => undefined);
  const credential = {
    id: "AQID",
    rawId: bytes,
    type: "public-key",
    authenticatorAttachment: "platform",
    getClientExtensionResults: () => ({}),
    response: {
      clientDataJSON: bytes,
      authenticatorData: bytes,
      signature: bytes,
      userHandle: null,
    },
  };
  Object.defineProperty(navigator, "credentials", {
    value: { get: () => Promise.resolve(credential) },
    configurable: true,
  });
}
