// The outbox: what a person submits is kept in the browser until the server's receipt, and sent once under its own id.
// An item belongs to an account; the browser keeps it for this server alone. Nothing here is shown as recorded.
"use strict";

const Outbox = (() => {
  const ACCOUNT = document.documentElement.dataset.account || "";
  const SAVED_AT = document.documentElement.dataset.savedAt || "";
  const EVERY = 30_000;
  const watchers = [];

  function opened() {
    return new Promise((resolve, reject) => {
      const request = indexedDB.open("minhbach-outbox", 1);
      request.onupgradeneeded = () => request.result.createObjectStore("items", { keyPath: "id" });
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  }

  async function inStore(mode, act) {
    const database = await opened();
    try {
      return await new Promise((resolve, reject) => {
        const transaction = database.transaction("items", mode, { durability: "strict" });
        const request = act(transaction.objectStore("items"));
        transaction.oncomplete = () => resolve(request.result);
        transaction.onabort = () => reject(transaction.error);
      });
    } finally {
      database.close();
    }
  }

  const all = () => inStore("readonly", (store) => store.getAll());
  const keep = (item) => inStore("readwrite", (store) => store.put(item));
  const remove = (id) => inStore("readwrite", (store) => store.delete(id));
  const own = async () => (await all()).filter((item) => item.account === ACCOUNT);

  async function changed() {
    const items = await all();
    for (const watcher of watchers) watcher(items);
    channel.postMessage("changed");
  }

  const channel = new BroadcastChannel("minhbach-outbox");
  channel.onmessage = async () => {
    const items = await all();
    for (const watcher of watchers) watcher(items);
  };

  // The state of an item after an attempt: "recorded", or why it waits or was refused, in one sentence.
  async function attempt(item) {
    let response;
    try {
      response = await fetch(item.path, {
        method: "POST",
        body: new URLSearchParams(item.fields),
        headers: { "X-Minhbach-Account": item.account },
      });
    } catch {
      return { state: "waiting", sentence: "Chưa kết nối được với máy chủ." };
    }
    const url = new URL(response.url);
    if (response.ok && url.searchParams.has("ghi-nhan")) return { state: "recorded", address: response.url };
    if (response.ok || response.status === 401) return { state: "waiting", sentence: "Hãy đăng nhập lại để gửi." };
    if (response.status >= 500 || response.status === 429) return { state: "waiting", sentence: "Máy chủ chưa xác nhận." };
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const lines = [...page.querySelectorAll(".error-summary li, main .lead")].map((line) => line.textContent.trim());
    return { state: "refused", sentence: lines.join(" ") || "Máy chủ từ chối bài gửi này." };
  }

  async function sendOne(item) {
    const result = await attempt(item);
    if (result.state === "recorded") await remove(item.id);
    else await keep({ ...item, ...result, tried_at: new Date().toISOString() });
    await changed();
    return result;
  }

  // One tab at a time; what was refused waits for a person.
  function flush() {
    return navigator.locks.request("minhbach-outbox", async () => {
      for (const item of await own()) {
        if (item.state === "refused") continue;
        const result = await sendOne(item);
        if (result.state === "waiting") break;
      }
    });
  }

  function newId() {
    return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  function itemOf(form, submitter) {
    const fields = [...new FormData(form, submitter)].filter(([, value]) => typeof value === "string");
    // A page from the browser's memory has the id of a form that may have been sent already.
    const id = SAVED_AT ? newId() : new Map(fields).get("lan-gui");
    const { pathname, search } = new URL(form.action);
    return {
      id,
      account: ACCOUNT,
      path: pathname + search,
      title: form.dataset.outbox,
      fields: fields.map(([name, value]) => [name, name === "lan-gui" ? id : value]),
      made_at: new Date().toISOString(),
      state: "waiting",
      sentence: "Chưa gửi.",
    };
  }

  async function submitted(event) {
    const form = event.target;
    if (!form.dataset.outbox || [...new FormData(form).values()].some((value) => value instanceof File && value.size)) return;
    event.preventDefault();
    for (const button of form.querySelectorAll("button[type=submit]")) button.disabled = true;
    const item = itemOf(form, event.submitter);
    try {
      await keep(item);
    } catch {
      form.submit(); // a browser that keeps nothing sends it as without scripts
      return;
    }
    navigator.storage?.persist?.();
    Busy.begin([form], "Đang gửi…");
    const result = await navigator.locks.request("minhbach-outbox", () => sendOne(item)).finally(Busy.end);
    if (result.state === "recorded") location.assign(result.address);
    else if (result.state === "refused" && !SAVED_AT) {
      await remove(item.id);
      form.submit(); // the same id again: the server shows its refusal at the fields
    } else location.assign("/hop-cho-gui");
  }

  function start() {
    if (!ACCOUNT) return;
    document.addEventListener("submit", submitted);
    window.addEventListener("online", flush);
    setInterval(flush, EVERY);
    navigator.serviceWorker?.register("/offline.js");
    const link = document.querySelector("[data-outbox-link]");
    if (link) {
      watchers.push((items) => {
        link.hidden = !items.length;
        link.querySelector("[data-outbox-count]").textContent = items.length;
      });
    }
    if (SAVED_AT) {
      const banner = document.querySelector("[data-offline]");
      banner.hidden = false;
      banner.querySelector("time").textContent = new Date(SAVED_AT).toLocaleString("vi-VN");
    }
    changed().then(flush);
  }

  document.addEventListener("DOMContentLoaded", start);
  return { watch: (watcher) => watchers.push(watcher), all, remove, keep, flush, changed, account: ACCOUNT };
})();
