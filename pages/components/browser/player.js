// Plays a text that is written already: nothing is sent while it plays.
const states = new WeakMap();
const places = new Map(); // id of a writing -> how much of it was shown, for a page left and found again
const PROBABILITY = "probability";
const PLAIN = "plain";

function rateOf(slider) {
  return Math.round(200 ** (slider / 100)); // 1 to 200 characters a second
}

function sliderOf(rate) {
  return Math.round((100 * Math.log(rate)) / Math.log(200));
}

function find(parent) {
  const root = parent.querySelector(".player");
  const named = (name) => root.querySelector(`.${name}`);
  return {
    root,
    ...Object.fromEntries(
      ["restart", "back", "play", "forward", "end", "position", "count", "speed", "rate", "text"]
        .concat(["coloring", "under", "question", "rows", "tip"])
        .map((name) => [name, named(name)]),
    ),
    canvas: root.querySelector("canvas"),
    select: root.querySelector("select"),
  };
}

function newState(data) {
  return { place: 0, playing: false, rate: data.rate, color: data.color, hovered: null, spans: [] };
}

// ---- what is shown -------------------------------------------------------------------------

function readTheme(parts, state, data) {
  followTheme(parts.root);
  state.theme = {
    text: themeVariable(parts.root, "--st-text-color"),
    border: themeVariable(parts.root, "--st-border-color"),
    font: themeVariable(parts.root, "--st-font"),
  };
  state.unitColors = themeColors(parts.root, data.values.kind);
  state.shareColors = themeColors(parts.root, "sequential");
  state.image = paintUnits(state.values, data.units.length, data.values, state.unitColors);
}

function styleOf(state, data, i) {
  if (state.color === PLAIN) return null;
  if (state.color === PROBABILITY) return state.shareColors.styles[level(state.odds[i], 0, 1.5)];
  const u = data.units.indexOf(Number(state.color));
  if (u < 0) return null;
  const value = state.values[i * data.units.length + u];
  return state.unitColors.styles[level(value, data.values.low, data.values.high)];
}

function startText(parts, state, data) {
  const prime = document.createElement("span");
  prime.className = "prime";
  prime.textContent = data.prime;
  parts.text.replaceChildren(prime);
  state.spans = [];
}

function growText(parts, state, data) {
  const atEnd = parts.text.scrollHeight - parts.text.scrollTop - parts.text.clientHeight < 48;
  state.last?.classList.remove("last");
  const added = [];
  while (state.spans.length < state.place) {
    const i = state.spans.length;
    const span = characterElement(state.characters[i], state.signs[i], i);
    paint(span, styleOf(state, data, i));
    span.classList.toggle("parting", i === data.parting);
    state.spans.push(span);
    added.push(span);
  }
  parts.text.append(...added);
  while (state.spans.length > state.place) state.spans.pop().remove();
  state.last = state.spans.at(-1);
  state.last?.classList.add("last");
  if (atEnd) parts.text.scrollTop = parts.text.scrollHeight;
}

function repaint(state, data) {
  state.spans.forEach((span, i) => {
    paint(span, styleOf(state, data, i));
    span.classList.toggle("parting", i === data.parting);
  });
}

function oddsRows(parts, count) {
  while (parts.rows.children.length < 3 * count) {
    for (const name of ["sign", "track", "share"]) {
      const element = document.createElement("div");
      element.className = name;
      parts.rows.append(element);
      if (name === "track") element.append(document.createElement("div"));
    }
  }
  return parts.rows.children;
}

function question(state, i, asked) {
  if (!asked && i >= state.place) return `What comes next, at position ${i}`;
  return `Position ${i}: it wrote ${state.signs[i]} (${percent(state.odds[i])})`;
}

function drawOdds(parts, state, data) {
  const asked = state.hovered !== null;
  const i = asked ? state.hovered : Math.min(state.place, state.characters.length - 1);
  if (i < 0) return;
  parts.question.textContent = question(state, i, asked);
  const width = data.candidates.width;
  const cells = oddsRows(parts, width + 1);
  const written = i < state.place || asked ? state.signs[i] : null;
  let rest = 1;
  for (let k = 0; k <= width; k++) {
    const others = k === width;
    const share = others ? Math.max(0, rest) : state.shares[i * width + k];
    rest -= others ? 0 : share;
    const sign = others ? "others" : state.candidates[i * width + k];
    const [label, track, number] = [cells[3 * k], cells[3 * k + 1], cells[3 * k + 2]];
    label.textContent = sign;
    label.className = others ? "sign rest" : "sign";
    track.firstChild.className = !others && sign === written ? "bar written" : "bar";
    track.firstChild.style.width = `${100 * share}%`;
    number.textContent = percent(share);
  }
}

