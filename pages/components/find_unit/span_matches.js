function cell(className, text, tag = "span") {
  const element = document.createElement(tag);
  element.className = className;
  element.textContent = text.replaceAll("␣", "\u00a0");
  return element;
}

function matchRow(match, data, index) {
  const row = document.createElement("li");
  const before = cell("side before", "");
  before.replaceChildren(cell("", match.before, "bdo"));
  const run = cell("run", match.run);
  const shade = level(match.shared, 0, data.selected);
  paint(run, data.styles[shade]);
  row.tabIndex = 0;
  row.dataset.index = index;
  row.dataset.tip = match.note;
  row.replaceChildren(
    cell("shared", `${match.shared} of ${data.selected}`),
    before,
    run,
    cell("side", match.after),
  );
  return row;
}

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".matches");
  const list = root.querySelector("ol");
  const tip = root.querySelector(".tip");
  data = { ...data, styles: themeColors(root, "sequential").styles };
  list.setAttribute("aria-label", data.label);
  list.replaceChildren(...data.matches.map((match, i) => matchRow(match, data, i)));
  const go = (event) => {
    const row = event.target.closest("li");
    if (row) setTriggerValue("chosen", Number(row.dataset.index));
  };
  list.onclick = go;
  list.onkeydown = (event) => event.key === "Enter" && go(event);
  list.onmousemove = (event) => {
    const row = event.target.closest("li");
    if (row) showTip(tip, root, event, row.dataset.tip.split("\n"));
    else tip.hidden = true;
  };
  list.onmouseleave = () => (tip.hidden = true);
}
