"""Where people live: buildings, dwellings, households, and who owns or rents."""