function setSlider(slider, value) {
  slider.value = value;
  slider.style.setProperty("--filled", `${(100 * slider.value) / (slider.max || 1)}%`);
}

function draw(parts, state, data) {
  growText(parts, state, data);
  places.set(data.id, state.place);
  const total = state.characters.length;
  parts.position.max = total;
  setSlider(parts.position, state.place);
  parts.count.textContent = `${state.place} of ${total}`;
  parts.root.classList.toggle("playing", state.playing);
  parts.play.lastElementChild.textContent = state.playing ? "Pause" : "Play";
  parts.rate.textContent = `${state.rate} character${state.rate > 1 ? "s" : ""}/s`;
  setSlider(parts.speed, sliderOf(state.rate));
  drawUnits(parts.canvas, state.image, data.units, state.place, state.theme, state.hovered);
  drawOdds(parts, state, data);
}

// ---- playing -------------------------------------------------------------------------------

function tick(parts, state) {
  cancelAnimationFrame(state.frame);
  let before = performance.now();
  let due = 0;
  const frame = (now) => {
    if (!state.playing) return;
    due += ((now - before) / 1000) * state.rate;
    before = now;
    const more = Math.min(Math.floor(due), state.characters.length - state.place);
    due -= Math.floor(due);
    if (more > 0) {
      state.place += more;
      state.playing = state.place < state.characters.length;
      draw(parts, state, state.data);
    }
    state.frame = requestAnimationFrame(frame);
  };
  state.frame = requestAnimationFrame(frame);
}

function go(parts, state, change) {
  Object.assign(state, change);
  state.place = Math.max(0, Math.min(state.characters.length, state.place));
  if (state.playing && state.place >= state.characters.length) state.place = 0; // play again
  draw(parts, state, state.data);
  tick(parts, state);
  if (state.data.group) {
    const { place, playing, rate } = state;
    const detail = { group: state.data.group, from: parts.root, place, playing, rate };
    window.dispatchEvent(new CustomEvent("rnnlab-player", { detail }));
  }
}

// Players of one group move together; what comes from another one is not passed on.
function follow(parts, state, { detail }) {
  if (detail.group !== state.data.group || detail.from === parts.root) return;
  const place = Math.min(detail.place, state.characters.length);
  const playing = detail.playing && place < state.characters.length;
  Object.assign(state, { place, playing, rate: detail.rate });
  draw(parts, state, state.data);
  tick(parts, state);
}

function onKey(parts, state, event) {
  const control = event.composedPath()[0];
  const moves = { ArrowLeft: -1, ArrowRight: 1 };
  if (control.matches("input, select")) return;
  if (event.key === " " && !control.matches("button")) {
    go(parts, state, { playing: !state.playing });
  } else if (moves[event.key]) {
    go(parts, state, { playing: false, place: state.place + moves[event.key] });
  } else return;
  event.preventDefault();
}

// ---- coloring and pointing -----------------------------------------------------------------

function fillChoices(parts, state, data) {
  const option = (value, text) => Object.assign(document.createElement("option"), { value, text });
  const options = [option(PROBABILITY, "by probability"), option(PLAIN, "plain")];
  options.push(...data.units.map((unit) => option(String(unit), `by unit ${unit}`)));
  parts.select.replaceChildren(...options);
  if (!options.some((o) => o.value === state.color)) state.color = PROBABILITY;
  parts.select.value = state.color;
}

function explainColors(parts, state, data) {
  const [low, high] = [data.values.low, data.values.high].map((value) => readable(value));
  parts.under.textContent =
    `Color: ${data.valueName} from ${low} (blue) over 0 to ${high} (red). ` +
    "Click a row to color the text by that unit.";
  if (data.values.kind === "sequential") {
    parts.under.textContent =
      `Color: ${data.valueName} from ${low} to ${high}. Click a row to color the text by it.`;
  }
}

function recolor(parts, state, data, color) {
  state.color = color;
  parts.select.value = color;
  repaint(state, data);
}

function hover(parts, state, i) {
  if (state.hovered === i) return;
  state.spans[state.hovered]?.classList.remove("hovered");
  state.hovered = i;
  state.spans[i]?.classList.add("hovered");
  drawUnits(parts.canvas, state.image, state.data.units, state.place, state.theme, i);
  drawOdds(parts, state, state.data);
}

