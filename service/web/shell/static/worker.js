"use strict";

// Shows notices, and a page of its own where the network is away. No page of a person is ever kept: only what KEPT names,
// in CACHE, asked for without cookies (`installing.py` puts these names, ICON and RENEWAL in front).
const [OFFLINE] = KEPT;

self.addEventListener("install", (event) => {
  self.skipWaiting();
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(KEPT.map((path) => new Request(path, { credentials: "omit" })))));
});

self.addEventListener("activate", (event) => {
  const others = async () => {
    const names = await caches.keys();
    await Promise.all(names.filter((name) => name !== CACHE).map((name) => caches.delete(name)));
    await self.clients.claim();
  };
  event.waitUntil(others());
});

self.addEventListener("fetch", (event) => {
  const { pathname } = new URL(event.request.url);
  if (event.request.mode === "navigate") event.respondWith(fetch(event.request).catch(() => caches.match(OFFLINE, { ignoreVary: true })));
  else if (KEPT.includes(pathname))
    event.respondWith(caches.match(event.request, { ignoreVary: true }).then((kept) => kept || fetch(event.request)));
});

// Safari shows the same JSON by itself (declarative web push).
self.addEventListener("push", (event) => {
  const { title, navigate, ...shown } = event.data.json().notification;
  event.waitUntil(self.registration.showNotification(title, { ...shown, icon: ICON, data: navigate }));
});

// The browser has changed where notices reach it.
self.addEventListener("pushsubscriptionchange", (event) => event.waitUntil(renew()));

async function renew() {
  const answer = await fetch(RENEWAL);
  if (!answer.ok || answer.redirected) return; // signed out, or no notices are wanted here any more
  const { key, csrf_token } = await answer.json();
  const given = await self.registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
  const { endpoint, keys } = given.toJSON();
  await fetch(RENEWAL, { method: "POST", body: new URLSearchParams({ endpoint, ...keys, csrf_token }) });
}

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(open(event.notification.data));
});

async function open(address) {
  const windows = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  const there = windows.find((one) => one.url === address);
  return there ? there.focus() : self.clients.openWindow(address);
}
