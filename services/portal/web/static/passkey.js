// Passkeys: asks the browser for one, and sends its answer in the form around the button.
"use strict";

const toBytes = (text) =>
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));

const toText = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

const withBytes = (listed) => (listed || []).map((each) => ({ ...each, id: toBytes(each.id) }));

async function created(options) {
  const user = { ...options.user, id: toBytes(options.user.id) };
  const challenge = toBytes(options.challenge);
  const excludeCredentials = withBytes(options.excludeCredentials);
  const made = await navigator.credentials.create({ publicKey: { ...options, user, challenge, excludeCredentials } });
  return answer(made, {
    attestationObject: toText(made.response.attestationObject),
    transports: made.response.getTransports ? made.response.getTransports() : [],
  });
}

async function asked(options) {
  const challenge = toBytes(options.challenge);
  const allowCredentials = withBytes(options.allowCredentials);
  const found = await navigator.credentials.get({ publicKey: { ...options, challenge, allowCredentials } });
  return answer(found, {
    authenticatorData: toText(found.response.authenticatorData),
    signature: toText(found.response.signature),
    userHandle: found.response.userHandle ? toText(found.response.userHandle) : null,
  });
}

function answer(credential, response) {
  return JSON.stringify({
    id: credential.id,
    rawId: toText(credential.rawId),
    type: credential.type,
    response: { clientDataJSON: toText(credential.response.clientDataJSON), ...response },
    clientExtensionResults: {},
  });
}

async function optionsOf(form) {
  if (form.dataset.options) return JSON.parse(form.dataset.options);
  const begun = await fetch(form.dataset.begin, { method: "POST" });
  if (!begun.ok) throw new Error(begun.status);
  return begun.json();
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  if (!window.PublicKeyCredential) continue;
  const problem = form.querySelector("[data-problem]");
  const button = form.querySelector("button");
  form.hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    problem.hidden = true;
    button.disabled = true;
    try {
      const options = await optionsOf(form);
      form.elements["tra-loi"].value = await (form.dataset.passkey === "create" ? created(options) : asked(options));
      form.submit();
    } catch {
      problem.hidden = false;
    } finally {
      button.disabled = false;
    }
  });
}
