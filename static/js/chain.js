// The ticket's page: Ctrl+Enter sends the form one is in; a button fills in the phone's position.
"use strict";

(() => {
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    const form = event.target.closest("form.verb-form");
    if (!form) return;
    event.preventDefault();
    form.requestSubmit();
  });

  const addHere = (input) => {
    if (!navigator.geolocation) return;
    const words = document.getElementById("here-words");
    const button = document.createElement("button");
    const status = document.createElement("span");
    button.type = "button";
    button.className = "btn btn-sm here";
    button.textContent = words.dataset.button;
    status.className = "map-status";
    status.setAttribute("role", "status");
    button.addEventListener("click", () => {
      navigator.geolocation.getCurrentPosition(
        ({ coords }) => {
          input.value = `${coords.latitude.toFixed(6)}, ${coords.longitude.toFixed(6)}`;
          status.textContent = words.dataset.done;
        },
        () => { status.textContent = words.dataset.denied; },
        { enableHighAccuracy: true, timeout: 10000 },
      );
    });
    input.after(button, status);
  };

  const openNamed = () => {
    const named = location.hash && document.getElementById(location.hash.slice(1));
    const box = named && named.closest("details.verb");
    if (box) box.open = true;
  };

  document.addEventListener("DOMContentLoaded", () => {
    document.querySelectorAll("[data-position]").forEach(addHere);
    openNamed();
  });
  window.addEventListener("hashchange", openNamed);
  document.addEventListener("htmx:afterSwap", (event) => event.target.querySelectorAll("[data-position]").forEach(addHere));
})();
