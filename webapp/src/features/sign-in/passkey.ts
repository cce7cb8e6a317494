import { type Phone, usePasskey as provePasskey } from "@offhook/sdk";

/** The passkey says who it is: no address is needed. */
export async function signInByPasskey(phone: Phone): Promise<void> {
  const { options } = await phone.rest.call("POST /auth/passkey/begin", { body: {} });
  const credential = await provePasskey(options);
  await phone.session.signInBy(() =>
    phone.rest.call("POST /auth/passkey/finish", {
      body: { credential, device: phone.session.device },
    }),
  );
}
