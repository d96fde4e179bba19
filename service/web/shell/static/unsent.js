"use strict";

// What is typed and not sent yet is kept at the server, for all devices of the person, and until it arrived there in this
// browser under the name in data-unsent. It is there again after the page was left. The server names in a cookie what
// was sent: that is forgotten, and all of it at signing out.
const sent = document.cookie.match(/(?:^|; )sent=([\w-]+)/);
if (sent) {
  localStorage.removeItem(`unsent-${sent[1]}`);
  document.cookie = "sent=; max-age=0; path=/; samesite=lax";
}

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

  const unkept = localStorage.getItem(name);
  if (unkept !== null) field.value = unkept;
  if (unkept !== null || field.value !== field.defaultValue || field.matches("[aria-invalid]")) noteDown();
  field.addEventListener("input", noteDown);
  field.form.addEventListener("submit", () => {
    clearTimeout(waiting); // what is being sent is not to be kept
    waiting = 0;
  });
  addEventListener("pagehide", () => {
    if (waiting) keep();
  });
});
