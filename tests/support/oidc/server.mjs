// A real OpenID provider for tests: the npm package oidc-provider with its own sign-in page, where
// any password goes. argv[2]: { host, port, clients, accounts }; accounts by login name. Prints its issuer
// when it listens.
import { generateKeyPairSync } from "node:crypto";
import { createServer } from "node:http";
import Provider from "oidc-provider";

const { host, port, clients, accounts } = JSON.parse(process.argv[2]);
const issuer = `http://${host}:${port}`;
const key = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey.export({ format: "jwk" });

const provider = new Provider(issuer, {
  clients,
  jwks: { keys: [{ ...key, kid: `key-${Date.now()}`, use: "sig", alg: "RS256" }] },
  cookies: { keys: ["of no importance here"] },
  scopes: ["openid", "email", "profile", "groups"],
  claims: {
    email: ["email", "email_verified"],
    profile: ["name", "given_name", "family_name"],
    groups: ["groups"],
  },
  findAccount: (_context, id) =>
    accounts[id] && { accountId: id, claims: () => ({ sub: id, ...accounts[id] }) },
});

// A browser that signed in an hour ago, and not just now.
provider.use(async (context, next) => {
  if (context.path !== "/an-hour-later") return next();
  const session = await provider.Session.get(context);
  session.loginTs -= 3600;
  await session.persist();
  context.status = 204;
});

createServer(provider.callback()).listen(port, "127.0.0.1", () => console.log(issuer));
