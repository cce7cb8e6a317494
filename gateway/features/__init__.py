"""One folder per feature that users see. A feature imports ports and edges, never another one."""
