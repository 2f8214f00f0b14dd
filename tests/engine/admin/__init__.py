"""What admins may do."""
