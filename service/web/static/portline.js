"use strict";

// Parts of a page that say where they come from (data-refresh) are fetched again every few seconds, and replaced when
// they have changed. A part without data-refresh has settled. Pages work without any of this, by loading them again.
function keepFresh(part) {
  const seconds = Number(part.dataset.every || 5);
  setTimeout(async () => {
    const fresh = document.hidden ? part : await fetched(part);
    if (fresh.dataset.refresh) keepFresh(fresh);
  }, seconds * 1000);
}

async function fetched(part) {
  let answer;
  try {
    answer = await fetch(part.dataset.refresh);
  } catch {
    return part; // offline: try again
  }
  if (answer.redirected) location.reload(); // signed out meanwhile
  if (!answer.ok || answer.redirected) return part;
  const holder = document.createElement("template");
  holder.innerHTML = (await answer.text()).trim();
  const fresh = holder.content.firstElementChild;
  if (!fresh || fresh.outerHTML === part.outerHTML) return part;
  const atEnd = innerHeight + scrollY >= document.body.scrollHeight - 80;
  part.replaceWith(fresh);
  if (atEnd && fresh.hasAttribute("data-follow")) scrollTo(0, document.body.scrollHeight);
  return fresh;
}

document.querySelectorAll("[data-refresh]").forEach(keepFresh);

document.querySelectorAll("input[name=zone]").forEach((input) => {
  input.value = Intl.DateTimeFormat().resolvedOptions().timeZone || "";
});

document.querySelectorAll("[data-errors]").forEach((summary) => summary.focus());
