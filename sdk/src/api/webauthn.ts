import { localProblem } from "./problem.ts";

/**
 * Passkeys, with the JSON of the Web Authentication API, level 3 (section 5.1.9 and 5.1.10). The
 * browser's own conversions are younger than the browsers we promise.
 */
type Json = Record<string, unknown>;

export function passkeysSupported(): boolean {
  return typeof PublicKeyCredential !== "undefined" && "credentials" in navigator;
}

/** Makes a passkey for the user. Rejects with `passkey_cancelled` or `passkey_known`. */
export async function createPasskey(options: Json): Promise<Json> {
  const user = options["user"] as Json;
  const publicKey = {
    ...options,
    challenge: bytes(options["challenge"]),
    user: { ...user, id: bytes(user["id"]) },
    excludeCredentials: descriptors(options["excludeCredentials"]),
  } as unknown as PublicKeyCredentialCreationOptions;
  const made = await asking(() => navigator.credentials.create({ publicKey }));
  const answer = made.response as AuthenticatorAttestationResponse;
  return {
    ...envelope(made),
    response: {
      clientDataJSON: text(answer.clientDataJSON),
      attestationObject: text(answer.attestationObject),
      transports: answer.getTransports(),
    },
  };
}

/** Proves the user by a passkey of this device or one nearby. */
export async function usePasskey(options: Json): Promise<Json> {
  const publicKey = {
    ...options,
    challenge: bytes(options["challenge"]),
    allowCredentials: descriptors(options["allowCredentials"]),
  } as unknown as PublicKeyCredentialRequestOptions;
  const got = await asking(() => navigator.credentials.get({ publicKey }));
  const answer = got.response as AuthenticatorAssertionResponse;
  return {
    ...envelope(got),
    response: {
      clientDataJSON: text(answer.clientDataJSON),
      authenticatorData: text(answer.authenticatorData),
      signature: text(answer.signature),
      userHandle: answer.userHandle ? text(answer.userHandle) : null,
    },
  };
}

async function asking(ask: () => Promise<Credential | null>): Promise<PublicKeyCredential> {
  try {
    const credential = await ask();
    if (credential) return credential as PublicKeyCredential;
  } catch (error) {
    const name = error instanceof Error ? error.name : "";
    if (name === "InvalidStateError") throw localProblem("passkey_known", "It is there already");
  }
  // Browsers say the same for "no", for "too late" and for "none here", so as not to tell pages.
  throw localProblem("passkey_cancelled", "No passkey was used");
}

function envelope(credential: PublicKeyCredential): Json {
  return {
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    authenticatorAttachment: credential.authenticatorAttachment,
    clientExtensionResults: credential.getClientExtensionResults(),
  };
}

function descriptors(list: unknown): Json[] {
  return ((list ?? []) as Json[]).map((item) => ({ ...item, id: bytes(item["id"]) }));
}

/** base64url without padding, RFC 4648 section 5. */
function bytes(value: unknown): Uint8Array {
  const base64 = String(value).replace(/-/g, "+").replace(/_/g, "/");
  return Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
}

function text(buffer: ArrayBuffer): string {
  const binary = Array.from(new Uint8Array(buffer), (b) => String.fromCharCode(b)).join("");
  return btoa(binary).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}
