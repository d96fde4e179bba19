"use strict";

// The browser keeps a worker of ours, which shows notices, and a page of its own while the network is away (`worker.js`).
navigator.serviceWorker?.register("/sw.js", { updateViaCache: "all" }).catch(() => {});

// Of the ways to install us, the page in data-install tells the one that this browser has.
const help = document.querySelector("[data-install]");
if (help) helpToInstall(help);

function helpToInstall(help) {
  const show = (name) => help.querySelectorAll("[data-way]").forEach((way) => (way.hidden = way.dataset.way !== name));
  if (matchMedia("(display-mode: standalone)").matches || navigator.standalone) show("installed");
  else if (navigator.standalone === false) show("share");
  addEventListener("beforeinstallprompt", (event) => {
    event.preventDefault();
    show("button");
    help.querySelector("[data-way=button]").onclick = () => event.prompt();
  });
}
