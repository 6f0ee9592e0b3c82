// Where the telephone is, and how far something is from there.
"use strict";

(() => {
  const METRES = 111320; // a degree of latitude
  const GOOD = 20;
  const PATIENCE = 12000;

  const away = (one, other) => {
    const wide = Math.cos(((one.lat + other.lat) / 2) * (Math.PI / 180));
    return Math.hypot(one.lat - other.lat, (one.lng - other.lng) * wide) * METRES;
  };

  // The first that is good, or the best that came while one waited; `better` is told of each.
  const find = (better = () => {}) =>
    new Promise((done, failed) => {
      if (!navigator.geolocation) { failed(new Error("no geolocation")); return; }
      let best = null;
      let watch = 0;
      const end = () => {
        clearTimeout(timer);
        navigator.geolocation.clearWatch(watch);
        if (best) done(best);
        else failed(new Error("no position"));
      };
      const timer = setTimeout(end, PATIENCE);
      watch = navigator.geolocation.watchPosition(({ coords }) => {
        const found = { lat: coords.latitude, lng: coords.longitude, metres: Math.round(coords.accuracy) };
        if (!best || found.metres < best.metres) { best = found; better(found); }
        if (best.metres <= GOOD) end();
      }, end, { enableHighAccuracy: true, timeout: PATIENCE });
    });

  self.Field = { ...self.Field, place: { away, find } };
})();
