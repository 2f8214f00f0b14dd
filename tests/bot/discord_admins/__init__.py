"""What admins, coaches and candidates do in Discord, with everything as `rehearse run` puts it together."""
