"""What Discord's pages, forms and pictures promise."""
