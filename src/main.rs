//! Zone: operator. Hands the command line to the library and ends with its exit code.

use std::process::ExitCode;

fn main() -> ExitCode {
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the command line")]
    let args = std::env::args_os().skip(1);
    ExitCode::from(zscaler_mcp::start::run(args))
}
