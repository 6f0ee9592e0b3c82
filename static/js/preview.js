// What was chosen is shown before it is sent: a small picture where the browser can draw it, else
// name and size. Drawn, not linked: the page may show no picture from elsewhere.
"use strict";

(() => {
  const size = (bytes) =>
    bytes < 1048576 ? `${Math.ceil(bytes / 1024)} KB` : `${(bytes / 1048576).toFixed(1)} MB`;

  const kind = (name) => (name.includes(".") ? name.split(".").pop().slice(0, 5).toUpperCase() : "");

  const line = (file) => {
    const item = document.createElement("li");
    const box = document.createElement("span");
    const label = document.createElement("span");
    item.className = "shot";
    box.className = "shot-box";
    box.textContent = kind(file.name);
    label.className = "shot-label";
    label.textContent = `${file.name} ${size(file.size)}`;
    item.append(box, label);
    return item;
  };

  const show = async (input) => {
    const old = input.parentElement.querySelector(`ul.chosen[data-of="${input.id}"]`);
    if (old) old.remove();
    if (!input.files.length) return;
    const list = document.createElement("ul");
    list.className = "shots chosen";
    list.dataset.of = input.id;
    list.append(...[...input.files].map(line));
    input.after(list);
    for (const [nth, file] of [...input.files].entries()) {
      if (!list.isConnected) return; // chosen anew meanwhile
      if (!file.type.startsWith("image/")) continue;
      // one after the other: a photo takes a lot of memory while it is opened
      await drawSmall(file, list.children[nth].firstChild).catch(() => {});
    }
  };

  document.addEventListener("change", (event) => {
    if (event.target.matches('input[type="file"]')) show(event.target);
  });
})();
