// Maps drawn from our own data: outlines and names, no tiles, no other host.
// An element with data-map shows data-lat/data-lng; data-shapes-url names a GeoJSON of divisions
// (Polygon with properties name, short and level; "synthetic" marks an invented outline) and
// buildings (Point with name);
// data-pick-lat/data-pick-lng name the two inputs that a click fills.
"use strict";

(() => {
  const HOME = [30.238, 120.167]; // where an empty map looks until its shapes have come
  const FROM_ZOOM = { DISTRICT: 0, SUBDISTRICT: 0, COMMUNITY: 13, GRID: 15, BUILDING: 17 };
  // a level gives way to the next finer one, so that names of both never lie upon each other
  const LABEL_ZOOM = { DISTRICT: [99, 99], SUBDISTRICT: [12, 13], COMMUNITY: [14, 15], GRID: [16, 19], BUILDING: [18, 19] };
  const BY_WEIGHT = ["SUBDISTRICT", "COMMUNITY", "GRID", "BUILDING"];
  const shade = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const LINE = {
    DISTRICT: { weight: 3, color: shade("--chip-ink"), fillOpacity: 0 },
    SUBDISTRICT: { weight: 2, color: "#0b6278", fillColor: shade("--paper"), fillOpacity: 0.55 },
    COMMUNITY: { weight: 1.25, color: "#5b8a99", fillOpacity: 0 },
    GRID: { weight: 0.75, color: "#8fa9b3", dashArray: "3 3", fillOpacity: 0 },
  };

  let loading = null;
  const loadLeaflet = (box) => {
    if (!loading) {
      loading = new Promise((resolve, reject) => {
        const sheet = document.createElement("link");
        sheet.rel = "stylesheet";
        sheet.href = box.dataset.leafletCss;
        const script = document.createElement("script");
        script.src = box.dataset.leafletJs;
        sheet.onload = () => document.head.append(script);
        script.onload = resolve;
        sheet.onerror = script.onerror = reject;
        document.head.append(sheet);
      });
    }
    return loading;
  };

  const pin = () => L.divIcon({ html: '<span class="map-pin"></span>', className: "", iconSize: [22, 22], iconAnchor: [11, 26] });

  const levelOf = (feature) => (feature.geometry.type === "Point" ? "BUILDING" : feature.properties.level);

  const drawn = (feature) => {
    const level = levelOf(feature);
    const layer = L.geoJSON(feature, {
      interactive: false,
      style: LINE[level],
      pointToLayer: (_, at) => L.circleMarker(at, { radius: 3, weight: 1, color: shade("--chip-ink"), fillColor: shade("--paper"), fillOpacity: 1, interactive: false }),
    }).getLayers()[0];
    const label = L.tooltip({ permanent: true, direction: "center", className: `map-label map-${level.toLowerCase()}`, interactive: false })
      .setContent(document.createTextNode(feature.properties.short || feature.properties.name));
    label.setLatLng(layer.getBounds ? layer.getBounds().getCenter() : layer.getLatLng());
    return { level, layer, label };
  };

  const show = (map, part, isWanted) => {
    if (isWanted && !map.hasLayer(part)) part.addTo(map);
    if (!isWanted && map.hasLayer(part)) part.remove();
  };

  const touches = (one, other) =>
    one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom;

  // Weightier names first; a name that would cover part of another stays away until there is room.
  const uncover = (labels) => {
    const kept = [];
    for (const { label } of labels.sort((one, other) => BY_WEIGHT.indexOf(one.level) - BY_WEIGHT.indexOf(other.level))) {
      const element = label.getElement();
      const place = element.getBoundingClientRect();
      const isCovered = kept.some((taken) => touches(taken, place));
      element.classList.toggle("is-covered", isCovered);
      if (!isCovered) kept.push(place);
    }
  };

  const showFor = (map, things) => {
    const zoom = map.getZoom();
    const view = map.getBounds().pad(0.1);
    for (const { level, layer, label } of things) {
      const isNear = level !== "BUILDING" || view.contains(layer.getLatLng());
      const [from, to] = LABEL_ZOOM[level];
      show(map, layer, zoom >= FROM_ZOOM[level] && isNear);
      show(map, label, zoom >= from && zoom <= to && view.contains(label.getLatLng()));
    }
    uncover(things.filter(({ label }) => map.hasLayer(label)));
  };

  const addShapes = async (map, box, isPlaced) => {
    const answer = await fetch(box.dataset.shapesUrl, { headers: { Accept: "application/geo+json" } });
    if (!answer.ok) return;
    const shapes = (await answer.json()).features;
    const things = shapes.map(drawn);
    const note = document.querySelector(`[data-map-invented="${box.id}"]`);
    if (note) note.hidden = !shapes.some((shape) => shape.properties.synthetic);
    const areas = things.filter((thing) => thing.level !== "BUILDING").map((thing) => thing.layer);
    if (!isPlaced && areas.length) map.fitBounds(L.featureGroup(areas).getBounds());
    showFor(map, things);
    map.on("moveend zoomend", () => showFor(map, things));
    box.dataset.shapes = String(things.length);
  };

  const addPicking = (map, box, marker) => {
    const lat = document.getElementById(box.dataset.pickLat);
    const lng = document.getElementById(box.dataset.pickLng);
    const tools = document.querySelector(`[data-map-tools="${box.id}"]`);
    const status = tools.querySelector("[data-map-status]");
    const put = (at) => {
      lat.value = at.lat.toFixed(6);
      lng.value = at.lng.toFixed(6);
      marker.setLatLng(at).addTo(map);
      status.textContent = `${box.dataset.picked} ${lat.value}, ${lng.value}`;
      lat.dispatchEvent(new Event("change", { bubbles: true }));
    };
    tools.hidden = false;
    map.on("click", (event) => put(event.latlng));
    tools.querySelector("[data-map-centre]").addEventListener("click", () => put(map.getCenter()));
    const here = tools.querySelector("[data-map-here]");
    here.hidden = !navigator.geolocation;
    here.addEventListener("click", () => {
      navigator.geolocation.getCurrentPosition(
        ({ coords }) => {
          const at = L.latLng(coords.latitude, coords.longitude);
          map.setView(at, 17);
          put(at);
        },
        () => { status.textContent = status.dataset.denied; },
        { enableHighAccuracy: true, timeout: 10000 },
      );
    });
  };

  const open = async (box) => {
    await loadLeaflet(box);
    const at = box.dataset.lat ? [Number(box.dataset.lat), Number(box.dataset.lng)] : null;
    const map = L.map(box, { attributionControl: false, zoomControl: false, minZoom: 10, maxZoom: 19 });
    L.control.zoom({ zoomInTitle: box.dataset.zoomIn, zoomOutTitle: box.dataset.zoomOut }).addTo(map);
    map.setView(at || HOME, at ? 16 : 12);
    const marker = L.marker(at || HOME, { icon: pin(), keyboard: false, interactive: false });
    if (at) marker.addTo(map);
    if (box.dataset.pickLat) addPicking(map, box, marker);
    if (box.dataset.shapesUrl) await addShapes(map, box, Boolean(at));
    box.dataset.ready = "true";
    box.dispatchEvent(new CustomEvent("hubin:map", { bubbles: true, detail: { map } }));
  };

  // Leaflet is fetched when the first map comes into view, not with every page.
  const watcher = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      if (!entry.isIntersecting) continue;
      watcher.unobserve(entry.target);
      open(entry.target).catch(() => { entry.target.dataset.failed = "true"; });
    }
  }, { rootMargin: "200px" });
  const watch = (root) => root.querySelectorAll("[data-map]").forEach((box) => watcher.observe(box));
  document.addEventListener("DOMContentLoaded", () => watch(document));
  document.addEventListener("htmx:afterSwap", (event) => watch(event.target));
})();
