"use strict";
// Draws a subscription's hours against what is normal for it. The numbers stand in the page.
(() => {
  const place = document.getElementById("band");
  if (!place || !window.uPlot) return;
  const data = JSON.parse(place.dataset.series);
  const volume = (bytes) => {
    if (bytes === null || bytes === undefined) return "–";
    const units = ["B", "kB", "MB", "GB", "TB"];
    let at = 0;
    let rest = bytes;
    while (rest >= 1000 && at < units.length - 1) {
      rest /= 1000;
      at += 1;
    }
    return (rest >= 100 || at === 0 ? rest.toFixed(0) : rest.toFixed(1)) + " " + units[at];
  };
  // Local time of the subscription, whatever the browser's.
  const local = (seconds) => uPlot.tzDate(new Date(seconds * 1000), data.zone);
  const nights = (plot) => {
    const context = plot.ctx;
    context.save();
    context.fillStyle = "#e4e9ed";
    for (const [from, to] of data.nights) {
      const left = Math.max(plot.bbox.left, plot.valToPos(from, "x", true));
      const right = Math.min(plot.bbox.left + plot.bbox.width, plot.valToPos(to, "x", true));
      if (right > left) context.fillRect(left, plot.bbox.top, right - left, plot.bbox.height);
    }
    context.restore();
  };
  const draw = () => ({
    width: place.clientWidth,
    height: 260,
    tzDate: local,
    scales: { y: { range: (plot, low, high) => [0, Math.max(1, high * 1.05)] } },
    series: [
      { label: "Hour" , value: (plot, at) => at === null ? "–" : uPlot.fmtDate("{YYYY}-{MM}-{DD} {HH}:00")(local(at)) },
      { label: "Used", stroke: "#1d4e6b", width: 2, fill: "rgba(42,111,151,.35)", paths: uPlot.paths.bars({ size: [0.7] }), points: { show: false }, value: (plot, v) => volume(v) },
      { label: "Normal up to", stroke: "#0b6b4f", width: 1, paths: uPlot.paths.stepped({ align: 1 }), points: { show: false }, value: (plot, v) => volume(v) },
      { label: "Normal from", stroke: "#0b6b4f", width: 1, dash: [4, 4], paths: uPlot.paths.stepped({ align: 1 }), points: { show: false }, value: (plot, v) => volume(v) },
    ],
    bands: [{ series: [2, 3], fill: "rgba(11,107,79,.14)" }],
    axes: [{}, { size: 72, values: (plot, ticks) => ticks.map(volume) }],
    hooks: { drawClear: [nights] },
  });
  const plot = new uPlot(draw(), [data.hours, data.used, data.high, data.low], place);
  addEventListener("resize", () => plot.setSize({ width: place.clientWidth, height: 260 }));
})();
