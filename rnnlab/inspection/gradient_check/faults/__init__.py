"""Classic bugs of hand-written backward passes, as code that runs: a file each."""
