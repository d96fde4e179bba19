"use strict";

// Shortcuts: a part of the page with data-key is clicked or focused by its key, one with data-go by g and its key.
// Single keys are left alone where the person switched them off; then the page has no map of keys.

const typing = (target) => target.matches("input, textarea, select, [contenteditable]");
const map = document.getElementById("key-map");
let leading = false; // g was pressed

document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.target.closest("form")?.querySelector("[data-send]")?.click();
    return;
  }
  if (event.key === "k" && (event.ctrlKey || event.metaKey)) press("palette", event, "");
  if (event.key === "Escape") leave(event.target);
  if (!map || typing(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
  const led = leading;
  leading = event.key === "g";
  if (leading) return;
  if (event.key === "?") map.showModal();
  else if (led) press("go", event);
  else if (event.key === "j" || event.key === "k") step(event.key === "j" ? 1 : -1, event);
  else if (event.key === "x") select(event);
  else press("key", event);
});

// Select the conversation that has the focus, or take it out again.
function select(event) {
  const box = event.target.closest(".conversation-list li")?.querySelector(".pick");
  if (!box) return;
  event.preventDefault();
  box.click();
}

// Escape leaves a field, or closes the menu and gives the focus back to its button.
function leave(target) {
  if (typing(target)) target.blur();
  const menu = target.closest("details[open].fold, details[open].workspace");
  if (!menu) return;
  menu.open = false;
  menu.firstElementChild.focus();
}

// A press outside closes a menu.
document.addEventListener("pointerdown", ({ target }) => {
  document.querySelectorAll("details[open].fold, details[open].workspace").forEach((menu) => {
    if (!menu.contains(target)) menu.open = false;
  });
});

// The last of the parts with a key: what the page itself has goes before the sidebar's.
function press(kind, event, key = event.key) {
  const wanted = [...document.querySelectorAll(`[data-${kind}]`)].filter((part) => part.dataset[kind] === key).pop();
  if (!wanted) return;
  event.preventDefault();
  if (typing(wanted)) wanted.focus();
  else wanted.click();
  const field = wanted.matches("summary") && wanted.parentElement.open && wanted.parentElement.querySelector("textarea, button");
  if (field) field.focus();
}

// To the next or previous conversation: the list moves the focus, the page of a conversation opens it.
function step(by, event) {
  const links = [...document.querySelectorAll(".conversation-list a")];
  const here = links.findIndex((link) => link === document.activeElement || link.getAttribute("aria-current"));
  const next = links[here < 0 ? 0 : here + by];
  if (!next) return;
  event.preventDefault();
  if (document.querySelector(".inbox-conversation")) next.click();
  else next.focus();
}

// An address that names a row or a field leads the focus there: back from a conversation, or by the sidebar's search.
const named = document.getElementById(location.hash.slice(1));
if (named && typing(named)) named.focus();
else if (named?.matches(".conversation-list li")) named.querySelector("a").focus();
