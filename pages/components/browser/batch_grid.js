// A batch, sign by sign: each target stands under its input, and under the pointer a character is
// marked in both rows, which shows the shift by one.

function cells(signs, kinds) {
  const line = document.createElement("div");
  line.className = "cells";
  line.append(
    ...signs.map((sign, i) => {
      const cell = document.createElement("span");
      cell.className = `cell ${kinds(i)}`;
      cell.textContent = sign;
      return cell;
    }),
  );
  return line;
}

function label(text) {
  const element = document.createElement("div");
  element.className = "label";
  element.textContent = text;
  return element;
}

function pair(row, number) {
  const before = [...row.before];
  const inputs = [...row.inputs];
  const targets = [...row.targets];
  const element = document.createElement("div");
  element.className = "pair";
  const offset = before.length;
  const above = cells([...before, ...inputs], (i) => (i < offset ? "input before" : "input"));
  const below = cells([...before.map(() => ""), ...targets], (i) =>
    i < offset ? "blank" : row.counted[i - offset] ? "target" : "target idle",
  );
  element.append(label(`${number} · input`), above, label("target"), below);
  const mark = (line, i) => line.children[i]?.classList.add("same");
  element.onmouseover = (event) => {
    const cell = event.target.closest(".cell");
    element.querySelectorAll(".same").forEach((old) => old.classList.remove("same"));
    if (!cell) return;
    const place = [...cell.parentElement.children].indexOf(cell);
    const isTarget = cell.parentElement === below;
    const input = isTarget ? place + 1 : place; // the same character in the row of inputs
    if (input > offset || !isTarget) mark(above, input);
    if (input - 1 >= offset) mark(below, input - 1);
  };
  element.onmouseleave = () =>
    element.querySelectorAll(".same").forEach((old) => old.classList.remove("same"));
  return element;
}

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".rnnlab-batch");
  root.setAttribute("aria-label", data.alt);
  root.replaceChildren(...data.rows.map((row, i) => pair(row, `${data.what} ${i + 1}`)));
}
