"""From events to messages: under load in virtual time, and on bad days."""
