"""Maps that a site brings along: files that are read and servers that are asked. Knows no Qt."""
