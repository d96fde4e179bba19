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
  let answer, html;
  try {
    answer = await fetch(part.dataset.refresh);
    html = await answer.text();
  } catch {
    return part; // offline, or cut off half way: try again
  }
  if (answer.redirected) location.reload(); // signed out meanwhile
  if (!answer.ok || answer.redirected) return part;
  const holder = document.createElement("template");
  holder.innerHTML = html.trim();
  const fresh = holder.content.firstElementChild;
  if (!fresh || fresh.outerHTML === part.outerHTML) return part;
  const atEnd = innerHeight + scrollY >= document.body.scrollHeight - 80;
  const renewed = renew(part, fresh);
  if (atEnd && renewed.hasAttribute("data-follow")) scrollTo(0, document.body.scrollHeight);
  return renewed;
}

// Children that have an id and are the same stay where they are: a voicemail that is being heard plays on.
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
    const stays = old && old.outerHTML === child.outerHTML;
    if (old && !stays) old.remove();
    const wanted = stays ? old : child;
    if (part.children[place] !== wanted) part.insertBefore(wanted, part.children[place] || null);
  });
  while (part.children.length > children.length) part.lastElementChild.remove();
  return part;
}

document.querySelectorAll("[data-refresh]").forEach(keepFresh);

document.querySelectorAll("input[name=zone]").forEach((input) => {
  input.value = Intl.DateTimeFormat().resolvedOptions().timeZone || "";
});

document.querySelectorAll("[data-errors]").forEach((summary) => summary.focus());
