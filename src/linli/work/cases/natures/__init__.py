"""What the nature of a case asks for besides its life cycle: protection, praise."""
