// The chart library, loaded once for all figures of a page.
function loadPlotly() {
  if (window.Plotly) return Promise.resolve(window.Plotly);
  window.rnnlabPlotly ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = new URL("app/static/plotly.min.js", document.baseURI).href;
    script.onload = () => resolve(window.Plotly);
    script.onerror = () => {
      window.rnnlabPlotly = undefined; // a later figure tries again
      reject(new Error("The chart library could not be loaded; reload the page."));
    };
    document.head.append(script);
  });
  return window.rnnlabPlotly;
}
