// Shows that a click has begun something while its page is on the way, and sends no form a second time meanwhile.
// A script that sends a form itself begins and ends it itself.
"use strict";

const Busy = (() => {
  const AFTER = 300; // milliseconds; what is faster needs no word
  const FILE = /\.(csv|docx|html|json|pdf|svg|xlsx)$/; // an id with a dot in it is none
  const GIVEN_UP = 10_000; // a page that was stopped, or a file that came instead
  const note = document.querySelector("[data-busy]");
  let timers = [];

  function end() {
    for (const timer of timers) clearTimeout(timer);
    timers = [];
    note.textContent = "";
    note.hidden = true;
    for (const each of document.querySelectorAll("[aria-busy]")) each.removeAttribute("aria-busy");
  }

  function begin(elements, text) {
    end();
    for (const each of elements) each?.setAttribute("aria-busy", "true");
    note.hidden = false; // a region that is there before its text is read out
    timers = [setTimeout(() => { note.textContent = text; }, AFTER)];
  }

  function beginPage(elements, text) {
    begin(elements, text);
    timers.push(setTimeout(end, GIVEN_UP));
  }

  // On the window: after the scripts of the page, which may send a form themselves.
  window.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return;
    const form = event.target;
    if (form.ariaBusy === "true") event.preventDefault();
    else beginPage([form, event.submitter], form.method === "post" ? "Đang gửi…" : "Đang mở…");
  });

  window.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[href]");
    if (!link || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    const { origin, pathname, search, hash } = link;
    const here = pathname + search === location.pathname + location.search && hash;
    if (origin === location.origin && !here && !link.download && !FILE.test(pathname)) beginPage([link], "Đang mở…");
  });

  window.addEventListener("pageshow", end);
  return { begin, end };
})();
