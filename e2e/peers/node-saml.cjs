// node-saml as a service provider for the tests of this folder. It is started with one argument, JSON:
//
//   {"idp_metadata": URL, "key": PEM, "cert": PEM, "attributes": [names of the attribute set]}
//
// and writes one line of JSON when it listens: {"base": …, "version": …, "metadata": …}. It ends when its standard input
// is closed. GET /login?level=&binding=&relay= starts a login; POST /acs answers with the verdict.
"use strict";

const http = require("node:http");
const { SAML, ValidateInResponseTo, generateServiceProviderMetadata } = require("@node-saml/node-saml");
const { signAuthnRequestPost } = require("@node-saml/node-saml/lib/saml-post-signing");
const { signXmlMetadata } = require("@node-saml/node-saml/lib/utility");
const { parseXml2JsFromString } = require("@node-saml/node-saml/lib/xml");
const { InMemoryCacheProvider } = require("@node-saml/node-saml/lib/in-memory-cache-provider");
const { version } = require("@node-saml/node-saml/package.json");

const given = JSON.parse(process.argv[2]);
const formatEntity = "urn:oasis:names:tc:SAML:2.0:nameid-format:entity";
const formatTransient = "urn:oasis:names:tc:SAML:2.0:nameid-format:transient";
const formatBasic = "urn:oasis:names:tc:SAML:2.0:attrname-format:basic";
const bindings = { redirect: "HTTP-Redirect", post: "HTTP-POST" };

// IDs of requests that may be answered, common to all logins.
const cacheProvider = new InMemoryCacheProvider({ keyExpirationPeriodMs: 600000 });

// SpidSAML adds to the Issuer what SPID wants and node-saml has no option for, before the request is signed.
class SpidSAML extends SAML {
  async generateAuthorizeRequestAsync(isPassive, isHttpPostBinding) {
    const plain = await super.generateAuthorizeRequestAsync(isPassive, false); // false: not signed yet
    const request = plain.replace("<saml:Issuer ", `<saml:Issuer Format="${formatEntity}" NameQualifier="${this.options.issuer}" `);
    return isHttpPostBinding ? signAuthnRequestPost(request, this.options) : request;
  }
}

// readIdP takes addresses and signing certificates out of the metadata: node-saml reads none itself.
async function readIdP(address) {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`${address} answers ${answer.status}`);
  const role = (await parseXml2JsFromString(await answer.text())).EntityDescriptor.IDPSSODescriptor[0];
  const idp = { certs: [], sso: {} };
  for (const key of role.KeyDescriptor) {
    if (key.$.use !== "encryption") idp.certs.push(key.KeyInfo[0].X509Data[0].X509Certificate[0]._);
  }
  for (const service of role.SingleSignOnService) idp.sso[service.$.Binding.replace(/.*:/, "")] = service.$.Location;
  return idp;
}

function options(idp, base, level, binding) {
  return {
    issuer: base,
    callbackUrl: base + "/acs",
    logoutCallbackUrl: base + "/slo",
    entryPoint: idp.sso[bindings[binding]],
    authnRequestBinding: bindings[binding],
    skipRequestCompression: binding === "post", // by default it deflates for HTTP-POST too, which the binding does not allow
    idpCert: idp.certs,
    privateKey: given.key,
    publicCert: given.cert,
    signatureAlgorithm: "sha256",
    digestAlgorithm: "sha256",
    identifierFormat: formatTransient,
    allowCreate: false,
    forceAuthn: true,
    authnContext: [`https://www.spid.gov.it/SpidL${level}`],
    racComparison: "minimum",
    attributeConsumingServiceIndex: "0",
    wantAssertionsSigned: true,
    wantAuthnResponseSigned: true,
    acceptedClockSkewMs: 0,
    validateInResponseTo: ValidateInResponseTo.always,
    cacheProvider,
  };
}

