"""From events to messages: under load in virtual time, on bad days, after a restart, and over HTTP."""
