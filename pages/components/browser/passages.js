function passageRow(passage, data, root) {
  const { styles } = themeColors(root, passage.values.kind);
  const row = document.createElement("li");
  const value = document.createElement("span");
  const line = document.createElement("span");
  value.className = "value";
  line.className = "line";
  line.dir = "ltr"; // order of reading is order of positions
  const values = unpackValues(passage.values);
  value.textContent = values[passage.peak].toFixed(2);
  const characters = [...passage.signs].map((sign, i) => {
    const element = document.createElement("span");
    element.textContent = sign === "␣" ? " " : sign;
    element.classList.toggle("peak", i === passage.peak);
    element.dataset.tip = `${sign}  ${data.name} = ${values[i].toFixed(2)}`;
    paint(element, styles[level(values[i], passage.values.low, passage.values.high)]);
    return element;
  });
  line.replaceChildren(...characters);
  row.replaceChildren(value, line);
  return row;
}

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".passages");
  const list = root.querySelector("ol");
  const tip = root.querySelector(".tip");
  list.replaceChildren(...data.passages.map((passage) => passageRow(passage, data, root)));
  list.onmousemove = (event) => {
    const text = event.target.dataset?.tip;
    if (text) showTip(tip, root, event, [text]);
    else tip.hidden = true;
  };
  list.onmouseleave = () => (tip.hidden = true);
}
