"use strict";

// The palette: links with data-palette, which / and Ctrl K press, open it in place of the page of the search. Hits are
// fetched while words are typed, and an older request is given up. The arrows move through the hits, Enter opens one;
// from the field it opens the first, if the hits are those of what stands in the field.
const palette = document.getElementById("palette");
const PALETTE_PAUSE = 120; // milliseconds without a key before hits are asked for

if (palette) {
  const field = palette.querySelector("input");
  const list = palette.querySelector(".palette-hits");
  const status = palette.querySelector("[role=status]");
  const links = () => [...list.querySelectorAll("a")];
  let waiting = 0;
  let request = null;
  let found = null; // the words whose hits are shown

  const find = async () => {
    request?.abort();
    request = new AbortController();
    const words = field.value;
    try {
      const answer = await fetch(`${list.dataset.from}?q=${encodeURIComponent(words)}`, { signal: request.signal });
      if (answer.redirected) location.reload(); // the session has ended
      if (!answer.ok) throw new Error(answer.status);
      list.innerHTML = await answer.text();
      status.textContent = list.firstElementChild.dataset.found;
      found = words;
    } catch (error) {
      if (error.name === "AbortError") return;
      status.textContent = list.textContent = list.dataset.trouble;
    }
  };

  const soon = () => {
    clearTimeout(waiting);
    waiting = setTimeout(find, PALETTE_PAUSE);
  };

  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-palette]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    if (palette.open) return;
    palette.showModal();
    field.select();
    find();
  });

  field.addEventListener("input", soon);
  palette.addEventListener("submit", (event) => {
    if (event.submitter?.value === "close" || found !== field.value || !links().length) return;
    event.preventDefault();
    links()[0].click();
  });
  palette.addEventListener("click", ({ target }) => target === palette && palette.close());
  palette.addEventListener("keydown", (event) => {
    event.stopPropagation(); // the page's own keys rest meanwhile
    const [all, here] = [links(), links().indexOf(document.activeElement)];
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (by) {
      event.preventDefault();
      (all[here + by] || field).focus();
    } else if (here >= 0 && event.key.length === 1 && !event.ctrlKey && !event.metaKey) field.focus();
  });
}
