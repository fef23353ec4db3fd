//! Zone: operator. One table of settings.
