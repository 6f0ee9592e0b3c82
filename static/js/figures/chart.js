// Charts are drawn from the table beside them: one truth, and whoever reads no picture has it.
// ECharts is fetched when the first chart comes into view. Its tooltip is drawn on the canvas,
// since the other kind writes style attributes, which the content policy forbids.
"use strict";

(() => {
  const LINES = 4; // the four promises; the three rates would hide them
  const SHAPES = ["circle", "rect", "triangle", "diamond"];
  const COLOURS = ["--accent", "--red", "--yellow", "--ink-soft"];
  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

  let loading = null;
  const load = (address) => {
    if (!loading) {
      loading = new Promise((resolve, reject) => {
        const script = document.createElement("script");
        script.src = address;
        script.onload = resolve;
        script.onerror = reject;
        document.head.append(script);
      });
    }
    return loading;
  };

  const read = (table) => {
    const names = [...table.tHead.rows[0].cells].slice(1, LINES + 1).map((cell) => cell.textContent.trim());
    const rows = [...table.tBodies[0].rows];
    const weeks = rows.map((row) => row.cells[0].textContent.trim());
    const value = (cell) => {
      const rate = cell.querySelector(".cell-rate");
      return rate ? Number.parseFloat(rate.textContent) : null;
    };
    return { names, weeks, columns: names.map((_, nth) => rows.map((row) => value(row.cells[nth + 1]))) };
  };

  const draw = (box) => {
    const { names, weeks, columns } = read(document.querySelector(`#${box.dataset.chartOf} table`));
    const isStill = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const lowest = Math.min(...columns.flat().filter((one) => one !== null), 90);
    const chart = echarts.init(box, null, { renderer: "canvas" });
    chart.setOption({
      animation: !isStill,
      color: COLOURS.map(colour),
      textStyle: { color: colour("--ink-soft") },
      grid: { left: 52, right: 24, top: 44, bottom: 34 },
      legend: { top: 8, itemWidth: 18, textStyle: { color: colour("--ink") } },
      tooltip: { trigger: "axis", renderMode: "richText", backgroundColor: colour("--paper"), textStyle: { color: colour("--ink") }, valueFormatter: (one) => (one === null ? "—" : `${one}%`) },
      xAxis: { type: "category", data: weeks, boundaryGap: false, axisLabel: { hideOverlap: true, color: colour("--ink-soft") } },
      yAxis: { type: "value", min: Math.max(0, Math.floor(lowest / 10) * 10 - 10), max: 100, axisLabel: { formatter: "{value}%", color: colour("--ink-soft") }, splitLine: { lineStyle: { color: colour("--line") } } },
      series: names.map((name, nth) => ({
        name, type: "line", data: columns[nth], symbol: SHAPES[nth], symbolSize: 8, connectNulls: false,
      })),
    });
    new ResizeObserver(() => chart.resize()).observe(box);
    box.dataset.ready = "true";
  };

  const watcher = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) {
      if (!isIntersecting) continue;
      watcher.unobserve(target);
      load(target.dataset.script).then(() => draw(target)).catch(() => { target.hidden = true; });
    }
  }, { rootMargin: "200px" });
  document.addEventListener("DOMContentLoaded", () =>
    document.querySelectorAll("[data-chart-of]").forEach((box) => watcher.observe(box)));
})();
