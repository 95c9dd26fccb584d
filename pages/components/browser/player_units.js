// The heatmap that grows: one column a character, one row a unit, on a canvas.

const LEFT = 46;
const RIGHT = 14; // room for half of the last number below
const TOP = 7; // room for half of the first number on the left
const BOTTOM = 34;

// All columns as an image of T x U pixels, painted once.
function paintUnits(values, units, scale, colors) {
  const steps = units ? values.length / units : 0;
  const image = document.createElement("canvas");
  image.width = Math.max(1, steps);
  image.height = Math.max(1, units);
  const context = image.getContext("2d");
  const pixels = context.createImageData(image.width, image.height);
  for (let t = 0; t < steps; t++) {
    for (let u = 0; u < units; u++) {
      const color = 3 * level(values[t * units + u], scale.low, scale.high);
      const at = 4 * (u * image.width + t);
      pixels.data.set(colors.bytes.subarray(color, color + 3), at);
      pixels.data[at + 3] = 255;
    }
  }
  context.putImageData(pixels, 0, 0);
  return image;
}

// What part of the text is seen: the latest columns that fit, all of equal width.
function unitsView(canvas, written, total) {
  const width = canvas.clientWidth - LEFT - RIGHT;
  const height = canvas.clientHeight - BOTTOM - TOP;
  const fitting = Math.max(20, Math.floor(width / 4));
  const columns = Math.max(20, Math.min(total, fitting));
  const first = Math.max(0, written - columns);
  return { width, height, columns, first, step: width / columns };
}

function sharpContext(canvas) {
  const ratio = window.devicePixelRatio || 1;
  const [width, height] = [canvas.clientWidth * ratio, canvas.clientHeight * ratio].map(Math.round);
  if (canvas.width !== width || canvas.height !== height) {
    canvas.width = width;
    canvas.height = height;
  }
  const context = canvas.getContext("2d");
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, canvas.clientWidth, canvas.clientHeight);
  context.imageSmoothingEnabled = false;
  return context;
}

function drawUnits(canvas, image, units, written, theme, marked) {
  if (!canvas.clientWidth || !units.length) return;
  const view = unitsView(canvas, written, image.width);
  const context = sharpContext(canvas);
  const shown = Math.min(written - view.first, view.columns);
  const wide = shown * view.step;
  if (shown > 0) {
    context.drawImage(image, view.first, 0, shown, units.length, LEFT, TOP, wide, view.height);
  }
  drawAxes(context, canvas, view, units, theme);
  if (marked !== null && marked >= view.first && marked < written) {
    context.strokeStyle = theme.text;
    context.strokeRect(LEFT + (marked - view.first) * view.step, TOP, view.step, view.height);
  }
}

function drawAxes(context, canvas, view, units, theme) {
  const { width, height, columns, first, step } = view;
  context.strokeStyle = theme.border;
  context.strokeRect(LEFT - 0.5, TOP - 0.5, width + 1, height + 1);
  context.fillStyle = theme.text;
  context.font = `12px ${theme.font}`;
  context.textAlign = "right";
  context.textBaseline = "middle";
  const row = height / units.length;
  const everyRow = Math.max(1, Math.ceil(18 / row));
  for (let u = 0; u < units.length; u += everyRow) {
    context.fillText(units[u], LEFT - 5, TOP + (u + 0.5) * row);
  }
  context.textAlign = "center";
  context.textBaseline = "top";
  const everyColumn = [5, 10, 20, 25, 50, 100, 200].find((n) => n * step >= 44) ?? 500;
  for (let t = Math.ceil(first / everyColumn) * everyColumn; t < first + columns; t += everyColumn) {
    context.fillText(t, LEFT + (t - first + 0.5) * step, TOP + height + 4);
  }
  context.fillText("position in the text", LEFT + width / 2, TOP + height + 17);
  context.save();
  context.translate(2, TOP + height / 2);
  context.rotate(-Math.PI / 2);
  context.fillText("unit", 0, 0);
  context.restore();
}

// The cell under the pointer, or null.
function unitsCell(canvas, event, units, written, total) {
  const view = unitsView(canvas, written, total);
  const box = canvas.getBoundingClientRect();
  const t = view.first + Math.floor((event.clientX - box.left - LEFT) / view.step);
  const u = Math.floor(((event.clientY - box.top - TOP) / view.height) * units.length);
  const inside = t >= view.first && t < written && u >= 0 && u < units.length;
  return inside ? { t, u } : null;
}
