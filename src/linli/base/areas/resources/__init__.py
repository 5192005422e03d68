"""Resources on grids: what help stands where, and which is nearest."""
