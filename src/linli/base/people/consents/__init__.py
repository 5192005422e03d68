"""What residents allowed and took back."""
