"""What touches the outside, against servers and screens of its own."""
