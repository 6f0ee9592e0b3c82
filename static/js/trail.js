// A ticket belongs to the list it was opened from, with its filter: remembered in this tab only,
// by address and name, and forgotten as soon as nobody is logged in.
"use strict";

(() => {
  const KEY = "hubin-trail";
  const main = document.getElementById("content");
  const isTicket = (path) => /^\/t\/[^/]+\//.test(path);
  const kept = () => {
    try {
      return JSON.parse(sessionStorage.getItem(KEY));
    } catch {
      return null;
    }
  };

  if (!document.querySelector(".mainnav")) {
    sessionStorage.removeItem(KEY);
    return;
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    if (!link || link.origin !== location.origin || !isTicket(link.pathname)) return;
    if (isTicket(location.pathname) || !main.contains(link)) return;
    const url = main.dataset.here || location.pathname + location.search;
    const text = document.title.slice(0, Math.max(document.title.lastIndexOf(" · "), 0));
    if (text) sessionStorage.setItem(KEY, JSON.stringify({ url, text }));
  });

  const list = document.querySelector("[data-trail-list]");
  const known = list && kept();
  if (known && known.text && String(known.url).startsWith("/") && !known.url.startsWith("//")) {
    list.href = known.url;
    list.textContent = known.text;
  }
})();
