"use strict";

// The button in data-push (our public key) has the browser ask its person, and hands over where notices reach it.
const device = document.querySelector("[data-push]");
if (device) offerNotices(device, device.querySelector("form"));

function offerNotices(device, form) {
  const say = (name) => device.querySelectorAll("[data-says]").forEach((words) => (words.hidden = words.dataset.says !== name));
  if (!(navigator.serviceWorker && window.PushManager && window.Notification)) {
    form.hidden = true;
    say(navigator.standalone === false ? "install" : "unable"); // Safari on phones can once it is installed
  }
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if ((await Notification.requestPermission()) !== "granted") return say("denied");
    const given = await subscription(device.dataset.push).catch(() => null);
    if (!given) return say("failed");
    const { endpoint, keys } = given.toJSON();
    for (const [name, value] of Object.entries({ endpoint, ...keys })) if (form.elements[name]) form.elements[name].value = value;
    form.submit();
  });
}

async function subscription(key) {
  const { pushManager } = await navigator.serviceWorker.ready;
  const subscribe = () => pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
  return subscribe().catch(async () => {
    await (await pushManager.getSubscription())?.unsubscribe(); // it was for another key
    return subscribe();
  });
}
