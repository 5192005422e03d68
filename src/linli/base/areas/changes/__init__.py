"""Changes of areas on the desk: choose, see what will happen, confirm; and what became of which."""
