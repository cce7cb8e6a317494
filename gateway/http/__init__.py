"""The HTTP edge: endpoints from typed declarations, problems, headers, the web app's files."""
