"""Organisations with their places: firms, shops, schools, social organisations."""
