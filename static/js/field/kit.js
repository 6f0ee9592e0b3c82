// What is carried along: names of places and categories, so that both are known without a signal.
"use strict";

(() => {
  const NEAR = 80; // metres
  const SHOWN = 3;
  const CHIPS = 5;
  let asked = null;

  const load = (address) => {
    asked ||= fetch(address, { redirect: "error" })
      .then((answer) => (answer.ok ? answer.json() : null))
      .catch(() => null)
      .then((kit) => { if (!kit) asked = null; return kit; });
    return asked;
  };

  const where = async (address, { lat, lng }) => {
    try {
      const answer = await fetch(`${address}?lat=${lat}&lng=${lng}`, { redirect: "error" });
      return answer.ok ? await answer.json() : null;
    } catch {
      return null;
    }
  };

  const isInside = (ring, { lat, lng }) => {
    let inside = false;
    for (let here = 0, before = ring.length - 1; here < ring.length; before = here++) {
      const [[x1, y1], [x2, y2]] = [ring[here], ring[before]];
      if (y1 > lat !== y2 > lat && lng < ((x2 - x1) * (lat - y1)) / (y2 - y1) + x1) inside = !inside;
    }
    return inside;
  };

  const gridOf = (kit, at) => kit.grids.find((grid) => grid.rings.some((ring) => isInside(ring, at))) || null;

  const buildingsNear = (kit, at) =>
    kit.buildings
      .map(([code, name, lat, lng]) => ({ code, name, metres: self.Field.place.away({ lat, lng }, at) }))
      .filter((one) => one.metres <= NEAR)
      .sort((one, other) => one.metres - other.metres)
      .slice(0, SHOWN);

  // A word of the list weighs by its length, the category's own name most; then what is frequent.
  const suggest = (kit, text) => {
    const weigh = (category) => {
      const found = category.words.filter((word) => text.includes(word)).map((word) => word.length);
      return Math.max(0, ...found) + found.length / 10 + (text.includes(category.name) ? 10 : 0);
    };
    const weighed = kit.categories.map((category) => [weigh(category), category]).filter(([weight]) => weight > 0);
    weighed.sort(([one], [other]) => other - one);
    const often = kit.often.map((code) => kit.categories.find((one) => one.code === code)).filter(Boolean);
    return [...new Set([...weighed.map(([, category]) => category), ...often])].slice(0, CHIPS);
  };

  self.Field = { ...self.Field, kit: { load, where, gridOf, buildingsNear, suggest } };
})();
