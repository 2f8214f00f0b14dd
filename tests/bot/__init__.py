"""The program as it is started: settings, commands, exit codes."""
