"""What is shipped as data, read and refused."""
