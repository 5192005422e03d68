"""One module for each subcommand of `linli`."""
