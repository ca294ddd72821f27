"""Solutions in, assignments and graders out, through otter assign."""
