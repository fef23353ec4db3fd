//! Zone: pre-admission. The connection state machine.
