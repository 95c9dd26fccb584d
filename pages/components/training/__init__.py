"""Settings, plan, start and samples of a run, as several pages show them."""
