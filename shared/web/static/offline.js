// The service worker: pages of entry and tasks that were opened before are shown from memory when the server is away,
// in place of any other the page that says that it is. It forgets its pages when somebody signs in or out, whichever
// way; the outbox is not its business.
"use strict";

const PAGES = "minhbach-pages-1";
const FILES = "minhbach-files-1";
const AWAY = "/mat-ket-noi"; // nobody's page, kept whoever signs in or out
const KEPT = /^\/(so-lieu|bieu-so-lieu|nhiem-vu)\/|^\/hop-cho-gui$/;
const MOST_FILES = 100;
// What signs in or out: a form, or the way back from a provider of identities.
const SIGNS = /^\/(dang-xuat|dang-nhap|moi)(\/|$)/;
const BACK = "/dang-nhap/nha-cung-cap/ve";

self.addEventListener("install", (event) => {
  self.skipWaiting();
  event.waitUntil(keepAway());
});
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== self.location.origin) return;
  const signs = url.pathname === BACK || (request.method === "POST" && SIGNS.test(url.pathname));
  if (signs) event.waitUntil(caches.delete(PAGES));
  const typed = (request.headers.get("content-type") || "").startsWith("application/x-www-form-urlencoded");
  if (request.method === "POST" && request.mode === "navigate" && typed) event.respondWith(fetch(request).catch(away));
  if (request.method !== "GET") return;
  if (url.pathname.startsWith("/static/")) event.respondWith(file(request));
  else if (request.mode === "navigate") event.respondWith(page(request, url));
});

// The address has the hash of the content, so that the copy is right for ever.
async function file(request) {
  const files = await caches.open(FILES);
  const kept = await files.match(request);
  if (kept) return kept;
  const response = await fetch(request);
  if (response.ok) {
    const keys = await files.keys();
    const old = keys.filter((each) => each.url.includes("/static/")).slice(0, Math.max(0, keys.length - MOST_FILES));
    for (const each of old) await files.delete(each);
    await files.put(request, response.clone());
  }
  return response;
}

async function page(request, url) {
  const key = url.pathname + withoutReceipt(url);
  try {
    const response = await fetch(request);
    if (response.status === 200 && !response.redirected && KEPT.test(url.pathname)) {
      const pages = await caches.open(PAGES);
      await keepPage(pages, key, response.clone());
      if (!(await pages.match("/hop-cho-gui"))) await keepOutbox(pages);
    }
    return response;
  } catch (fault) {
    const pages = await caches.open(PAGES);
    return (await pages.match(key)) || away(fault);
  }
}

async function away(fault) {
  const kept = await caches.match(AWAY);
  if (!kept) throw fault;
  return kept;
}

async function keepAway() {
  const response = await fetch(AWAY);
  if (response.status === 200) await keepPage(await caches.open(FILES), AWAY, response);
}

function withoutReceipt(url) {
  const query = new URLSearchParams(url.search);
  query.delete("ghi-nhan");
  return query.size ? `?${query}` : "";
}

async function keepOutbox(pages) {
  const response = await fetch("/hop-cho-gui");
  if (response.ok && !response.redirected) await keepPage(pages, "/hop-cho-gui", response);
}

// A copy says when it was made, so that the page can say that it is one; its files are kept with it.
async function keepPage(pages, key, response) {
  const text = await response.text();
  for (const [address] of text.matchAll(/\/static\/[^"']+/g)) await file(new Request(address));
  const dated = text.replace("<html ", `<html data-saved-at="${new Date().toISOString()}" `);
  await pages.put(key, new Response(dated, { status: 200, headers: response.headers }));
}
