"""Communities on the page, by themselves or beside a link."""
