"use strict";

// The composer: the length of a text while it is typed, saved replies, emoji, pictures, and news of colleagues' answers.
// The inbox works without too.

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

// Enter sends, for those who wish so; with Shift it begins a line, and while a sign is being composed it ends that.
document.querySelectorAll("[data-enter]").forEach((field) => {
  field.form.addEventListener("keydown", (event) => {
    if (event.target !== field || event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    field.form.querySelector("[data-send]").click();
  });
});

// Text or Note: their keys, and a press on their names, lead into the field.
document.querySelectorAll(".composer-tabs label").forEach((label) => {
  label.addEventListener("click", (event) => {
    event.preventDefault(); // which would lead the focus to the choice itself
    label.control.checked = true;
    document.getElementById(label.htmlFor.replace("write-", ""))?.focus();
  });
});

// Put words into a field in place of what is selected, or of the last `before` signs.
function insert(field, words, before = 0) {
  field.setRangeText(words, field.selectionStart - before, field.selectionEnd, "end");
  field.dispatchEvent(new Event("input"));
  field.focus();
}

const close = (fold) => {
  fold.open = false;
};

document.querySelectorAll("[data-emoji]").forEach((button) => {
  button.addEventListener("click", () => {
    close(button.closest("details"));
    insert(text, button.dataset.emoji);
  });
});

// A list of words for a field. Its sign opens it, further letters choose among them, Enter takes the first, Escape
// writes on.
function openBySign(field, fold, sign) {
  const choices = [...(fold?.querySelectorAll("[data-insert]") ?? [])];
  if (!field || !choices.length) return;
  const begun = () => field.value.slice(0, field.selectionStart).match(new RegExp(`(?:^|\\s)(${sign}\\S*)$`))?.[1];
  choices.forEach((choice) => {
    choice.addEventListener("click", (event) => {
      event.preventDefault();
      close(fold);
      insert(field, choice.dataset.insert, begun()?.length);
    });
  });
  field.addEventListener("input", () => {
    const sought = begun();
    const wanted = sought?.slice(1).toLowerCase() ?? "";
    choices.forEach((choice) => {
      choice.hidden = !choice.textContent.toLowerCase().includes(wanted);
    });
    if (sought !== undefined || field.dataset.seeking) fold.open = sought !== undefined && choices.some((one) => !one.hidden);
    field.dataset.seeking = sought === undefined ? "" : "yes";
  });
  field.addEventListener("keydown", (event) => {
    if (!fold.open || begun() === undefined || !["Enter", "Tab", "ArrowDown", "Escape"].includes(event.key)) return;
    event.preventDefault();
    event.stopPropagation();
    const first = choices.find((choice) => !choice.hidden);
    if (event.key === "Escape") close(fold);
    else if (event.key === "ArrowDown") first.focus();
    else first.click();
  });
}

openBySign(text, document.getElementById("saved-replies"), "/");
openBySign(document.getElementById("note"), document.getElementById("people"), "@");

// The button says whether the text is sent now or later.
const later = document.getElementById("leaves_at");
if (later) {
  const button = later.form.querySelector("[data-send]");
  const now = button.textContent;
  const name = () => {
    button.textContent = later.value ? button.dataset.later : now;
  };
  later.addEventListener("input", name);
  name();
}

// Pictures: chosen, pasted or dropped, each is shown with a button that removes it.
const chooser = document.getElementById("pictures");
if (chooser) {
  const list = document.querySelector(".chosen-pictures");
  const set = (files) => {
    const kept = new DataTransfer();
    files.forEach((file) => kept.items.add(file));
    chooser.files = kept.files;
    show();
  };
  const add = (files) => set([...chooser.files, ...[...files].filter((file) => file.type.startsWith("image/"))]);
  const show = () => {
    const files = [...chooser.files];
    list.replaceChildren(...files.map((file) => preview(file, list.dataset.remove, () => set(files.filter((one) => one !== file)))));
    list.hidden = !files.length;
  };
  let before = [];
  chooser.addEventListener("click", () => {
    before = [...chooser.files];
  });
  chooser.addEventListener("change", () => set([...before, ...chooser.files]));
  document.addEventListener("paste", (event) => {
    if (!event.clipboardData.files.length) return;
    event.preventDefault();
    add(event.clipboardData.files);
  });
  const pane = document.querySelector(".inbox-conversation");
  const mark = (on) => document.querySelector(".composer").classList.toggle("dropping", on);
  pane.addEventListener("dragover", (event) => {
    if (!event.dataTransfer.types.includes("Files")) return;
    event.preventDefault();
    mark(true);
  });
  pane.addEventListener("dragleave", () => mark(false));
  pane.addEventListener("drop", (event) => {
    mark(false);
    if (!event.dataTransfer.files.length) return;
    event.preventDefault();
    add(event.dataTransfer.files);
  });
}

document.querySelector("[data-select-all]").addEventListener("click", () => {
  document.querySelectorAll(".pick").forEach((box) => {
    box.checked = true;
  });
});

// A small copy of a picture, drawn without an address of its own: the page's policy allows none.
function preview(file, words, remove) {
  const [item, canvas, button] = ["li", "canvas", "button"].map((name) => document.createElement(name));
  [canvas.width, canvas.height] = [144, 108];
  createImageBitmap(file).then(
    (bitmap) => {
      const scale = Math.max(canvas.width / bitmap.width, canvas.height / bitmap.height);
      const [width, height] = [bitmap.width * scale, bitmap.height * scale];
      canvas.getContext("2d").drawImage(bitmap, (canvas.width - width) / 2, (canvas.height - height) / 2, width, height);
    },
    () => {}, // no picture: the server says so
  );
  [button.type, button.textContent] = ["button", "×"];
  button.setAttribute("aria-label", words.replace("{file}", file.name));
  button.addEventListener("click", remove);
  item.append(canvas, button);
  return item;
}
