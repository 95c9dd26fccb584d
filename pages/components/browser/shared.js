// What several components need: unpacking numbers, colors of the theme, text for people.

// Whole counts of packed.step in base64, as real values.
function unpackValues(packed) {
  const bytes = Uint8Array.from(atob(packed.counts), (c) => c.charCodeAt(0));
  if (packed.kind === "exact") return new Float32Array(bytes.buffer);
  const signed = packed.kind === "diverging";
  const narrow = signed ? Int8Array : Uint8Array;
  const wide = signed ? Int16Array : Uint16Array;
  const counts = new (packed.bytes === 2 ? wide : narrow)(bytes.buffer);
  return Float32Array.from(counts, (count) => count * packed.step);
}

function themeVariable(element, name) {
  return getComputedStyle(element).getPropertyValue(name).trim();
}

function parseColor(color) {
  const context = document.createElement("canvas").getContext("2d");
  context.fillStyle = color; // the browser reads every way of writing a color
  const number = parseInt(context.fillStyle.slice(1), 16);
  return [number >> 16, (number >> 8) & 255, number & 255];
}

// 256 colors of the theme, as bytes red, green, blue, and whether dark text is read on them.
function themeColors(element, kind) {
  const stops = themeVariable(element, `--st-chart-${kind}-colors`).split(",").map(parseColor);
  const bytes = new Uint8Array(256 * 3);
  const styles = [];
  for (let i = 0; i < 256; i++) {
    const place = (i / 255) * (stops.length - 1);
    const below = Math.min(Math.floor(place), stops.length - 2);
    for (let k = 0; k < 3; k++) {
      const mixed = stops[below][k] + (stops[below + 1][k] - stops[below][k]) * (place - below);
      bytes[3 * i + k] = Math.round(mixed);
    }
    const [r, g, b] = bytes.subarray(3 * i, 3 * i + 3);
    const bright = 0.299 * r + 0.587 * g + 0.114 * b > 140;
    styles.push([`rgb(${r},${g},${b})`, bright ? "#111820" : "#f6f9fc"]);
  }
  return { bytes, styles };
}

// Where a value lies on a scale, 0 to 255.
function level(value, low, high) {
  return Math.max(0, Math.min(255, Math.round(((value - low) / (high - low)) * 255)));
}

// What the browser draws itself (sliders, lists) follows the theme of the page, not the system's.
function followTheme(root) {
  const [r, g, b] = parseColor(themeVariable(root, "--st-background-color"));
  root.style.colorScheme = r + g + b > 380 ? "light" : "dark";
}

// A number for people, with a true minus sign.
function readable(value, digits) {
  return (digits === undefined ? String(value) : value.toFixed(digits)).replace("-", "\u2212");
}

function percent(probability) {
  if (probability >= 0.9995) return "100 %";
  if (probability >= 0.0995) return `${(100 * probability).toFixed(0)} %`;
  return probability < 0.0005 ? "< 0.1 %" : `${(100 * probability).toFixed(1)} %`;
}

// One element a character. A newline shows its sign and still breaks the line.
function characterElement(character, sign, index) {
  const element = document.createElement("span");
  element.textContent = character === "\n" ? `${sign}\n` : character === " " ? " " : sign;
  if (character === "\n") element.className = "newline";
  element.dataset.i = index;
  return element;
}

function paint(element, style) {
  element.style.background = style ? style[0] : "";
  element.style.color = style ? style[1] : "";
}

// Shows lines of text near the pointer, inside the component.
function showTip(tip, root, event, lines) {
  tip.replaceChildren(
    ...lines.map((line) => {
      const element = document.createElement("div");
      element.textContent = line;
      return element;
    }),
  );
  tip.hidden = false;
  const box = root.getBoundingClientRect();
  const x = event.clientX - box.left + 14;
  tip.style.left = `${Math.max(0, Math.min(x, box.width - tip.offsetWidth - 4))}px`;
  const below = event.clientY - box.top + 18;
  const fits = below + tip.offsetHeight < box.height + 60;
  tip.style.top = `${fits ? below : event.clientY - box.top - tip.offsetHeight - 10}px`;
}

function indexOf(event) {
  const i = event.target.dataset?.i;
  return i === undefined ? null : Number(i);
}
