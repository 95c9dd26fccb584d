// Plays the training of a network: all snapshots are here already, nothing is sent while it plays.
const states = new WeakMap();
const SLOWEST = 0.5;
const FASTEST = 12; // snapshots a second
const [UNIT, CHANCE] = ["unit", "chance"];

function find(parent) {
  const root = parent.querySelector(".machine");
  const names = ["restart", "back", "play", "forward", "end", "position", "speed", "rate", "when"]
    .concat(["compare", "loss", "curve", "reading", "legend", "low", "high", "question", "next"])
    .concat(["present", "final", "map", "kinds", "scores", "best", "tip"]);
  return {
    root,
    ...Object.fromEntries(names.map((name) => [name, root.querySelector(`.${name}`)])),
    select: root.querySelector("select"),
    mapTitle: root.querySelector(".map-title"),
    scoreTitle: root.querySelector(".score-title"),
  };
}

function rateOf(slider) {
  return SLOWEST * (FASTEST / SLOWEST) ** (slider / 100);
}

function sliderOf(rate) {
  return Math.round((100 * Math.log(rate / SLOWEST)) / Math.log(FASTEST / SLOWEST));
}

function counted(number) {
  return number.toLocaleString("en");
}

function updates(step) {
  return `after ${counted(step)} update${step === 1 ? "" : "s"}`;
}

function draw(parts, state) {
  const { m, data } = state;
  const last = data.steps.length - 1;
  parts.position.value = m;
  parts.position.style.setProperty("--filled", `${(100 * m) / Math.max(last, 1)}%`);
  parts.position.setAttribute("aria-valuetext", updates(data.steps[m]));
  parts.when.textContent = `${updates(data.steps[m])[0].toUpperCase()}${updates(data.steps[m]).slice(1)}`;
  parts.loss.textContent =
    `moment ${m + 1} of ${last + 1} · ${data.lossName}: ${state.losses[m].toFixed(2)} nats per character`;
  parts.root.classList.toggle("playing", state.playing);
  parts.root.classList.toggle("alone", !state.compare);
  parts.play.lastElementChild.textContent = state.playing ? "Pause" : "Play";
  parts.rate.textContent = `${state.rate < 3 ? state.rate.toFixed(1) : Math.round(state.rate)} moments/s`;
  parts.speed.value = sliderOf(state.rate);
  parts.speed.style.setProperty("--filled", `${parts.speed.value}%`);
  moveMarker(state);
  colorText(parts, state);
  drawNext(parts, state);
  parts.present.lastElementChild.textContent = data.samples[m];
  movePoints(state);
  drawScores(parts, state);
}

// ---- the text that is read, and what may follow ---------------------------------------------

function fillText(parts, state, data) {
  const signs = [...data.signs];
  parts.reading.replaceChildren(
    ...[...data.text].map((character, i) => characterElement(character, signs[i], i)),
  );
  state.spans = [...parts.reading.children];
  state.signs = signs;
}

function colorText(parts, state) {
  const { m, data, color } = state;
  const length = state.spans.length;
  const isUnit = color === UNIT;
  const { styles } = isUnit ? state.unitColors : state.shareColors;
  const [low, high] = isUnit ? [data.values.low, data.values.high] : [0, 1];
  state.spans.forEach((span, i) => {
    const value = (isUnit ? state.values : state.chances)[m * length + i];
    paint(span, Number.isFinite(value) ? styles[level(value, low, high)] : null);
    span.classList.toggle("selected", i === state.place);
  });
}

function explainColors(parts, state) {
  const { data, color } = state;
  const isUnit = color === UNIT;
  const { styles } = isUnit ? state.unitColors : state.shareColors;
  const name = isUnit ? data.valueName : "chance of the character";
  const [low, high] = isUnit ? [data.values.low, data.values.high] : [0, 1];
  parts.low.textContent = `${name}: ${readable(low)}`;
  parts.high.textContent = readable(high);
  parts.legend.querySelector("i").style.background =
    `linear-gradient(to right, ${styles.filter((_, i) => i % 15 === 0).map((s) => s[0])})`;
  parts.reading.setAttribute("aria-label", `Text, colored by ${name}`);
}

