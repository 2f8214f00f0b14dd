"""What admins, coaches and candidates do in Slack, with everything as `rehearse run` puts it together."""
