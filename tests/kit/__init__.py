"""What tests share: virtual time and other stand-ins for the outside world."""