function barRows(box, count) {
  while (box.children.length > 3 * count) box.lastElementChild.remove();
  while (box.children.length < 3 * count) {
    for (const name of ["sign", "track", "share"]) {
      const element = document.createElement("div");
      element.className = name;
      box.append(element);
      if (name !== "track") continue;
      const [bar, mark] = [document.createElement("div"), document.createElement("div")];
      [bar.className, mark.className] = ["bar", "mark"];
      element.append(bar, mark);
    }
  }
  return box.children;
}

function drawRow(cells, k, { label, value, end, isTrue, text, others }) {
  const [sign, track, share] = [cells[3 * k], cells[3 * k + 1], cells[3 * k + 2]];
  sign.textContent = label;
  sign.classList.toggle("others", Boolean(others));
  track.firstChild.className = isTrue ? "bar true" : "bar";
  track.firstChild.style.width = `${100 * value}%`;
  track.lastChild.style.left = `${100 * end}%`;
  share.textContent = text;
}

function drawNext(parts, state) {
  const { m, data, place } = state;
  const [length, width] = [state.spans.length, data.candidates.width];
  const last = data.steps.length - 1;
  const written = state.signs.slice(Math.max(0, place - 7), place + 1).join("");
  parts.question.textContent = `What it expects after “${place > 7 ? "…" : ""}${written}”`;
  const cells = barRows(parts.next, width + 1);
  let [rest, restEnd] = [1, 1];
  for (let k = 0; k < width; k++) {
    const label = state.candidates[place * width + k];
    const value = state.shares[(m * length + place) * width + k];
    const end = state.shares[(last * length + place) * width + k];
    [rest, restEnd] = [rest - value, restEnd - end];
    const isTrue = label === state.signs[place + 1];
    drawRow(cells, k, { label, value, end, isTrue, text: percent(value) });
  }
  [rest, restEnd] = [Math.max(0, rest), Math.max(0, restEnd)];
  drawRow(cells, width, {
    label: "others",
    value: rest,
    end: restEnd,
    text: percent(rest),
    others: true,
  });
}

function drawScores(parts, state) {
  const { m, data } = state;
  const count = data.features.length;
  const last = data.steps.length - 1;
  const cells = barRows(parts.scores, count);
  data.features.forEach((label, k) => {
    const value = state.scores[m * count + k];
    const end = state.scores[last * count + k];
    drawRow(cells, k, { label, value, end, text: value.toFixed(2) });
  });
  const best = barRows(parts.best, count);
  data.features.forEach((label, k) => {
    const value = state.best[m * count + k];
    const end = state.best[last * count + k];
    const text = `${value.toFixed(2)} · unit ${data.bestUnits[m * count + k]}`;
    drawRow(best, k, { label, value, end, text });
  });
}

// ---- pictures -------------------------------------------------------------------------------

function svg(name, attributes, text) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  if (text !== undefined) element.textContent = text;
  return element;
}

function line(x1, y1, x2, y2, stroke, extra) {
  return svg("line", { x1, y1, x2, y2, stroke, ...extra });
}

const place01 = (step) => Math.log2(1 + step); // so that 0 updates has its place

