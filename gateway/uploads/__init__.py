"""Files that people send: from bytes to rows, or a fault that says where and why (pure)."""
