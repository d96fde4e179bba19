"use strict";

// Parts with data-refresh (an address) are fetched every data-every seconds, and replaced when they have changed. While
// hints of changes arrive (`live.js`), one with data-live is fetched as soon as it is hinted at; to be sure, and to say
// that somebody looks at it, also every data-every-live seconds. A fetched part without data-refresh is not fetched
// again. Without JavaScript, people reload the page.
let listening = false;

function keepFresh(part) {
  clearTimeout(part.timer);
  part.timer = setTimeout(() => ask(part), pause(part) * 1000);
}

function pause(part) {
  if (part.stale && !document.hidden) return 0.5;
  if (listening && part.dataset.live) return Number(part.dataset.everyLive || 60);
  return Number(part.dataset.every || 5);
}

async function ask(part) {
  clearTimeout(part.timer);
  if (part.asking) return;
  const stale = part.stale;
  part.stale = false;
  part.asking = true;
  const fresh = document.hidden ? part : await fetched(part, stale);
  part.asking = false;
  // what was hinted at meanwhile, or while nobody looked, is still to be fetched
  fresh.stale = part.stale || (stale && document.hidden);
  if (fresh.dataset.refresh) keepFresh(fresh);
}

// A part was hinted at. In a crowd of hints it is fetched twice a second.
function hasChanged(part) {
  part.stale = true;
  if (part.asking || document.hidden) return;
  if (performance.now() - (part.askedAt || 0) > 500) ask(part);
  else keepFresh(part);
}

function hintsArrive(arrive) {
  listening = arrive;
  document.querySelectorAll("[data-refresh][data-live]").forEach((part) => part.asking || keepFresh(part));
}

document.addEventListener("visibilitychange", () => {
  if (!document.hidden) document.querySelectorAll("[data-refresh]").forEach(ask);
});

async function fetched(part, stale) {
  let answer, html;
  part.askedAt = performance.now();
  try {
    answer = await fetch(part.dataset.refresh, { headers: part.etag && !stale ? { "If-None-Match": part.etag } : {} });
    html = await answer.text();
  } catch {
    return part; // offline or interrupted: try again
  }
  if (answer.redirected) location.reload(); // the session has ended: show the sign-in page
  if (!answer.ok || answer.redirected) return part;
  const holder = document.createElement("template");
  holder.innerHTML = html.trim();
  const fresh = holder.content.firstElementChild;
  if (fresh) keepOpen(part, fresh);
  if (fresh) keepSelected(part, fresh);
  part.etag = answer.headers.get("ETag");
  if (!fresh || fresh.outerHTML === part.outerHTML) return part;
  const renewed = renew(part, fresh);
  [renewed.etag, renewed.askedAt] = [part.etag, part.askedAt];
  return renewed;
}

// A question that somebody has opened stays open.
function keepOpen(part, fresh) {
  const opened = [...part.querySelectorAll("details")];
  [...fresh.querySelectorAll("details")].forEach((one, place) => {
    const before = opened[place];
    const same = before && before.firstElementChild.textContent === one.firstElementChild.textContent;
    if (same) one.open = before.open;
  });
}

// A row that somebody has selected stays selected.
function keepSelected(part, fresh) {
  fresh.querySelectorAll("input[type=checkbox][id]").forEach((box) => {
    box.checked = part.querySelector(`#${box.id}`)?.checked ?? box.checked;
  });
}

const plays = (part) => [...part.querySelectorAll("audio")].some((sound) => !sound.paused);

// Unchanged children with an id stay in place, and so does a voicemail that is playing.
function renew(part, fresh) {
  const children = [...fresh.children];
  if (!children.every((child) => child.id)) {
    part.replaceWith(fresh);
    return fresh;
  }
  for (const { name, value } of fresh.attributes) part.setAttribute(name, value);
  if (!fresh.dataset.refresh) part.removeAttribute("data-refresh");
  children.forEach((child, place) => {
    const old = [...part.children].find((one) => one.id === child.id);
    const stays = old && (old.outerHTML === child.outerHTML || plays(old));
    if (old && !stays) old.remove();
    const wanted = stays ? old : child;
    if (part.children[place] !== wanted) part.insertBefore(wanted, part.children[place] || null);
  });
  while (part.children.length > children.length) part.lastElementChild.remove();
  return part;
}

document.querySelectorAll("[data-refresh]").forEach(keepFresh);

// Links to the phone open its own window, or ask the one that is open to call their number.
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-phone]");
  if (!link) return;
  const phone = window.open("", "portline-phone", "popup,width=400,height=680");
  if (!phone) return;
  event.preventDefault();
  phone.focus();
  if (phone.document.getElementById("phone")) new BroadcastChannel("portline-phone").postMessage({ ...link.dataset });
  else phone.location = link.href;
});

document.querySelectorAll("input[name=zone]").forEach((input) => {
  input.value = Intl.DateTimeFormat().resolvedOptions().timeZone || "";
});

// What was just done can be undone for a while: as long as the notice is pointed at or has the focus, it stays.
document.querySelectorAll("[data-passing]").forEach((notice) => {
  const pass = () => (notice.matches(":hover, :focus-within") ? setTimeout(pass, 2000) : notice.remove());
  setTimeout(pass, 10_000);
});

document.querySelectorAll("[data-errors]").forEach((summary) => summary.focus());