function drawCurve(parts, state, data) {
  const box = parts.curve;
  const [width, height] = [box.clientWidth, box.clientHeight];
  if (!width) return;
  const [left, right, top, bottom] = [54, 12, 8, 34];
  const end = place01(Math.max(...data.steps, 1));
  const x = (step) => left + (place01(step) / end) * (width - left - right);
  const [low, high] = [Math.min(...state.losses), Math.max(...state.losses)];
  const y = (loss) => top + ((high - loss) / (high - low || 1)) * (height - top - bottom);
  const border = "var(--st-border-color)";
  const drawn = [];
  for (let step = 0; step <= 2 ** end; step = step ? step * 4 : 1) {
    drawn.push(line(x(step), top, x(step), height - bottom, border));
    drawn.push(svg("text", { x: x(step), y: height - bottom + 14, "text-anchor": "middle" }, counted(step)));
  }
  for (const loss of [low, (low + high) / 2, high]) {
    drawn.push(svg("text", { x: left - 6, y: y(loss) + 4, "text-anchor": "end" }, loss.toFixed(1)));
    drawn.push(line(left, y(loss), width - right, y(loss), border));
  }
  drawn.push(svg("text", { x: (left + width - right) / 2, y: height - 4, "text-anchor": "middle" }, "updates"));
  const name = { transform: `translate(11,${(top + height - bottom) / 2}) rotate(-90)` };
  drawn.push(svg("text", { ...name, "text-anchor": "middle" }, "loss, nats"));
  const points = data.steps.map((step, m) => `${x(step)},${y(state.losses[m])}`).join(" ");
  const color = state.palette[data.lossColor];
  drawn.push(svg("polyline", { points, fill: "none", stroke: color, "stroke-width": 2 }));
  data.steps.forEach((step, m) => {
    drawn.push(svg("circle", { cx: x(step), cy: y(state.losses[m]), r: 2.5, fill: color }));
  });
  state.marker = svg("g", { class: "marker" });
  const stroke = "var(--st-text-color)";
  state.marker.append(line(0, top, 0, height - bottom, stroke, { "stroke-width": 1.5 }));
  state.dot = svg("circle", { cx: 0, r: 6, fill: color, stroke, "stroke-width": 2 });
  state.marker.append(state.dot);
  box.replaceChildren(...drawn, state.marker);
  state.curveAt = data.steps.map((step, m) => ({ x: x(step), y: y(state.losses[m]) }));
}

function moveMarker(state) {
  const at = state.curveAt?.[state.m];
  if (!at) return;
  state.marker.setAttribute("transform", `translate(${at.x},0)`);
  state.dot.setAttribute("cy", at.y);
}

function drawMap(parts, state, data) {
  const box = parts.map;
  const [width, height] = [box.clientWidth, box.clientHeight];
  if (!width) return;
  const [left, right, top, bottom] = [14, 14, 12, 26];
  const range = (k) => {
    const values = state.points.filter((_, i) => i % 2 === k);
    const [low, high] = [values.reduce((a, b) => Math.min(a, b)), values.reduce((a, b) => Math.max(a, b))];
    return [low, high - low || 1];
  };
  const [[lowX, wideX], [lowY, wideY]] = [range(0), range(1)];
  state.mapX = (value) => left + ((value - lowX) / wideX) * (width - left - right);
  state.mapY = (value) => height - bottom - ((value - lowY) / wideY) * (height - top - bottom);
  const border = "var(--st-border-color)";
  const frame = svg("rect", { x: 1, y: 1, width: width - 2, height: height - bottom + 8, fill: "none", stroke: border });
  const [x0, y0] = [state.mapX(0), state.mapY(0)];
  const axes = [line(x0, 1, x0, height - bottom + 8, border), line(1, y0, width - 1, y0, border)];
  const names = data.mapShares.map((share, k) => `direction ${k + 1} (${percent(share)} of the variance)`);
  const label = svg("text", { x: width / 2, y: height - 3, "text-anchor": "middle" }, `across: ${names[0]}, up: ${names[1]}`);
  const signs = [...data.symbols];
  state.signsOnMap = signs.map((sign, i) => {
    const element = svg("text", { class: "sign" }, sign);
    element.style.fill = state.palette[data.kinds[data.kindOf[i]].color];
    element.append(svg("title", {}, `${sign}: ${data.kinds[data.kindOf[i]].name}`));
    return element;
  });
  box.replaceChildren(frame, ...axes, label, ...state.signsOnMap);
}

function movePoints(state) {
  if (!state.mapX) return;
  const count = state.signsOnMap.length;
  state.signsOnMap.forEach((element, i) => {
    const at = 2 * (state.m * count + i);
    element.style.transform = `translate(${state.mapX(state.points[at])}px, ${state.mapY(state.points[at + 1])}px)`;
  });
}

