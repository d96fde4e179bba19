"use strict";

// What was typed and not sent yet is kept in this browser under the name in data-unsent, and is there again after the
// page was left. The server names in a cookie what was sent: only then is it forgotten, and all of it at signing out.
const sent = document.cookie.match(/(?:^|; )sent=([\w-]+)/);
if (sent) {
  localStorage.removeItem(`unsent-${sent[1]}`);
  document.cookie = "sent=; max-age=0; path=/; samesite=lax";
}

document.querySelectorAll("[data-unsent]").forEach((field) => {
  const name = `unsent-${field.dataset.unsent}`;
  const keep = () => (field.value.trim() ? localStorage.setItem(name, field.value) : localStorage.removeItem(name));
  if (field.value.trim()) keep(); // an answer that was refused or taken back stands there already
  else field.value = localStorage.getItem(name) || "";
  field.addEventListener("input", keep);
});
