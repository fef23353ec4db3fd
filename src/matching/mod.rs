//! Zone: pre-admission. Addresses, globs, hosts and origins: pure matching.
