"""Letters: templates in seven languages, the outbox before them, SMTP behind it."""