function fillKinds(parts, state, data) {
  const there = new Set(data.kindOf);
  parts.kinds.replaceChildren(
    ...data.kinds.flatMap((kind, k) => {
      if (!there.has(k)) return [];
      const element = document.createElement("span");
      const mark = document.createElement("b");
      mark.textContent = [...data.symbols][data.kindOf.indexOf(k)];
      mark.style.color = state.palette[kind.color];
      element.append(mark, ` ${kind.name}`);
      return [element];
    }),
  );
}

// ---- playing --------------------------------------------------------------------------------

function tick(parts, state) {
  cancelAnimationFrame(state.frame);
  if (!state.playing) return;
  let before = performance.now();
  const frame = (now) => {
    if (!state.playing || !parts.root.isConnected) return;
    if (now - before >= 1000 / state.rate) {
      before = now;
      state.m += 1;
      if (state.m >= state.data.steps.length - 1) rest(parts, state);
      draw(parts, state);
    }
    if (state.playing) state.frame = requestAnimationFrame(frame);
  };
  state.frame = requestAnimationFrame(frame);
}

// Standing still, the address is told which snapshot and which place are shown.
function rest(parts, state) {
  state.m = Math.max(0, Math.min(state.data.steps.length - 1, state.m));
  state.playing = false;
  const view = { snapshot: state.data.steps[state.m], place: state.place };
  if (state.told === JSON.stringify(view)) return;
  state.told = JSON.stringify(view);
  state.send("view", view);
}

function go(parts, state, m) {
  state.m = m;
  rest(parts, state);
  draw(parts, state);
}

// Ask what follows another character of the text.
function goTo(parts, state, place) {
  state.place = Math.max(0, Math.min(state.spans.length - 1, place));
  if (!state.playing) rest(parts, state);
  draw(parts, state);
}

function toggle(parts, state) {
  if (state.playing) return go(parts, state, state.m);
  if (state.m >= state.data.steps.length - 1) state.m = 0; // play again
  state.playing = state.data.steps.length > 1;
  draw(parts, state);
  tick(parts, state);
}

function onKey(parts, state, event) {
  const control = event.composedPath()[0];
  const moves = { ArrowLeft: -1, ArrowRight: 1 };
  if (control.matches("input, select")) return;
  const along = { ArrowUp: -1, ArrowDown: 1 }[event.key];
  if (along && control === parts.reading) goTo(parts, state, state.place + along);
  else if (event.key === " " && !control.matches("button")) toggle(parts, state);
  else if (moves[event.key]) go(parts, state, state.m + moves[event.key]);
  else return;
  event.preventDefault();
}

function nearest(state, event, box) {
  const x = event.clientX - box.getBoundingClientRect().left;
  let best = 0;
  state.curveAt.forEach((at, m) => {
    if (Math.abs(at.x - x) < Math.abs(state.curveAt[best].x - x)) best = m;
  });
  return best;
}

function hoverText(parts, state, event) {
  const i = indexOf(event);
  if (i === null) return void (parts.tip.hidden = true);
  const k = state.m * state.spans.length + i;
  const chance = state.chances[k];
  const lines = [`position ${state.data.start + i}: ${state.signs[i]}`];
  lines.push(`${state.data.valueName} = ${readable(state.values[k], 2)}`);
  if (Number.isFinite(chance)) lines.push(`it had a chance of ${percent(chance)}`);
  showTip(parts.tip, parts.root, event, lines);
}

function listen(parts, state) {
  parts.play.onclick = () => toggle(parts, state);
  parts.restart.onclick = () => go(parts, state, 0);
  parts.back.onclick = () => go(parts, state, state.m - 1);
  parts.forward.onclick = () => go(parts, state, state.m + 1);
  parts.end.onclick = () => go(parts, state, Infinity);
  parts.position.oninput = () => {
    Object.assign(state, { m: Number(parts.position.value), playing: false });
    draw(parts, state);
  };
  parts.position.onchange = () => go(parts, state, Number(parts.position.value));
  parts.speed.oninput = () => {
    state.rate = rateOf(Number(parts.speed.value));
    draw(parts, state);
  };
  parts.compare.onchange = () => {
    state.compare = parts.compare.checked;
    draw(parts, state);
  };
  parts.select.onchange = () => {
    state.color = parts.select.value;
    explainColors(parts, state);
    colorText(parts, state);
  };
  parts.curve.onclick = (event) => go(parts, state, nearest(state, event, parts.curve));
  parts.reading.onmousemove = (event) => hoverText(parts, state, event);
  parts.reading.onmouseleave = () => (parts.tip.hidden = true);
  parts.reading.onclick = (event) => {
    const i = indexOf(event);
    if (i !== null) goTo(parts, state, i);
  };
  parts.root.onkeydown = (event) => onKey(parts, state, event);
}

