"""Care tags: who needs looking after, who said so, and until when that holds."""
