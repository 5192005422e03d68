// Charts from options written into the page as JSON; a table beside them says the same in words.
import { loadScript } from "./load.js";

/** @param {string} name */
const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/** @param {object | object[]} axis */
const withLines = (axis) => {
  const base = { splitLine: { lineStyle: { color: token("--linli-line") } } };
  return Array.isArray(axis) ? axis.map((one) => ({ ...base, ...one })) : { ...base, ...axis };
};

/** Draw every element marked data-chart. */
export async function drawCharts() {
  for (const box of document.querySelectorAll("[data-chart]")) {
    if (!(box instanceof HTMLElement)) continue;
    await loadScript(box.dataset.echarts || "");
    const echarts = /** @type {any} */ (window).echarts;
    const text = document.getElementById(box.dataset.chart || "")?.textContent || "{}";
    const { legend, yAxis, ...options } = JSON.parse(text);
    const ink = { color: token("--linli-ink") };
    const chart = echarts.init(box, null, { renderer: "svg" });
    chart.setOption({
      animation: false,
      color: ["--linli-jade", "--linli-persimmon", "--linli-quiet"].map(token),
      textStyle: { color: token("--linli-ink"), fontFamily: "inherit" },
      grid: { left: 44, right: 12, top: 28, bottom: 28 },
      ...options,
      ...(legend && { legend: { textStyle: ink, ...legend } }),
      ...(yAxis && { yAxis: withLines(yAxis) }),
    });
    new ResizeObserver(() => chart.resize()).observe(box);
    box.dataset.ready = "1";
  }
}
