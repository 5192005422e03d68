"""How long what is known of people is kept, and the nightly job that lets it go."""
