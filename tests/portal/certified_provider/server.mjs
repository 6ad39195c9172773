// A certified OpenID provider (npm oidc-provider) on loopback: node server.mjs PORT REDIRECT
import Provider from "oidc-provider";

const [port, redirect] = process.argv.slice(2);
const provider = new Provider(`http://localhost:${port}`, {
  clients: [{ client_id: "minhbach", client_secret: "secret-of-a-test", redirect_uris: [redirect] }],
  pkce: { required: () => true },
  cookies: { keys: ["key-of-a-test"] },
  findAccount: (_, sub) => ({ accountId: sub, claims: () => ({ sub }) }),
});
provider.listen(Number(port), "localhost", () => console.log("listening"));
