"""What admins do, on the command line: the same acts as in chat, with `--json` for scripts."""
