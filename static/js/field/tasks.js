// Tasks from near to far, as soon as the telephone knows where it is; by due date until then.
"use strict";

(() => {
  const list = document.getElementById("tasks");
  const button = document.getElementById("nearest");
  const said = document.getElementById("sorted");
  if (!list) return;

  const place = (row) => (row.dataset.lat ? { lat: Number(row.dataset.lat), lng: Number(row.dataset.lng) } : null);

  const sort = (spot) => {
    const rows = [...list.children].map((row) => [place(row) ? self.Field.place.away(place(row), spot) : Infinity, row]);
    rows.sort(([one], [other]) => one - other);
    for (const [metres, row] of rows) {
      const box = row.querySelector("[data-away]");
      box.hidden = metres === Infinity;
      box.textContent = said.dataset.away.replace("{m}", Math.round(metres));
    }
    list.replaceChildren(...rows.map(([, row]) => row));
    said.textContent = said.dataset.near.replace("{m}", spot.metres);
  };

  const nearest = () => self.Field.place.find(sort).catch(() => { said.textContent = said.dataset.denied; });

  button.addEventListener("click", nearest);
  // who allowed it once is not made to press a button every time
  navigator.permissions?.query({ name: "geolocation" }).then((one) => { if (one.state === "granted") nearest(); }).catch(() => {});
})();
