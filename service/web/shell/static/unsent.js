"use strict";

// What is typed and not sent yet is kept at the server, for all devices of the person, and until it arrived there in this
// browser under the name in data-unsent. It is there again after the page was left. The server names in a cookie what
// was sent: that is forgotten, and all of it at signing out.
const sent = document.cookie.match(/(?:^|; )sent=([\w-]+)/);
if (sent) {
  localStorage.removeItem(`unsent-${sent[1]}`);
  localStorage.removeItem(`sending-${sent[1]}`);
  document.cookie = "sent=; max-age=0; path=/; samesite=lax";
}

// Where the answer to a sent form was lost, the thread shows whether it arrived: what has the same words and came later.
function outcome(field, words, before) {
  const entries = [...document.querySelectorAll(field.dataset.what === "note" ? ".note" : ".message-out")];
  const later = entries.filter((entry) => number(entry) > before);
  return later.some((entry) => entry.querySelector(".words")?.textContent.includes(words.trim())) ? "sent" : "not-sent";
}

const number = (entry) => Number(entry.id.split("-")[1]);
const newest = (kind) => Math.max(0, ...[...document.querySelectorAll(kind)].map(number));

const PAUSE = 800; // milliseconds without a key before what is typed is sent to be kept

document.querySelectorAll("[data-unsent]").forEach((field) => {
  const name = `unsent-${field.dataset.unsent}`;
  let waiting = 0;

  async function keep() {
    const words = field.value;
    const body = new FormData();
    body.set("csrf_token", field.form.elements.csrf_token.value);
    body.set("what", field.dataset.what);
    body.set("words", words.trim() ? words : "");
    waiting = 0;
    const answer = await fetch(field.dataset.keep, { method: "POST", body, keepalive: true }).catch(() => null);
    if (answer?.status === 204 && field.value === words) localStorage.removeItem(name);
  }

  const noteDown = () => {
    localStorage.setItem(name, field.value);
    clearTimeout(waiting);
    waiting = setTimeout(keep, PAUSE);
  };

  const sending = `sending-${field.dataset.unsent}`;
  const before = localStorage.getItem(sending);
  const refused = document.querySelector("[data-errors], [aria-invalid]");
  if (before !== null && !refused && localStorage.getItem(name)) {
    const ended = outcome(field, localStorage.getItem(name), Number(before));
    if (ended === "sent") localStorage.removeItem(name);
    else if (field.form.elements.seen) field.form.elements.seen.value = before; // the server knows it if it does arrive
    field.form.querySelector(`[data-outcome=${ended}]`).hidden = false;
  }
  localStorage.removeItem(sending);

  const unkept = localStorage.getItem(name);
  if (unkept !== null) field.value = unkept;
  if (unkept !== null || field.value !== field.defaultValue || field.matches("[aria-invalid]")) noteDown();
  field.addEventListener("input", noteDown);
  field.form.addEventListener("submit", () => {
    clearTimeout(waiting); // what is being sent is not to be kept
    waiting = 0;
    localStorage.setItem(name, field.value);
    localStorage.setItem(sending, field.form.elements.seen?.value ?? newest(".note"));
  });
  addEventListener("pagehide", () => {
    if (waiting) keep();
  });
});
