//! The binary on standard input and output. Every line it says is judged against what was asked.

use std::io::{BufRead, BufReader, Read, Result, Write};
use std::process::{Child, ChildStdin, ChildStdout, Stdio};
use std::sync::{Arc, Mutex};

use serde_json::Value;

use super::binary;
use super::valid::Asked;

/// A process with its two streams; ended when dropped.
pub(crate) struct Process {
    pub(crate) child: Child,
    pub(crate) input: Option<Input>,
    output: Output<ChildStdout>,
}

impl Process {
    pub(crate) fn start() -> Self {
        Self::with(&["--demo"])
    }

    pub(crate) fn with(args: &[&str]) -> Self {
        let mut child =
            binary(args, &[]).stdin(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let asked = Arc::new(Mutex::new(Asked::default()));
        let stream = child.stdin.take().unwrap();
        let input = Some(Input { stream, line: Vec::new(), asked: Arc::clone(&asked) });
        let output = Output::new(child.stdout.take().unwrap(), asked);
        Self { child, input, output }
    }

    pub(crate) fn write(&mut self, text: &str) {
        self.input.as_mut().unwrap().write_all(text.as_bytes()).unwrap();
    }

    pub(crate) fn say(&mut self, message: &Value) {
        self.write(&format!("{message}\n"));
    }

    /// Returns the next message.
    pub(crate) fn hear(&mut self) -> Value {
        self.output.hear().expect("a message")
    }

    /// Returns the messages up to the end.
    pub(crate) fn rest(&mut self) -> Vec<Value> {
        std::iter::from_fn(|| self.output.hear()).collect()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// Standard input, which notes what is asked on it.
pub(crate) struct Input {
    stream: ChildStdin,
    line: Vec<u8>,
    asked: Arc<Mutex<Asked>>,
}

impl Write for Input {
    fn write(&mut self, bytes: &[u8]) -> Result<usize> {
        // Noted before it is sent: the answer must not come first.
        let end = bytes.iter().position(|byte| *byte == b'\n').map_or(bytes.len(), |at| at + 1);
        self.line.extend_from_slice(&bytes[..end]);
        if self.line.ends_with(b"\n") {
            let message = serde_json::from_slice(&self.line).unwrap_or_default();
            self.asked.lock().unwrap().note(&message);
            self.line.clear();
        }
        self.stream.write_all(&bytes[..end])?;
        Ok(end)
    }

    fn flush(&mut self) -> Result<()> {
        self.stream.flush()
    }
}

/// Standard output.
pub(crate) struct Output<R> {
    stream: BufReader<R>,
    asked: Arc<Mutex<Asked>>,
}

impl<R: Read> Output<R> {
    /// Reads messages from `stream`; they answer what `asked` notes.
    pub(crate) fn new(stream: R, asked: Arc<Mutex<Asked>>) -> Self {
        Self { stream: BufReader::new(stream), asked }
    }

    /// Returns the next message, none at the end. It panics on what is not valid.
    pub(crate) fn hear(&mut self) -> Option<Value> {
        let mut line = String::new();
        if self.stream.read_line(&mut line).unwrap() == 0 {
            return None;
        }
        let message: Value =
            serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line:?}"));
        let mut asked = self.asked.lock().unwrap_or_else(|fault| fault.into_inner());
        asked.judge(&message).unwrap_or_else(|fault| panic!("{fault}"));
        asked.revision = asked.settled(&message).or(asked.revision);
        Some(message)
    }
}
