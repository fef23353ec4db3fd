//! Zone: pre-admission. CORS answers (Fetch standard).
