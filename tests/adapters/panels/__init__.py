"""Panels, as every platform is shown them."""
