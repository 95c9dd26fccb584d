const states = new WeakMap();

function describe(data, values, i) {
  const lines = [
    `position ${data.start + i}: ${data.signs[i]}`,
    `${data.name} = ${readable(values[i], 2)}`,
  ];
  return data.notes?.[i] ? [...lines, ...data.notes[i].split("\n")] : lines;
}

function fill(root, state, data) {
  const text = root.querySelector(".text");
  if (state.text !== data.text) {
    state.text = data.text;
    text.replaceChildren(
      ...[...data.text].map((character, i) => characterElement(character, data.signs[i], i)),
    );
  }
  const { styles } = themeColors(root, data.values.kind);
  [...text.children].forEach((element, i) => {
    paint(element, styles[level(state.values[i], data.values.low, data.values.high)]);
    element.classList.toggle("selected", i === data.selected);
    element.classList.toggle("marked", Boolean(data.marked?.[i]));
  });
  root.querySelector(".legend i").style.background =
    `linear-gradient(to right, ${styles.filter((_, i) => i % 15 === 0).map((s) => s[0])})`;
}

// Only when another character is framed: who scrolls away from it is not brought back.
function showFramed(text, state, selected) {
  if (state.selected === selected) return;
  state.selected = selected;
  const element = text.children[selected];
  if (!element) return;
  const [line, box] = [element.getBoundingClientRect(), text.getBoundingClientRect()];
  if (line.top < box.top || line.bottom > box.bottom)
    text.scrollTop += (line.top + line.bottom - box.top - box.bottom) / 2;
}

function frameSpan(root, span) {
  const [first, end] = span ?? [-1, -1];
  [...root.querySelector(".text").children].forEach((element, i) => {
    element.classList.toggle("span", i >= first && i < end);
    element.classList.toggle("span-first", i === first);
    element.classList.toggle("span-last", i === end - 1);
  });
}

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".colored");
  const text = root.querySelector(".text");
  const tip = root.querySelector(".tip");
  const state = states.get(root) ?? {};
  states.set(root, state);
  data = { ...data, signs: [...data.signs] };
  state.values = unpackValues(data.values);
  root.classList.toggle("clickable", data.clickable);
  text.style.maxHeight = data.height ? `${data.height}px` : "";
  text.setAttribute("aria-label", data.label);
  root.querySelector(".name").textContent = `${data.name}:`;
  root.querySelector(".low").textContent = readable(data.values.low);
  root.querySelector(".high").textContent = readable(data.values.high);
  fill(root, state, data);
  frameSpan(root, data.span);

  showFramed(text, state, data.selected);

  text.onmousemove = (event) => {
    const i = indexOf(event);
    if (i === null) tip.hidden = true;
    else showTip(tip, root, event, describe(data, state.values, i));
  };
  text.onmouseleave = () => (tip.hidden = true);
  text.onclick = (event) => {
    const i = indexOf(event);
    if (data.clickable && i !== null) setTriggerValue("position", data.start + i);
  };
  return () => states.delete(root);
}
