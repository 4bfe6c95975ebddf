// A certified provider that does what a test asks: `node server.mjs PORT PORTAL`, PORTAL being the portal's address.
// Whoever is named in the form is signed in. POST /said changes what is said of them, POST /wrong what goes wrong.
import { createServer } from "node:http";
import { generateKeyPairSync, randomBytes } from "node:crypto";
import Provider from "oidc-provider";

const [port, portal] = process.argv.slice(2);
const issuer = `http://127.0.0.1:${port}`;
const claims = {};
const wrong = { late: 0, key: 0 };

const makeKey = (kid) => ({
  ...generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey.export({ format: "jwk" }),
  kid,
  use: "sig",
  alg: "RS256",
});

const make = (keys) => {
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: "parvis",
        client_secret: "s3cret",
        redirect_uris: [`${portal}/oidc/callback/`],
        post_logout_redirect_uris: [`${portal}/`],
        backchannel_logout_uri: `${portal}/oidc/backchannel/`,
        backchannel_logout_session_required: true,
        token_endpoint_auth_method: "client_secret_post",
      },
    ],
    jwks: { keys },
    cookies: { keys: ["of the tests"] },
    claims: { openid: ["sub", "given_name", "family_name", "eduPersonAffiliation", "supannEntiteAffectation"] },
    conformIdTokenClaims: true,
    pkce: { methods: ["S256"], required: () => true },
    features: {
      devInteractions: { enabled: false },
      backchannelLogout: { enabled: true },
      rpInitiatedLogout: {
        // Its own page asks whether one is sure; the test is.
        logoutSource: (ctx, form) => {
          ctx.body = `<!doctype html><title>Bye</title>${form}<button name="logout" value="yes" form="op.logoutForm">Sign out</button>`;
        },
      },
    },
    interactions: { url: (ctx, interaction) => `/interaction/${interaction.uid}` },
    // Nothing is asked of who is signed in: the portal is the university's own.
    loadExistingGrant: async (ctx) => {
      const grant = new ctx.oidc.provider.Grant({
        clientId: ctx.oidc.client.clientId,
        accountId: ctx.oidc.session.accountId,
      });
      grant.addOIDCScope("openid profile email");
      await grant.save();
      return grant;
    },
    findAccount: (ctx, sub) => ({ accountId: sub, claims: async () => ({ sub, ...claims[sub] }) }),
    ttl: { Session: 3600, Grant: 3600, IdToken: 3600, AccessToken: 600, Interaction: 600 },
  });
  return { provider, answer: provider.callback() };
};

let made = make([makeKey("one")]);

const body = async (request) => {
  let text = "";
  for await (const part of request) text += part;
  return text;
};

const server = createServer(async (request, response) => {
  const path = new URL(request.url, issuer).pathname;
  if (path === "/said" && request.method === "POST") {
    const said = JSON.parse(await body(request));
    for (const sub in said) claims[sub] = { ...claims[sub], ...said[sub] };
    return response.end();
  }
  if (path === "/wrong" && request.method === "POST") {
    Object.assign(wrong, JSON.parse(await body(request)));
    if (wrong.key) made = make([makeKey(randomBytes(4).toString("hex"))]);
    wrong.key = 0;
    return response.end();
  }
  if (path.startsWith("/interaction/")) {
    if (request.method === "POST") {
      const accountId = new URLSearchParams(await body(request)).get("login");
      return made.provider.interactionFinished(request, response, { login: { accountId } });
    }
    response.setHeader("Content-Type", "text/html");
    return response.end(`<!doctype html><title>Sign in</title><form method="post"><input name="login" autofocus><button>Sign in</button></form>`);
  }
  if (wrong.late && path === "/token") await new Promise((done) => setTimeout(done, wrong.late * 1000));
  return made.answer(request, response);
});
server.listen(Number(port), "127.0.0.1");
