"use strict";

// The length of a text while it is typed, saved replies, and news of colleagues' answers. The inbox works without too.

// How many messages a text is sent as, by the signs of the networks' own alphabet: `service/notifications/gsm.py`
// counts the same.
function segments(words, basic, extended) {
  const signs = [...words];
  const gsm = signs.every((sign) => basic.has(sign) || extended.has(sign));
  const places = signs.map((sign) => (gsm ? 1 + extended.has(sign) : sign.length));
  const [alone, joined] = gsm ? [160, 153] : [70, 67];
  if (places.reduce((sum, taken) => sum + taken, 0) <= alone) return 1;
  let [parts, used] = [1, 0];
  for (const taken of places) {
    if (used + taken > joined) [parts, used] = [parts + 1, 0];
    used += taken;
  }
  return parts;
}

const text = document.querySelector("textarea[data-gsm]");
const thread = () => document.querySelector(".thread[data-refresh]");

if (text) {
  const length = document.getElementById("length");
  const basic = new Set(text.dataset.gsm);
  const extended = new Set(text.dataset.gsmExtended);
  let notifiedAt = 0;

  const count = () => {
    const words = text.value.trim();
    const texts = segments(words, basic, extended);
    const counted = texts === 1 ? length.dataset.one : length.dataset.many.replace("{texts}", texts);
    length.textContent = words ? `${length.dataset.signs.replace("{signs}", [...words].length)} · ${counted}` : "";
    return words;
  };
  count(); // what was typed before the page was left is there again

  text.addEventListener("input", () => {
    const words = count();
    // a colleague's answer that is on the page while typing goes on counts as seen
    const seen = thread()?.dataset.seen;
    if (seen) text.form.elements.seen.value = seen;
    // tell the server that an answer is being typed, at most every three seconds
    if (words && Date.now() - notifiedAt > 3000 && thread()) {
      notifiedAt = Date.now();
      fetch(`${thread().dataset.refresh}?typing=1`, { headers: { "If-None-Match": "*" } }).catch(() => {});
    }
  });
}

document.querySelectorAll("[data-insert]").forEach((link) => {
  link.addEventListener("click", (event) => {
    if (!text) return;
    event.preventDefault();
    text.setRangeText(link.dataset.insert, text.selectionStart, text.selectionEnd, "end");
    text.dispatchEvent(new Event("input"));
    text.focus();
  });
});
