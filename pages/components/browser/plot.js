// Draws a plotly figure in place. State lives per element, so that a redraw touches only what
// changed and several figures share one page.
const states = new WeakMap();

// What the theme says now: a function from a fixed color of the figure to the theme's color.
function readTheme(element, data) {
  const style = getComputedStyle(element);
  const variable = (name) => style.getPropertyValue(name).trim();
  const list = (name) => variable(name).split(",").map((part) => part.trim());
  const replacement = new Map();
  const categorical = list("--st-chart-categorical-colors");
  data.palette.forEach((color, i) => categorical[i] && replacement.set(color, categorical[i]));
  for (const [color, name] of Object.entries(data.variables)) {
    if (variable(name)) replacement.set(color, variable(name));
  }
  const scale = (name) => {
    const colors = list(name);
    return colors.map((color, i) => [i / (colors.length - 1), color]);
  };
  return {
    replacement,
    text: variable("--st-text-color"),
    grid: variable("--st-border-color"),
    quiet: variable("--st-gray-color"),
    surface: variable("--st-secondary-background-color"),
    font: variable("--st-font"),
    scales: {
      diverging: scale("--st-chart-diverging-colors"),
      sequential: scale("--st-chart-sequential-colors"),
    },
  };
}

function recolor(value, replacement) {
  if (typeof value === "string") return replacement.get(value) ?? value;
  if (Array.isArray(value)) return value.map((part) => recolor(part, replacement));
  if (value && typeof value === "object" && !ArrayBuffer.isView(value)) {
    for (const name of Object.keys(value)) value[name] = recolor(value[name], replacement);
  }
  return value;
}

// Small integers over the wire, real values in the browser: z = meta.step * counts.
function unpack(packed, step) {
  const bytes = Uint8Array.from(atob(packed.bdata), (c) => c.charCodeAt(0));
  const kinds = { i1: Int8Array, u1: Uint8Array, i2: Int16Array, u2: Uint16Array };
  const counts = new kinds[packed.dtype](bytes.buffer);
  const [rows, columns] = packed.shape.split(",").map(Number);
  const values = Float32Array.from(counts, (count) => count * step);
  return Array.from({ length: rows }, (_, i) => values.subarray(i * columns, (i + 1) * columns));
}

function readTrace(json, theme) {
  const trace = recolor(JSON.parse(json), theme.replacement);
  const meta = trace.meta ?? {};
  if (theme.scales[meta.scale]) trace.colorscale = theme.scales[meta.scale];
  if (meta.step && trace.z?.bdata) trace.z = unpack(trace.z, meta.step);
  if (meta.characters && trace.z) trace.text = trace.z.map(() => meta.characters);
  return trace;
}

function axis(given, theme) {
  return {
    gridcolor: theme.grid,
    linecolor: theme.grid,
    zerolinecolor: theme.grid,
    automargin: true,
    ...given,
  };
}

function readLayout(data, theme) {
  const layout = recolor(JSON.parse(data.layout), theme.replacement);
  const axes = Object.keys(layout).filter((name) => /^[xy]axis\d*$/.test(name));
  for (const name of new Set(["xaxis", "yaxis", ...axes])) layout[name] = axis(layout[name], theme);
  return {
    paper_bgcolor: "rgba(0,0,0,0)",
    plot_bgcolor: "rgba(0,0,0,0)",
    hoverlabel: {
      bgcolor: theme.surface,
      bordercolor: theme.grid,
      align: "left",
      font: { color: theme.text, family: theme.font },
    },
    modebar: { bgcolor: theme.surface, color: theme.quiet, activecolor: theme.text },
    ...layout,
    height: data.height,
    font: { size: 13, ...layout.font, color: theme.text, family: theme.font },
  };
}

const CONFIG = {
  displaylogo: false,
  responsive: false, // a ResizeObserver sees more: columns, tabs, the side bar
  scrollZoom: false,
  showSendToCloud: false, // nothing here leaves this computer
  plotlyServerURL: "",
  modeBarButtonsToRemove: ["select2d", "lasso2d", "autoScale2d", "toImage"],
  doubleClickDelay: 400,
};

function sendClick(state, event) {
  const point = event.points[0];
  const cell = Array.isArray(point.pointNumber) ? point.pointNumber : [-1, -1];
  state.send("cell", {
    x: point.x,
    y: point.y,
    z: typeof point.z === "number" ? point.z : null,
    curve: point.curveNumber,
    trace: point.data.name ?? "",
    point: Array.isArray(point.pointNumber) ? -1 : (point.pointNumber ?? -1),
    row: cell[0],
    column: cell[1],
  });
}

async function draw(figure, state) {
  if (state.gone || !figure.clientWidth) return; // hidden: the observer draws it when it shows
  const { data } = state;
  const theme = readTheme(figure, data);
  const look = JSON.stringify(theme) + JSON.stringify([...theme.replacement]);
  const content = look + data.layout + data.height + data.traces.join();
  if (state.drawn === content) return;
  const Plotly = await loadPlotly();
  if (state.gone || state.data !== data) return; // newer data came while plotly loaded
  const before = state.look === look ? state.traces : new Map();
  state.traces = new Map();
  const traces = data.traces.map((json, i) => {
    const key = `${i} ${json}`; // two traces may be equal, but must not be the same object
    const trace = before.get(key) ?? readTrace(json, theme);
    state.traces.set(key, trace);
    return trace;
  });
  state.look = look;
  state.drawn = content;
  state.width = figure.clientWidth;
  await Plotly.react(figure, traces, readLayout(data, theme), CONFIG);
  figure.removeAllListeners?.("plotly_click");
  if (data.clickable) figure.on("plotly_click", (event) => sendClick(state, event));
}

function resize(figure, state) {
  if (!figure.clientWidth || state.gone) return;
  if (!state.drawn) draw(figure, state).catch(state.fail);
  else if (figure.clientWidth !== state.width) {
    state.width = figure.clientWidth;
    window.Plotly?.Plots.resize(figure)?.catch?.(() => {}); // hidden again meanwhile
  }
}

function remember(figure) {
  let state = states.get(figure);
  if (!state) {
    state = { traces: new Map() };
    state.observer = new ResizeObserver(() => resize(figure, state));
    state.observer.observe(figure);
    states.set(figure, state);
  }
  return state;
}

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".rnnlab-plot");
  const figure = root.querySelector(".rnnlab-plot-figure");
  const problem = root.querySelector(".rnnlab-plot-problem");
  const state = remember(figure);
  Object.assign(state, { data, send: setTriggerValue, gone: false });
  state.fail = (error) => {
    problem.textContent = error.message;
    problem.hidden = false;
  };
  figure.setAttribute("aria-label", data.alt);
  figure.style.height = `${data.height}px`;
  root.classList.toggle("clickable", data.clickable);
  draw(figure, state).catch(state.fail);
  return () => {
    state.gone = true;
    state.observer.disconnect();
    states.delete(figure);
    window.Plotly?.purge(figure);
  };
}