// metadata are node-saml's own, with an attribute set that it cannot say itself, then signed by its own means.
function metadata(idp, base) {
  const name = "Servizio di prova node-saml";
  const own = generateServiceProviderMetadata({
    ...options(idp, base, 1, "post"),
    publicCerts: given.cert,
    signMetadata: false,
    metadataOrganization: {
      OrganizationName: { "@xml:lang": "it", "#text": name },
      OrganizationDisplayName: { "@xml:lang": "it", "#text": "node-saml" },
      OrganizationURL: { "@xml:lang": "it", "#text": base },
    },
    metadataContactPerson: {
      "@contactType": "other",
      Extensions: { "@xmlns:spid": "https://spid.gov.it/saml-extensions", "spid:IPACode": "c_z999", "spid:Public": {} },
      EmailAddress: "spid@servizio.example",
      TelephoneNumber: "+390600000000",
    },
  });
  const requested = given.attributes.map((n) => `<RequestedAttribute Name="${n}" NameFormat="${formatBasic}"/>`).join("");
  const set = `<AttributeConsumingService index="0"><ServiceName xml:lang="it">Dati della persona</ServiceName>${requested}</AttributeConsumingService>`;
  const whole = own.replace("</SPSSODescriptor>", set + "</SPSSODescriptor>");
  return signXmlMetadata(whole, { privateKey: given.key, publicCert: given.cert, signatureAlgorithm: "sha256", digestAlgorithm: "sha256" });
}

async function login(idp, base, query, res) {
  const [level, binding, relay] = ["level", "binding", "relay"].map((name) => query.get(name));
  const saml = new SpidSAML(options(idp, base, level, binding));
  if (binding === "redirect") {
    res.writeHead(302, { Location: await saml.getAuthorizeUrlAsync(relay) }).end();
    return;
  }
  res.writeHead(200, { "Content-Type": "text/html; charset=utf-8" }).end(await saml.getAuthorizeFormAsync(relay));
}

async function acs(idp, base, body, res) {
  const form = new URLSearchParams(body);
  const verdict = { accepted: false, error: "", class: "", name_id: "", session_index: "", relay_state: form.get("RelayState") ?? "", attributes: {} };
  try {
    const saml = new SpidSAML(options(idp, base, 1, "post")); // what it verifies does not depend on the request
    const { profile } = await saml.validatePostResponseAsync({ SAMLResponse: form.get("SAMLResponse") });
    verdict.accepted = true;
    verdict.class = profile.getAssertion().Assertion.AuthnStatement[0].AuthnContext[0].AuthnContextClassRef[0]._;
    verdict.name_id = profile.nameID;
    verdict.session_index = profile.sessionIndex ?? "";
    verdict.attributes = profile.attributes ?? {};
  } catch (err) {
    verdict.error = err.message;
  }
  res.writeHead(verdict.accepted ? 200 : 403, { "Content-Type": "application/json" }).end(JSON.stringify(verdict));
}

async function read(req) {
  let body = "";
  for await (const part of req.setEncoding("utf8")) body += part;
  return body;
}

async function main() {
  const idp = await readIdP(given.idp_metadata);
  let base = "";
  const server = http.createServer(async (req, res) => {
    try {
      const at = new URL(req.url, base);
      if (req.method === "GET" && at.pathname === "/login") await login(idp, base, at.searchParams, res);
      else if (req.method === "POST" && at.pathname === "/acs") await acs(idp, base, await read(req), res);
      else res.writeHead(404).end();
    } catch (err) {
      res.writeHead(500, { "Content-Type": "text/plain" }).end(String(err.stack));
    }
  });
  server.listen(0, "127.0.0.1", () => {
    base = `http://127.0.0.1:${server.address().port}`;
    console.log(JSON.stringify({ base, version, node: process.version, metadata: metadata(idp, base) }));
  });
  process.stdin.on("end", () => process.exit(0)).resume();
}

main().catch((err) => {
  console.error(err);
  process.exit(1);
});
