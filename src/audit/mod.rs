//! Zone: operator. Log records as values, one escaped line each.
