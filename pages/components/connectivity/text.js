// Texts side by side. One character is in focus in all of them, and the characters before it are
// colored by how much its prediction depends on them. Hover moves the focus; a click holds it.
const states = new WeakMap();
const WAIT = 300; // milliseconds until a held character is told, so that arrow keys may run

// What a prediction depends on: row i − 1 of a triangle belongs to character i.
function dependence(panel, i, s, data) {
  const level = panel.levels[(i * (i - 1)) / 2 + s];
  return level > 0 ? panel.top * 10 ** (level - data.decades) : 0;
}

function short(value) {
  if (value === 0) return "0";
  if (value >= 10) return value.toFixed(0);
  return value < 0.001 ? value.toExponential(1).replace("-", "\u2212") : value.toPrecision(2);
}

function amount(value, data) {
  return `${short(data.unit === "%" ? 100 * value : value)} ${data.unit}`;
}

function back(lag) {
  return lag === 1 ? "the character just before" : `${lag} characters before`;
}

function strongest(panel, i, state) {
  const order = [...Array(i).keys()].map((s) => [dependence(panel, i, s, state.data), s]);
  order.sort((a, b) => b[0] - a[0]);
  return order
    .slice(0, 3)
    .map(([value, s]) => `  ${state.signs[s]}  ${back(i - s)}: ${amount(value, state.data)}`);
}

function describe(state, panel, pointed) {
  const { focus, data, signs } = state;
  const place = (i) => `position ${data.start + i}: ${signs[i]}`;
  if (pointed === focus && pointed === 0) return [place(0), "the first one here: no past is shown"];
  if (pointed === focus) return [place(focus), "depends most on", ...strongest(panel, focus, state)];
  if (pointed > focus) return [place(pointed), "comes later: no influence"];
  const lines = [
    `${place(pointed)}, ${back(focus - pointed)}`,
    `${data.name}: ${amount(dependence(panel, focus, pointed, data), data)}`,
  ];
  const effect = panel.effects?.[(focus * (focus - 1)) / 2 + pointed];
  if (effect === undefined) return lines;
  const more = effect >= 0 ? "more" : "less";
  return [...lines, `made what came ${more} probable, by ${short(Math.abs(effect))} nats`];
}

function guess(sign, share, came) {
  const element = document.createElement("span");
  const name = document.createElement("b");
  element.className = came ? "guess came" : "guess";
  name.textContent = sign;
  element.replaceChildren(name, ` ${percent(share)}`);
  return element;
}

function say(said, state, panel) {
  const { focus, data, signs } = state;
  if (focus === 0) return said.replaceChildren("The first character here: it was not predicted.");
  const width = panel.width;
  const first = (focus - 1) * width;
  const guesses = [...Array(width).keys()].map((k) =>
    guess(panel.guesses[first + k], panel.shares[first + k], panel.guesses[first + k] === signs[focus]),
  );
  const came = guess(signs[focus], panel.chances[focus - 1], true);
  said.replaceChildren("Expected there: ", ...guesses, " Really came: ", came);
  const rank = panel.ranks?.[focus - 1];
  if (rank === undefined || rank === null) return;
  const line = document.createElement("div");
  line.className = "rank";
  line.textContent = `Gradient and occlusion here: rank correlation ${readable(rank, 2)}`;
  said.append(line);
}

// Colors go up to the strongest character of this prediction in any of the texts.
function paintAll(root, state) {
  const { focus, data } = state;
  const { styles } = themeColors(root, "sequential");
  let high = 0;
  for (const panel of state.panels) {
    for (let s = 0; s < focus; s++) high = Math.max(high, dependence(panel, focus, s, data));
  }
  const shade = (value) => {
    if (!high) return 0;
    const share = value / high;
    return level(data.log ? Math.log10(Math.max(share, 1e-12)) : share, data.log ? -3 : 0, data.log ? 0 : 1);
  };
  state.panels.forEach((panel) => {
    [...panel.text.children].forEach((element, i) => {
      paint(element, i < focus ? styles[shade(dependence(panel, focus, i, data))] : null);
      element.classList.toggle("focus", i === focus);
      element.classList.toggle("later", i > focus);
    });
    say(panel.said, state, panel);
  });
  root.classList.toggle("held", state.held !== null);
  root.querySelector(".what").textContent = `${data.name}:`;
  root.querySelector(".low").textContent = data.log ? `${amount(high / 1000, data)} or less` : "0";
  root.querySelector(".high").textContent = amount(high, data);
  root.querySelector(".legend i").style.background =
    `linear-gradient(to right, ${styles.filter((_, i) => i % 15 === 0).map((s) => s[0])})`;
}

