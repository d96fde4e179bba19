"use strict";

// The challenge of the sign-up (data-challenge, JSON, https://altcha.org/docs/v2/) is solved while its person types; a form that is
// sent sooner waits. Where it cannot be solved, as in an old browser, the form is sent without a solution.
const bytes = (hex) => Uint8Array.from(hex.match(/../g), (pair) => parseInt(pair, 16));
const hex = (all) => Array.from(all, (one) => one.toString(16).padStart(2, "0")).join("");

async function solve({ nonce, salt, cost, keyLength, keyPrefix }) {
  const password = new Uint8Array([...bytes(nonce), 0, 0, 0, 0]);
  const way = { name: "PBKDF2", hash: "SHA-256", salt: bytes(salt), iterations: cost };
  for (let counter = 0; ; counter += 1) {
    new DataView(password.buffer).setUint32(password.length - 4, counter);
    const key = await crypto.subtle.importKey("raw", password, "PBKDF2", false, ["deriveBits"]);
    const derivedKey = hex(new Uint8Array(await crypto.subtle.deriveBits(way, key, keyLength * 8)));
    if (derivedKey.startsWith(keyPrefix)) return { counter, derivedKey };
  }
}

document.querySelectorAll("[data-challenge]").forEach((form) => {
  const challenge = JSON.parse(form.dataset.challenge);
  const field = form.querySelector("[name=solution]");
  const solved = solve(challenge.parameters)
    .then((solution) => (field.value = btoa(JSON.stringify({ challenge, solution }))))
    .catch(() => {});
  form.addEventListener("submit", async (event) => {
    if (field.value) return;
    event.preventDefault();
    form.querySelector("[data-solving]").hidden = false;
    await solved;
    form.submit();
  });
});
