// All that travels with each message; the rest is loaded once.
const script = import(new URL("ADDRESS", document.baseURI).href);

export default function (component) {
  let gone = false;
  let leave = () => {};
  script.then(
    (loaded) => {
      if (!gone) leave = loaded.default(component);
    },
    () => {
      const problem = component.parentElement.querySelector(".rnnlab-plot-problem");
      problem.textContent = "The chart could not be loaded; reload the page.";
      problem.hidden = false;
    },
  );
  return () => {
    gone = true;
    leave();
  };
}
