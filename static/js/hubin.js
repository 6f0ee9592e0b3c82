// Small manners of every page: focus where something is wrong, no double submit, menus that close.
"use strict";

(() => {
  const focusFirstProblem = (root) => {
    const summary = root.querySelector("[data-focus]");
    if (summary) summary.focus();
  };

  document.addEventListener("click", (event) => {
    const link = event.target.closest(".error-summary a[href^='#']");
    const field = link && document.getElementById(link.hash.slice(1));
    if (field) {
      event.preventDefault();
      field.focus();
      field.scrollIntoView({ block: "center" });
    }
    for (const menu of document.querySelectorAll("details[data-menu][open]")) {
      if (!menu.contains(event.target)) menu.open = false;
    }
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of document.querySelectorAll("details[data-menu][open]")) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });

  // "/" goes to the search box, or to the page that has one.
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
    if (document.body.dataset.singleKeys === "off") return;
    if (event.target.closest("input, textarea, select, [contenteditable]")) return;
    const box = document.querySelector("input[type=search]");
    const link = document.querySelector(".mainnav a[href$='/search/']");
    if (!box && !link) return;
    event.preventDefault();
    if (box) box.select();
    if (box) box.focus();
    else link.click();
  });

  // A second press while the first is under way would only be refused as a repetition.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.hasAttribute("aria-busy")) {
      event.preventDefault();
    } else if (!form.matches("[hx-get],[hx-post],[method=dialog]")) {
      form.setAttribute("aria-busy", "true");
      // a file that is saved leaves the page where it is
      if (form.matches("[data-download]")) setTimeout(() => form.removeAttribute("aria-busy"), 4000);
    }
  });
  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[aria-busy]")) form.removeAttribute("aria-busy");
  });

  const sayConnectionLost = (event) => {
    // what asks by itself every now and then was nobody's doing, and asks again
    if (event.target.matches?.("[hx-trigger^=every]")) return;
    const words = document.getElementById("connection-lost");
    const notice = document.getElementById("notice");
    if (words && notice) notice.replaceChildren(words.content.cloneNode(true));
  };
  document.addEventListener("htmx:sendError", sayConnectionLost);
  document.addEventListener("htmx:responseError", sayConnectionLost);
  document.addEventListener("htmx:afterSwap", (event) => focusFirstProblem(event.target));
  document.addEventListener("DOMContentLoaded", () => focusFirstProblem(document));
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-print]")) window.print();
  });
  // tabs that do not fit run sideways: where one is stands in sight
  document.addEventListener("DOMContentLoaded", () => {
    for (const here of document.querySelectorAll(".tabs-strip [aria-current]")) {
      const strip = here.closest("ul");
      strip.scrollLeft += here.getBoundingClientRect().left - strip.getBoundingClientRect().left - 24;
    }
  });
})();
