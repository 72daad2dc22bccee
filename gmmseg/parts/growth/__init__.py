"""How a tree of regions grows: soft evidence, borders, crumbs, and what merges first."""