function point(state, i) {
  state.panels.forEach((panel) => {
    panel.text.querySelector(".pointed")?.classList.remove("pointed");
    if (i !== null) panel.text.children[i]?.classList.add("pointed");
  });
}

function hold(root, state, i) {
  state.held = i;
  if (i !== null) state.focus = i;
  paintAll(root, state);
  clearTimeout(state.timer);
  state.timer = setTimeout(() => {
    state.told = i;
    state.send("held", i === null ? -1 : state.data.start + i);
  }, WAIT);
}

function move(root, state, event) {
  const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  if (by) hold(root, state, Math.max(0, Math.min(state.signs.length - 1, state.focus + by)));
  else if (event.key === "Enter") hold(root, state, state.focus);
  else if (event.key === "Escape") hold(root, state, null);
  else return;
  event.preventDefault();
}

function listen(root, state, panel, tip) {
  panel.text.onmousemove = (event) => {
    const i = indexOf(event);
    if (i === null) return (tip.hidden = true);
    if (state.held === null && i !== state.focus) {
      state.focus = i;
      paintAll(root, state);
    }
    point(state, i);
    showTip(tip, root, event, describe(state, panel, i));
  };
  panel.text.onmouseleave = () => {
    tip.hidden = true;
    point(state, null);
  };
  panel.text.onclick = (event) => {
    const i = indexOf(event);
    if (i !== null) hold(root, state, state.held === i ? null : i);
  };
  panel.text.onkeydown = (event) => move(root, state, event);
}

function build(given, data, signs) {
  const element = document.createElement("section");
  const title = document.createElement("h4");
  const text = document.createElement("div");
  const said = document.createElement("div");
  element.className = "panel";
  title.textContent = given.title;
  text.className = "text";
  text.tabIndex = 0;
  text.setAttribute("role", "group");
  text.setAttribute("aria-label", `${given.title}: the text, colored by ${data.name}`);
  text.replaceChildren(...[...data.text].map((c, i) => characterElement(c, signs[i], i)));
  said.className = "said";
  said.setAttribute("aria-live", "polite");
  element.replaceChildren(title, text, said);
  return {
    element,
    text,
    said,
    top: given.top,
    levels: unpackValues(given.levels),
    effects: given.effects && unpackValues(given.effects),
    chances: unpackValues(given.chances),
    shares: unpackValues(given.shares),
    guesses: [...given.guesses],
    width: given.width,
    ranks: given.ranks,
  };
}

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".pasts");
  const tip = root.querySelector(".tip");
  const state = states.get(root) ?? { held: null, told: undefined, focus: null, text: null };
  states.set(root, state);
  const signs = [...data.signs];
  const isNew = state.text !== data.text || state.start !== data.start;
  Object.assign(state, { data, signs, send: setTriggerValue, text: data.text, start: data.start });
  if (isNew || data.held !== state.told) {
    state.held = state.told = data.held;
    state.focus = data.held ?? (isNew ? signs.length - 1 : state.focus);
  }
  const look = JSON.stringify({ ...data, held: null });
  if (state.look !== look) {
    // Not for a held character alone: the keyboard is in one of the texts.
    state.look = look;
    state.panels = data.panels.map((given) => build(given, data, signs));
    root.querySelector(".panels").replaceChildren(...state.panels.map((panel) => panel.element));
    state.panels.forEach((panel) => listen(root, state, panel, tip));
    tip.hidden = true;
  }
  paintAll(root, state);
  return () => {
    clearTimeout(state.timer);
    states.delete(root);
  };
}
