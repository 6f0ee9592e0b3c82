// What an item is and what becomes of it. Pure: nothing is read, kept or sent here.
// WAITING → SENDING (until its lease is over) → DONE | HELD (a person decides) | back to WAITING.
"use strict";

(() => {
  const LEASE = 90000;
  const FIRST_PAUSE = 5000;
  const LONGEST_PAUSE = 300000;
  const MOST_TRIES = 8;
  const RECEIPT_DAYS = 3;

  // The first that fits; nothing else decides what an answer means.
  const VERDICTS = [
    [(status) => status === 200 || status === 201, "DONE"],
    [(status, code) => status === 401 || code === "csrf", "LOGIN"],
    [(_status, code) => code === "factor" || code === "other_person", "KEEP"],
    [(status) => status === 429 || status === 503, "LATER"],
    [(status) => status === 0 || status === 408 || status >= 500, "BACKOFF"],
    [() => true, "HELD"],
  ];
  const verdict = (status, code = "") => VERDICTS.find(([fits]) => fits(status, code))[1];

  const pause = (tries, luck = Math.random()) =>
    Math.round(Math.min(FIRST_PAUSE * 2 ** tries, LONGEST_PAUSE) * (0.8 + 0.4 * luck));

  // A server that fails again and again at this very item needs a person; no signal never does.
  const isHopeless = (tries, status) => status >= 500 && tries >= MOST_TRIES;

  const make = (given, now) => ({
    id: crypto.randomUUID(), state: "WAITING", tries: 0, notBefore: 0, made: now, until: 0,
    fields: {}, files: [], number: null, version: null, seq: 0, observed: null,
    said: null, result: null, after: null, fill: null, ...given,
  });

  const byAge = (one, other) => one.made - other.made || (one.id < other.id ? -1 : 1);

  const isUnsent = (item) => item.state !== "DONE";

  const isOver = (item, now) => item.state === "DONE" && now - item.doneAt > RECEIPT_DAYS * 86400000;

  // Whoever died while sending is sent again: the key makes a second time harmless.
  const isWaiting = (item, now) =>
    (item.state === "WAITING" && item.notBefore <= now) || (item.state === "SENDING" && item.until <= now);

  // What may go now, oldest first; behind an item that is held nothing of that ticket goes, nor
  // before one of that ticket that has to wait. What comes after another item waits for that; where
  // it was given up, it goes without.
  const ready = (items, person, now) => {
    const blocked = new Set();
    const unsent = new Set(items.filter(isUnsent).map((item) => item.id));
    return items.filter((item) => item.person === person && isUnsent(item)).sort(byAge).filter((item) => {
      const goes = !blocked.has(item.number) && !unsent.has(item.after) && isWaiting(item, now);
      if (!goes && item.number) blocked.add(item.number);
      return goes;
    });
  };

  self.Field = { ...self.Field, items: { LEASE, verdict, pause, isHopeless, make, byAge, isUnsent, isOver, ready } };
})();
