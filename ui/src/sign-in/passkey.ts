import { type RestClient, type Session, usePasskey as provePasskey } from "@offhook/sdk/api";

/** The passkey says who it is: no address is needed. */
export async function signInByPasskey(rest: RestClient, session: Session): Promise<void> {
  const { options } = await rest.call("POST /auth/passkey/begin", { body: {} });
  const credential = await provePasskey(options);
  const body = { credential, device: session.device };
  await session.signInBy(() => rest.call("POST /auth/passkey/finish", { body }));
}
