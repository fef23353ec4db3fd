//! Zone: post-admission. The tool catalogue: one row a tool.
