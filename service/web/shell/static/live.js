"use strict";

// Hints of what has changed come from the address in data-hints of the body. Parts of the page whose data-live names it
// are fetched at once (`portline.js`), and what waits for the person is counted anew: in the sidebar and in the title.

const page = document.body.dataset;
const QUIET = 40_000; // milliseconds without a hint or a beat after which the stream is taken for cut off
let failures = 0;

function listen(address) {
  const source = new EventSource(address, { withCredentials: true });
  let patience;
  const heard = () => {
    clearTimeout(patience);
    patience = setTimeout(lost, QUIET);
    failures = 0;
    if (!listening) hintsArrive(true);
  };
  const comeBack = (seconds) => {
    clearTimeout(patience);
    source.close();
    hintsArrive(false);
    setTimeout(() => listen(address.split("?")[0]), seconds * 1000);
  };
  const lost = () => comeBack(Math.min(300, 5 * 2 ** failures++) * (0.5 + Math.random()));
  source.addEventListener("beat", heard);
  source.addEventListener("changed", ({ data }) => {
    heard();
    changed(...data.split(" "));
  });
  source.addEventListener("end", () => comeBack(3 * Math.random()));
  source.onerror = lost;
}

// "again" is said when hints were missed: everything may have changed.
function changed(topic, id) {
  document.querySelectorAll("[data-refresh][data-live]").forEach((part) => {
    const topics = part.dataset.live.split(" ");
    if (topic === "again" || topics.includes(topic) || topics.includes(`${topic}-${id}`)) hasChanged(part);
  });
  if (["again", "conversation", "read"].includes(topic)) countSoon();
}

let countedAt = -Infinity;
let counting = 0;

function countSoon() {
  clearTimeout(counting);
  if (performance.now() - countedAt > 1000) count();
  else counting = setTimeout(count, 1000);
}

async function count() {
  countedAt = performance.now();
  const answer = await fetch(page.counts).catch(() => null);
  if (!answer?.ok || answer.redirected) return;
  const counts = await answer.json();
  document.querySelectorAll("[data-count]").forEach((part) => {
    const number = counts[part.dataset.count] || 0;
    const words = document.createElement("span");
    words.className = "visually-hidden";
    words.textContent = ` ${part.dataset.words}`;
    part.hidden = !number;
    part.replaceChildren(...(number ? [number, words] : []));
  });
  showUnread(counts.unread);
}

const title = document.title;
let unread = Number(page.unread || 0);

function showUnread(count) {
  document.title = count ? `(${count}) ${title}` : title;
  if (count > unread) ring();
  unread = count;
}

// Of the open pages one rings, as the browser gives the lock to one.
function ring() {
  navigator.locks?.request("ring", { ifAvailable: true }, async (lock) => {
    if (!lock) return;
    if ("sound" in page) play();
    if (page.desktop && !document.hasFocus()) show(page.desktop);
    await new Promise((done) => setTimeout(done, 2000));
  });
}

// Two short tones. A browser plays none before the page was clicked once.
function play() {
  const audio = new AudioContext();
  [880, 1175].forEach((frequency, turn) => {
    const [tone, volume] = [audio.createOscillator(), audio.createGain()];
    const begin = audio.currentTime + turn * 0.15;
    tone.frequency.value = frequency;
    volume.gain.setValueAtTime(0.15, begin);
    volume.gain.exponentialRampToValueAtTime(0.001, begin + 0.3);
    tone.connect(volume).connect(audio.destination);
    tone.start(begin);
    tone.stop(begin + 0.3);
  });
  setTimeout(() => audio.close(), 1000);
}

function show(words) {
  try {
    const notice = new Notification(words, { tag: "unread", icon: "/static/mark.svg" });
    notice.onclick = () => window.focus();
  } catch {
    // phones show notices of a service worker alone
  }
}

showUnread(unread);
if (page.hints) listen(page.hints);

// The setting of desktop notices asks the browser for its permission, and shows when that was refused.
document.querySelector("[data-ask-permission]")?.addEventListener("change", async ({ target }) => {
  if (!target.checked) return;
  target.checked = window.Notification ? (await Notification.requestPermission()) === "granted" : false;
  document.getElementById(target.dataset.askPermission).hidden = target.checked;
});
