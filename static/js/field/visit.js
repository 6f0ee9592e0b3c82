// A report that was found on a round: it brings the visit along, which names its number.
"use strict";

(() => {
  const box = document.getElementById("visit");
  const form = document.getElementById("report");
  const GOOD = 50; // metres
  let visit = null;

  const begin = () => {
    const given = new URLSearchParams(location.hash.slice(1));
    visit = given.get("code") ? Object.fromEntries(given) : null;
    box.hidden = !visit;
    if (!visit) return;
    box.textContent = box.dataset.words.replace("{name}", visit.name);
    // where one stands if that is known well, else where the place is
    const isGood = visit.lat && Number(visit.accuracy) <= GOOD;
    form.elements.lat.value = isGood ? visit.lat : visit.at_lat;
    form.elements.lng.value = isGood ? visit.lng : visit.at_lng;
    if (visit.building) form.elements.building.value = visit.building;
    form.elements.lat.dispatchEvent(new Event("change", { bubbles: true }));
  };

  const also = (item) => {
    if (!visit || form.dataset.instead) return [];
    const { code, name, way, mark, lat, lng, accuracy } = visit;
    const fields = { code, way };
    for (const [field, value] of Object.entries({ mark, lat, lng, accuracy })) if (value) fields[field] = value;
    return [self.Field.items.make({
      person: item.person, kind: "check_in", path: box.dataset.send, what: `${box.dataset.what} ${name}`,
      fields, after: item.id, fill: "ticket",
    }, item.made)];
  };

  form.addEventListener("field:emptied", () => {
    if (!visit) return;
    history.replaceState(null, "", location.pathname);
    begin();
  });
  addEventListener("hashchange", begin);
  begin();
  self.Field = { ...self.Field, also };
})();
