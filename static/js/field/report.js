// The page to report on: place with its accuracy and names, categories that suggest themselves.
"use strict";

(() => {
  const form = document.getElementById("report");
  const at = (name) => form.elements[name];
  const here = document.getElementById("here");
  const said = document.getElementById("place-said");
  const grid = document.getElementById("place-grid");
  const near = document.getElementById("near-buildings");
  const chips = document.getElementById("suggested");
  const map = document.getElementById("place");
  const checks = document.getElementById("settle-checks");
  const words = document.getElementById("report-words").dataset;
  const GOOD = 50;
  let kit = null;
  let answers = {}; // of a report that is corrected

  const point = () => (at("lat").value ? { lat: Number(at("lat").value), lng: Number(at("lng").value) } : null);

  const chip = (text, isOn, press) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "chip";
    button.textContent = text;
    button.setAttribute("aria-pressed", String(isOn));
    button.addEventListener("click", press);
    return button;
  };

  const nameBuildings = (spot, known = spot && kit ? self.Field.kit.buildingsNear(kit, spot) : []) => {
    const chosen = at("building").value;
    near.replaceChildren(...known.map(({ code, name }) =>
      chip(name, chosen.startsWith(`${code} `), () => {
        at("building").value = at("building").value.startsWith(`${code} `) ? "" : `${code} ${name}`;
        nameBuildings(spot, known);
      })));
  };

  // Outside of what is carried along the server knows, where there is a signal.
  const askWhere = async (spot) => {
    const found = await self.Field.kit.where(form.dataset.where, spot);
    const now = point();
    if (!found || now?.lat !== spot.lat || now?.lng !== spot.lng) return;
    const place = [found.community, found.grid].filter(Boolean).join(" ");
    if (place && !found.is_mine) grid.textContent = grid.dataset.elsewhere.replace("{place}", place);
    nameBuildings(spot, found.buildings);
  };

  const namePlace = () => {
    const spot = point();
    const found = spot && kit ? self.Field.kit.gridOf(kit, spot) : null;
    grid.hidden = !(spot && kit);
    grid.textContent = found ? grid.dataset.in.replace("{grid}", found.name) : grid.dataset.out;
    nameBuildings(spot);
    if (spot && kit && !found) askWhere(spot);
  };

  const put = (spot) => {
    at("lat").value = spot.lat.toFixed(6);
    at("lng").value = spot.lng.toFixed(6);
    map.dataset.lat = at("lat").value; // where the map looks when it is opened
    map.dataset.lng = at("lng").value;
    said.textContent = (spot.metres > GOOD ? here.dataset.rough : here.dataset.exact).replace("{m}", spot.metres);
    namePlace();
  };

  const locate = async () => {
    said.textContent = here.dataset.looking;
    try {
      await self.Field.place.find(put);
    } catch {
      said.textContent = here.dataset.denied;
    }
  };

  const choose = (category) => {
    const isOff = at("category").value === category.code;
    at("category").value = isOff ? "" : category.code;
    if (!isOff && !at("text").value.trim()) at("text").value = category.name;
    suggest();
  };

  const lineOf = ({ name, text, lacking }) => {
    const line = document.getElementById("check-line").content.firstElementChild.cloneNode(true);
    line.querySelector("[data-text]").textContent = text;
    line.querySelector("[data-optional]").hidden = Boolean(lacking);
    for (const input of line.querySelectorAll("input")) {
      input.name = name;
      input.checked = answers[name] === input.value;
      if (lacking) input.dataset.lacking = lacking;
    }
    return line;
  };

  // What the category wants looked at before something counts as done.
  const ask = (category) => {
    const asked = (at("is_settled").checked && category?.checks) || [];
    const names = asked.map((one) => one.name).join(" ");
    if (checks.dataset.names === names) return;
    checks.dataset.names = names;
    checks.replaceChildren(...asked.map(lineOf));
  };

  const suggest = () => {
    if (!kit) return;
    const offered = self.Field.kit.suggest(kit, at("text").value);
    chips.replaceChildren(...offered.map((one) => chip(one.name, at("category").value === one.code, () => choose(one))));
    const chosen = kit.categories.find((one) => one.code === at("category").value);
    document.getElementById("danger").hidden = !chosen?.is_dangerous;
    ask(chosen);
  };

  const settling = () => {
    const shots = self.Field.shots.of(form);
    const lacks = (field) => !shots.some((shot) => shot.field === field);
    return [
      !at("result").value.trim() && words.result,
      !at("category").value && words.category,
      lacks("before_photos") && words.before,
      lacks("after_photos") && words.after,
    ];
  };

  // What can be said at once need not come back from the server hours later.
  const problems = () => [
    !at("text").value.trim() && words.text,
    !point() && !at("address").value.trim() && !at("building").value.trim() && words.place,
    ...(at("is_settled").checked ? settling() : []),
  ].filter(Boolean);

  // A page that is used for the next report begins at the top, and knows nothing of the last one.
  const begin = () => {
    at("lat").value = at("lng").value = "";
    said.textContent = "";
    answers = {};
    namePlace();
    suggest();
  };

  here.addEventListener("click", locate);
  form.addEventListener("field:shot", () => { if (!point()) locate(); });
  form.addEventListener("field:emptied", begin);
  form.addEventListener("field:filled", ({ detail }) => { answers = detail; namePlace(); suggest(); });
  at("lat").addEventListener("change", namePlace);
  at("text").addEventListener("input", suggest);
  for (const name of ["category", "is_settled"]) at(name).addEventListener("change", suggest);
  self.Field = { ...self.Field, problems };
  self.Field.kit.load(form.dataset.kit).then((found) => {
    kit = found;
    namePlace();
    suggest();
    form.dataset.kitted = String(Boolean(kit));
  });
})();
