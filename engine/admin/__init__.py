"""What admins may do: one door, every act of which asks first who wants it, and leaves a line that says it was done."""
