// Many tickets on one map: in clusters or as heat. The map itself is map.js's; what is needed
// besides is fetched when it has come into view.
"use strict";

(() => {
  const COLOURS = ["#146c3c", "#b98900", "#b3261e", "#52616f"]; // in time, soon, overdue, ended
  const OVERDUE = 2;
  const AT_ONCE = 1000; // so that twenty thousand do not hold the page for half a second
  const breath = () => new Promise((go) => setTimeout(go));

  const script = (address) =>
    new Promise((resolve, reject) => {
      const element = document.createElement("script");
      element.src = address;
      element.onload = resolve;
      element.onerror = reject;
      document.head.append(element);
    });

  const clusterIcon = (cluster) => {
    const inside = cluster.getAllChildMarkers();
    const isLate = inside.some((one) => one.options.kind === OVERDUE);
    const count = document.createElement("span");
    count.textContent = String(inside.length);
    const size = inside.length < 10 ? 34 : inside.length < 100 ? 40 : inside.length < 1000 ? 48 : 56;
    return L.divIcon({ html: count, className: `cluster${isLate ? " is-late" : ""}`, iconSize: [size, size] });
  };

  const content = (numbers, address) => {
    const list = document.createElement("ul");
    list.className = "map-found";
    for (const number of numbers.slice(0, 20)) {
      const line = document.createElement("li");
      const link = document.createElement("a");
      link.href = address.replace("NUMBER", encodeURIComponent(number));
      link.textContent = number;
      line.append(link);
      list.append(line);
    }
    return list;
  };

  const build = async (map, points, address) => {
    const isStill = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const renderer = L.canvas({ padding: 0.3 });
    const group = L.markerClusterGroup({
      chunkedLoading: true, chunkInterval: 50, animate: !isStill, showCoverageOnHover: false,
      maxClusterRadius: 60, iconCreateFunction: clusterIcon, spiderfyOnMaxZoom: false,
    });
    const popup = (at, numbers) =>
      L.popup({ closeButton: false, offset: [0, -4] }).setLatLng(at).setContent(content(numbers, address)).openOn(map);
    group.on("click", ({ layer }) => popup(layer.getLatLng(), [layer.options.number]));
    group.on("clusterclick", ({ layer }) => {
      if (map.getZoom() < map.getMaxZoom()) return;
      popup(layer.getLatLng(), layer.getAllChildMarkers().map((one) => one.options.number));
    });
    const dot = (number, nth) => L.circleMarker([points.lat[nth], points.lng[nth]], {
      renderer, radius: 7, weight: 2, color: "#fff", fillColor: COLOURS[points.k[nth]], fillOpacity: 1,
      kind: points.k[nth], number,
    });
    for (let from = 0; from < points.n.length; from += AT_ONCE) {
      group.addLayers(points.n.slice(from, from + AT_ONCE).map((number, nth) => dot(number, from + nth)));
      await breath();
    }
    let heat = null;
    const made = () => L.heatLayer(points.n.map((_, nth) => [points.lat[nth], points.lng[nth], 1]), { radius: 22, blur: 18, maxZoom: 15 });
    return { clusters: () => group, heat: () => (heat ??= made()) };
  };

  const addTo = async (box, map) => {
    const tools = document.querySelector(`[data-big-map-tools="${box.id}"]`);
    const { points, cluster, heat, ticket, most } = tools.dataset;
    const asked = fetch(points, { headers: { Accept: "application/json" } });
    await Promise.all([script(cluster), script(heat)]);
    const answer = await asked;
    if (!answer.ok) throw new Error(String(answer.status));
    const found = await answer.json();
    const isCut = found.n.length > Number(most);
    const layers = await build(map, found, ticket);
    let shown = null;
    const show = (name) => {
      if (shown) shown.remove();
      shown = layers[name]().addTo(map);
      for (const button of tools.querySelectorAll("[data-layer]")) {
        button.setAttribute("aria-pressed", String(button.dataset.layer === name));
      }
    };
    tools.addEventListener("click", (event) => {
      const button = event.target.closest("[data-layer]");
      if (button) show(button.dataset.layer);
    });
    if (found.n.length) map.fitBounds(found.n.map((_, nth) => [found.lat[nth], found.lng[nth]]), { maxZoom: 16, padding: [30, 30] });
    show("clusters");
    tools.hidden = false;
    tools.querySelector("[data-count]").textContent = String(Math.min(found.n.length, Number(most)));
    tools.querySelector("[data-cut]").hidden = !isCut;
    box.dataset.points = String(found.n.length);
  };

  document.addEventListener("hubin:map", ({ target, detail }) => {
    addTo(target, detail.map).catch(() => { target.dataset.failed = "true"; });
  });
})();
