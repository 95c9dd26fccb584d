"""Components that draw in the browser, with their HTML, CSS and JavaScript."""
