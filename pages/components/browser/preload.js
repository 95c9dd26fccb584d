// Loads the chart library while nothing else happens: reading it takes a browser a second.
export default function () {
  loadPlotly().catch(() => {}); // the first figure tries again, and says what is wrong
}
