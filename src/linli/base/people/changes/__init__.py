"""What was changed in the registers, and what residents ask to have changed."""
