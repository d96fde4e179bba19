"use strict";

// Forms that need a passkey: the browser is asked with data-options (JSON, https://www.w3.org/TR/webauthn-3/), and its
// answer is sent. Where a browser has no passkeys the forms are hidden, and parts with data-no-passkeys are shown.
const has = window.PublicKeyCredential && PublicKeyCredential.parseRequestOptionsFromJSON;

const ways = {
  create: (options) => navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) }),
  get: (options) => navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) }),
};

document.querySelectorAll("[data-no-passkeys]").forEach((part) => (part.hidden = Boolean(has)));
document.querySelectorAll("[data-passkey]").forEach((form) => {
  form.hidden = !has;
  const trouble = form.querySelector("[role=alert]");
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    trouble.hidden = true;
    try {
      const answer = await ways[form.dataset.passkey](JSON.parse(form.dataset.options));
      form.querySelector("[name=credential]").value = JSON.stringify(answer);
      form.submit();
    } catch {
      trouble.hidden = false; // canceled, timed out, or no passkey here
    }
  });
});
