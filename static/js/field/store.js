// What the device keeps: one database. An item is on the disk before anything is sent.
"use strict";

(() => {
  const NAME = "hubin-field";
  const VERSION = 1;
  let opening = null;

  const connect = () =>
    new Promise((done, failed) => {
      const asked = indexedDB.open(NAME, VERSION);
      asked.onupgradeneeded = () => {
        asked.result.createObjectStore("items", { keyPath: "id" });
        asked.result.createObjectStore("meta");
      };
      asked.onerror = () => failed(asked.error);
      asked.onblocked = () => failed(new Error("blocked"));
      asked.onsuccess = () => {
        const base = asked.result;
        base.onversionchange = () => { base.close(); opening = null; };
        base.onclose = () => { opening = null; };
        done(base);
      };
    });

  const open = () => {
    opening ||= connect().catch((error) => { opening = null; throw error; });
    return opening;
  };

  // Resolves when it is on the disk, not before; whatever goes wrong leaves nothing half done.
  const within = async (store, mode, work) => {
    const base = await open();
    return new Promise((done, failed) => {
      const move = base.transaction(store, mode, { durability: "strict" });
      let found;
      move.oncomplete = () => done(found);
      move.onabort = () => failed(move.error || new Error("aborted"));
      work(move.objectStore(store), (value) => { found = value; });
    });
  };

  const reading = (work) => within("items", "readonly", work);
  const writing = (work) => within("items", "readwrite", work);

  const all = () => reading((items, give) => {
    items.getAll().onsuccess = (event) => give(event.target.result);
  });

  const get = (id) => reading((items, give) => {
    items.get(id).onsuccess = (event) => give(event.target.result);
  });

  // Instead of another item, where one takes its place: in one go, so that nothing is ever lost.
  // Several at once, or none; what came after the other one comes after the first of them.
  const keep = (fresh, instead = null) => writing((items) => {
    const [first, ...more] = [fresh].flat();
    for (const one of [first, ...more]) items.put(one);
    if (!instead) return;
    items.delete(instead);
    items.getAll().onsuccess = (event) => {
      for (const one of event.target.result) if (one.after === instead) items.put({ ...one, after: first.id });
    };
  });

  // `only`: leave it alone unless it is in this state; gives the item as it is now, or nothing.
  const change = (id, changes, only = "") => writing((items, give) => {
    items.get(id).onsuccess = (event) => {
      const item = event.target.result;
      if (!item || (only && item.state !== only)) return;
      const changed = { ...item, ...changes };
      items.put(changed);
      give(changed);
    };
  });

  const drop = (ids) => writing((items) => { for (const id of [ids].flat()) items.delete(id); });

  // A browser inside of another app may have the names and keep nothing.
  const isAble = async () => {
    if (!("indexedDB" in self) || !self.isSecureContext) return false;
    try {
      const probe = new Uint8Array(1024).fill(7).buffer;
      await within("meta", "readwrite", (meta) => { meta.put(probe, "probe"); });
      const found = await within("meta", "readonly", (meta, give) => {
        meta.get("probe").onsuccess = (event) => give(event.target.result);
      });
      await within("meta", "readwrite", (meta) => { meta.delete("probe"); });
      return found?.byteLength === 1024;
    } catch {
      return false;
    }
  };

  self.Field = { ...self.Field, store: { all, get, keep, change, drop, isAble } };
})();