// ---- the component --------------------------------------------------------------------------

function readTheme(parts, state, data) {
  followTheme(parts.root);
  state.unitColors = themeColors(parts.root, data.values.kind);
  state.shareColors = themeColors(parts.root, "sequential");
  const listed = themeVariable(parts.root, "--st-chart-categorical-colors").split(",");
  state.palette = listed.map((color) => color.trim());
}

function unpack(state, data) {
  state.values = unpackValues(data.values);
  for (const name of ["chances", "shares", "points", "scores", "best", "losses"]) {
    state[name] = unpackValues(data[name]);
  }
  state.candidates = [...data.candidates.signs]; // (T, K)
}

// Where to stand: at first where the address says, later where it was, unless it shall jump.
function takePlace(state, data) {
  const isFirst = !state.data;
  let step = isFirst ? data.snapshot : state.data.steps[state.m];
  if (!isFirst && data.jump && data.jump.number !== state.jump) {
    step = data.jump.snapshot;
    state.playing = false;
  }
  state.jump = data.jump?.number;
  state.m = Math.max(0, data.steps.findLastIndex((each) => each <= (step ?? data.steps[0])));
  const place = isFirst ? data.place : state.place;
  state.place = Math.max(0, Math.min([...data.text].length - 1, place));
}

function fillSamples(parts, data) {
  for (const [box, text] of [
    [parts.present, ""],
    [parts.final, data.samples.at(-1)],
  ]) {
    const [prime, written] = [document.createElement("span"), document.createElement("span")];
    prime.className = "prime";
    [prime.textContent, written.textContent] = [data.prime, text];
    box.replaceChildren(prime, written);
  }
}

function fillChoices(parts, state, data) {
  const option = (value, text) => Object.assign(document.createElement("option"), { value, text });
  parts.select.replaceChildren(
    option(UNIT, `by ${data.valueName}`),
    option(CHANCE, "by the chance each character had"),
  );
  parts.select.value = state.color;
}

function take(parts, state, data) {
  takePlace(state, data);
  state.data = data;
  unpack(state, data);
  readTheme(parts, state, data);
  parts.position.max = data.steps.length - 1;
  fillText(parts, state, data);
  fillChoices(parts, state, data);
  explainColors(parts, state);
  fillSamples(parts, data);
  fillKinds(parts, state, data);
  parts.mapTitle.textContent = data.mapTitle;
  parts.scoreTitle.textContent = `What ${data.valueName} follows`;
  parts.curve.setAttribute("aria-label", `${data.lossName} over the updates, with the moment marked`);
  parts.map.setAttribute("aria-label", data.mapTitle);
  redraw(parts, state);
}

function redraw(parts, state) {
  drawCurve(parts, state, state.data);
  drawMap(parts, state, state.data);
  draw(parts, state);
}

function remember(parts) {
  let state = states.get(parts.root);
  if (!state) {
    state = { m: 0, playing: false, rate: 2, color: UNIT, compare: true };
    state.observer = new ResizeObserver(() => {
      if (state.data && state.width !== parts.root.clientWidth) redraw(parts, state);
      state.width = parts.root.clientWidth;
    });
    state.observer.observe(parts.root);
    states.set(parts.root, state);
  }
  return state;
}

export default function ({ data, parentElement, setStateValue }) {
  const parts = find(parentElement);
  const state = remember(parts);
  state.send = setStateValue;
  take(parts, state, data);
  listen(parts, state);
  if (state.playing) tick(parts, state);
  return () => {
    state.playing = false;
    cancelAnimationFrame(state.frame);
    state.observer.disconnect();
    states.delete(parts.root);
  };
}
