//! Zone: post-admission. Where records come from: requests, answers and the seam they cross.