function nearly(state, i) {
  const width = state.data.candidates.width;
  const rows = [];
  for (let k = 0; k < Math.min(width, 6) && rows.length < 4; k++) {
    const [sign, share] = [state.candidates[i * width + k], state.shares[i * width + k]];
    if (sign !== state.signs[i] && share > 0) rows.push(`${sign} ${percent(share)}`);
  }
  return rows.length ? [`nearly: ${rows.join(",  ")}`] : [];
}

function listenText(parts, state, send) {
  parts.text.onmousemove = (event) => {
    const i = indexOf(event);
    hover(parts, state, i);
    if (i === null) parts.tip.hidden = true;
    else {
      const lines = [`position ${i}: ${state.signs[i]}  (${percent(state.odds[i])})`];
      showTip(parts.tip, parts.root, event, [...lines, ...nearly(state, i)]);
    }
  };
  parts.text.onmouseleave = () => {
    parts.tip.hidden = true;
    hover(parts, state, null);
  };
  parts.text.onclick = (event) => {
    const i = indexOf(event);
    if (i !== null && state.data.clickable) send("cell", { position: i, unit: null });
  };
}

function listenUnits(parts, state, send) {
  const { canvas } = parts;
  const cell = (event) => {
    const total = state.characters.length;
    return unitsCell(canvas, event, state.data.units, state.place, total);
  };
  canvas.onmousemove = (event) => {
    const found = cell(event);
    hover(parts, state, found?.t ?? null);
    if (!found) parts.tip.hidden = true;
    else {
      const value = state.values[found.t * state.data.units.length + found.u];
      showTip(parts.tip, parts.root, event, [
        `unit ${state.data.units[found.u]}`,
        `position ${found.t}: ${state.signs[found.t]}`,
        `${state.data.valueName} = ${readable(value, 2)}`,
      ]);
    }
  };
  canvas.onmouseleave = parts.text.onmouseleave;
  canvas.onclick = (event) => {
    const found = cell(event);
    if (!found) return;
    const unit = state.data.units[found.u];
    recolor(parts, state, state.data, String(unit));
    if (state.data.clickable) send("cell", { position: found.t, unit });
  };
}

function listenControls(parts, state) {
  parts.play.onclick = () => go(parts, state, { playing: !state.playing });
  parts.restart.onclick = () => go(parts, state, { playing: false, place: 0 });
  parts.back.onclick = () => go(parts, state, { playing: false, place: state.place - 1 });
  parts.forward.onclick = () => go(parts, state, { playing: false, place: state.place + 1 });
  parts.end.onclick = () => go(parts, state, { playing: false, place: Infinity });
  parts.position.oninput = () =>
    go(parts, state, { playing: false, place: Number(parts.position.value) });
  parts.speed.oninput = () => go(parts, state, { rate: rateOf(Number(parts.speed.value)) });
  parts.select.onchange = () => recolor(parts, state, state.data, parts.select.value);
  parts.root.onkeydown = (event) => onKey(parts, state, event);
}

// ---- the component -------------------------------------------------------------------------

function take(parts, state, data) {
  const isNew = state.data?.id !== data.id;
  Object.assign(state, { data, characters: [...data.text], signs: [...data.signs] });
  state.values = unpackValues(data.values);
  state.odds = unpackValues(data.odds);
  state.shares = unpackValues(data.candidates.shares);
  state.candidates = [...data.candidates.signs];
  parts.root.classList.toggle("unitless", !data.units.length);
  parts.root.setAttribute("aria-label", data.label);
  parts.canvas.setAttribute("aria-label", `Heatmap of ${data.valueName} while the text is written`);
  fillChoices(parts, state, data);
  explainColors(parts, state, data);
  readTheme(parts, state, data);
  if (!isNew) return;
  startText(parts, state, data);
  const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  state.place = places.get(data.id) ?? (still ? state.characters.length : 0);
  state.playing = state.place < state.characters.length;
  state.hovered = null;
}

export default function ({ data, parentElement, setTriggerValue }) {
  const parts = find(parentElement);
  let state = states.get(parts.root);
  if (!state) {
    state = newState(data);
    state.follow = (event) => follow(parts, state, event);
    state.observer = new ResizeObserver(() => draw(parts, state, state.data));
    window.addEventListener("rnnlab-player", state.follow);
    states.set(parts.root, state);
  }
  take(parts, state, data);
  listenControls(parts, state);
  listenText(parts, state, setTriggerValue);
  listenUnits(parts, state, setTriggerValue);
  repaint(state, data);
  draw(parts, state, data);
  state.observer.observe(parts.canvas);
  tick(parts, state);
  return () => {
    cancelAnimationFrame(state.frame);
    state.playing = false;
    state.observer.disconnect();
    window.removeEventListener("rnnlab-player", state.follow);
    states.delete(parts.root);
  };
}
