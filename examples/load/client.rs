//! Zone: operator. A blocking HTTP/1.1 client that costs little next to the server it drives.
//!
//! One request on a connection at a time; the body of an answer is skipped unless it is wanted.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::time::Duration;

use rustls::pki_types::ServerName;
use rustls::{ClientConfig, ClientConnection, StreamOwned};

/// Nothing here waits longer for a server.
const PATIENCE: Duration = Duration::from_secs(10);
const BUFFER_BYTES: usize = 64 * 1024;

/// Where requests go.
#[derive(Clone)]
pub(crate) struct Target {
    pub(crate) label: String,
    pub(crate) address: SocketAddr,
    /// What the Host field says.
    pub(crate) authority: String,
    pub(crate) path: String,
    pub(crate) tls: Option<(Arc<ClientConfig>, ServerName<'static>)>,
    pub(crate) headers: Vec<String>,
    pub(crate) pid: Option<u32>,
}

/// What an answer said, its body aside.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    /// The connection ends with this answer.
    pub(crate) close: bool,
    /// `Mcp-Session-Id`
    pub(crate) session: Option<String>,
    chunked: bool,
    length: Option<usize>,
}

enum Link {
    Plain(TcpStream),
    Tls(Box<StreamOwned<ClientConnection, TcpStream>>),
}

/// One connection.
pub(crate) struct Connection {
    link: Link,
    buffer: Box<[u8]>,
    start: usize,
    end: usize,
    body: Vec<u8>,
}

impl Target {
    /// Returns a GET request for `path`.
    pub(crate) fn get(&self, path: &str) -> Vec<u8> {
        let mut head = format!("GET {path} HTTP/1.1\r\nHost: {}\r\n", self.authority);
        self.finish(&mut head, &[], "");
        head.into_bytes()
    }

    /// Returns a POST request with a JSON-RPC message, `fields` besides the usual ones.
    pub(crate) fn post(&self, host: &str, fields: &[(&str, &str)], message: &str) -> Vec<u8> {
        let mut head = format!(
            "POST {} HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\n\
             Accept: application/json, text/event-stream\r\nContent-Length: {}\r\n",
            self.path,
            message.len()
        );
        self.finish(&mut head, fields, message);
        head.into_bytes()
    }

    fn finish(&self, head: &mut String, fields: &[(&str, &str)], body: &str) {
        for (name, value) in fields {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        for line in &self.headers {
            head.push_str(&format!("{line}\r\n"));
        }
        head.push_str("\r\n");
        head.push_str(body);
    }
}

impl Connection {
    /// Returns a new connection, its TLS handshake complete.
    ///
    /// # Errors
    /// What the system or TLS says.
    pub(crate) fn open(target: &Target) -> io::Result<Self> {
        let mut socket = TcpStream::connect_timeout(&target.address, PATIENCE)?;
        socket.set_nodelay(true)?;
        socket.set_read_timeout(Some(PATIENCE))?;
        socket.set_write_timeout(Some(PATIENCE))?;
        let link = match &target.tls {
            None => Link::Plain(socket),
            Some((config, name)) => {
                let mut tls = ClientConnection::new(Arc::clone(config), name.clone())
                    .map_err(io::Error::other)?;
                while tls.is_handshaking() {
                    tls.complete_io(&mut socket)?;
                }
                Link::Tls(Box::new(StreamOwned::new(tls, socket)))
            }
        };
        let buffer = vec![0; BUFFER_BYTES].into_boxed_slice();
        Ok(Self { link, buffer, start: 0, end: 0, body: Vec::new() })
    }

    /// Sends one request and returns its answer; the body is in [`Connection::body`].
    ///
    /// # Errors
    /// What the system says, or an answer that is not HTTP.
    pub(crate) fn exchange(&mut self, request: &[u8]) -> io::Result<Reply> {
        self.send(request)?;
        self.receive(true)
    }

    /// Sends one request.
    ///
    /// # Errors
    /// What the system says.
    pub(crate) fn send(&mut self, request: &[u8]) -> io::Result<()> {
        match &mut self.link {
            Link::Plain(socket) => socket.write_all(request),
            Link::Tls(stream) => stream.write_all(request).and_then(|()| stream.flush()),
        }
    }

    /// Returns the next answer once it is complete; its body is kept only when `keep` is true.
    ///
    /// # Errors
    /// What the system says, or an answer that is not HTTP.
    pub(crate) fn receive(&mut self, keep: bool) -> io::Result<Reply> {
        self.body.clear();
        let reply = self.head()?;
        match (reply.chunked, reply.length) {
            (true, _) => self.chunks(keep)?,
            (false, Some(length)) => self.take(length, keep)?,
            (false, None) if matches!(reply.status, 100..=199 | 204 | 304) => {}
            (false, None) => self.rest(keep)?,
        }
        Ok(reply)
    }

    /// Returns the body of the last answer that was to be kept.
    pub(crate) fn body(&self) -> &[u8] {
        &self.body
    }

    /// Ends the connection in good order.
    pub(crate) fn close(self) {
        if let Link::Tls(mut stream) = self.link {
            stream.conn.send_close_notify();
            // The server may be gone already: that is a good end too.
            stream.flush().ok();
        }
    }

    /// True while the server has neither closed nor said anything.
    pub(crate) fn is_quiet(&self) -> bool {
        let socket = match &self.link {
            Link::Plain(socket) => socket,
            Link::Tls(stream) => &stream.sock,
        };
        let looked = socket.set_nonblocking(true).and_then(|()| socket.peek(&mut [0]));
        matches!(looked, Err(error) if error.kind() == ErrorKind::WouldBlock)
    }

    /// Gives back the memory of the buffers; for connections that will only be idle.
    pub(crate) fn shrink(&mut self) {
        self.buffer = Box::default();
        self.body = Vec::new();
    }

    fn waiting(&self) -> &[u8] {
        self.buffer.get(self.start..self.end).unwrap_or_default()
    }

    fn head(&mut self) -> io::Result<Reply> {
        let mut seen = 0_usize;
        loop {
            let from = seen.saturating_sub(3);
            let fresh = self.waiting().get(from..).unwrap_or_default();
            if let Some(at) = fresh.windows(4).position(|four| four == b"\r\n\r\n") {
                let head = self.waiting().get(..from + at).unwrap_or_default();
                let reply = parse(head).ok_or(ErrorKind::InvalidData)?;
                self.start += from + at + 4;
                return Ok(reply);
            }
            seen = self.waiting().len();
            self.fill()?;
        }
    }

    fn chunks(&mut self, keep: bool) -> io::Result<()> {
        loop {
            let line = self.line()?;
            let digits = line.split(|byte| *byte == b';').next().unwrap_or_default();
            let text = str::from_utf8(digits).map_err(io::Error::other)?;
            let size = usize::from_str_radix(text.trim(), 16).map_err(io::Error::other)?;
            if size == 0 {
                while !self.line()?.is_empty() {}
                return Ok(());
            }
            self.take(size, keep)?;
            self.line()?;
        }
    }

    fn line(&mut self) -> io::Result<Vec<u8>> {
        loop {
            if let Some(at) = self.waiting().iter().position(|byte| *byte == b'\n') {
                let line = self.waiting().get(..at).unwrap_or_default();
                let line = line.strip_suffix(b"\r").unwrap_or(line).to_vec();
                self.start += at + 1;
                return Ok(line);
            }
            self.fill()?;
        }
    }

    fn take(&mut self, mut left: usize, keep: bool) -> io::Result<()> {
        loop {
            let size = left.min(self.end - self.start);
            self.eat(size, keep);
            left -= size;
            if left == 0 {
                return Ok(());
            }
            self.fill()?;
        }
    }

    fn rest(&mut self, keep: bool) -> io::Result<()> {
        loop {
            self.eat(self.end - self.start, keep);
            match self.fill() {
                Ok(()) => {}
                Err(error) if error.kind() == ErrorKind::UnexpectedEof => return Ok(()),
                Err(error) => return Err(error),
            }
        }
    }

    fn eat(&mut self, size: usize, keep: bool) {
        if keep {
            let taken = self.buffer.get(self.start..self.start + size).unwrap_or_default();
            self.body.extend_from_slice(taken);
        }
        self.start += size;
    }

    fn fill(&mut self) -> io::Result<()> {
        self.buffer.copy_within(self.start..self.end, 0);
        self.end -= self.start;
        self.start = 0;
        let room = self.buffer.get_mut(self.end..).unwrap_or_default();
        if room.is_empty() {
            return Err(ErrorKind::OutOfMemory.into());
        }
        let count = match &mut self.link {
            Link::Plain(socket) => socket.read(room)?,
            Link::Tls(stream) => stream.read(room)?,
        };
        if count == 0 {
            return Err(ErrorKind::UnexpectedEof.into());
        }
        self.end += count;
        Ok(())
    }
}

fn parse(head: &[u8]) -> Option<Reply> {
    let head = str::from_utf8(head).ok()?;
    let mut lines = head.split("\r\n");
    let mut words = lines.next()?.split(' ');
    let version = words.next()?;
    let status = words.next()?.parse().ok()?;
    let mut reply = Reply { status, close: version == "HTTP/1.0", ..Reply::default() };
    for line in lines {
        let (name, value) = line.split_once(':')?;
        let value = value.trim();
        if name.eq_ignore_ascii_case("content-length") {
            reply.length = Some(value.parse().ok()?);
        } else if name.eq_ignore_ascii_case("transfer-encoding") {
            reply.chunked = value.eq_ignore_ascii_case("chunked");
        } else if name.eq_ignore_ascii_case("connection") {
            reply.close |= value.eq_ignore_ascii_case("close");
        } else if name.eq_ignore_ascii_case("mcp-session-id") {
            reply.session = Some(value.to_owned());
        }
    }
    reply.close |= !reply.chunked && reply.length.is_none() && status >= 200 && status != 204;
    Some(reply)
}

#[cfg(test)]
mod tests {
    use super::{Connection, Reply, Target, parse};
    use std::io::{Read, Write};
    use std::net::TcpListener;

    #[test]
    fn a_head_is_read_in_any_case_of_its_names() {
        let reply = parse(b"HTTP/1.1 200 OK\r\nCONTENT-length: 5\r\nMCP-Session-ID: x").unwrap();
        let expected = Reply {
            status: 200,
            length: Some(5),
            session: Some("x".to_owned()),
            ..Reply::default()
        };
        assert_eq!(reply, expected);
        assert!(parse(b"HTTP/1.1 403 No\r\nContent-Length: 0\r\nConnection: Close").unwrap().close);
        assert!(parse(b"HTTP/1.1 200 OK").unwrap().close);
        assert_eq!(parse(b"hello"), None);
    }

    #[test]
    fn answers_of_every_framing_follow_each_other_on_one_connection() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let answers = b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc\
            HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n\
            HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2;x=y\r\nde\r\n1\r\nf\r\n0\r\n\r\n\
            HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\ngh";
        std::thread::scope(|scope| {
            scope.spawn(move || {
                let (mut socket, _) = listener.accept().unwrap();
                let mut request = [0; 4096];
                assert!(socket.read(&mut request).unwrap() > 0);
                socket.write_all(answers).unwrap();
            });
            let target = Target {
                label: String::new(),
                address,
                authority: address.to_string(),
                path: "/mcp".to_owned(),
                tls: None,
                headers: Vec::new(),
                pid: None,
            };
            let mut connection = Connection::open(&target).unwrap();
            connection.send(&target.get("/health")).unwrap();
            for (status, body) in [(200, "abc"), (202, ""), (200, "def"), (403, "gh")] {
                let reply = connection.receive(true).unwrap();
                assert_eq!((reply.status, connection.body()), (status, body.as_bytes()));
            }
            assert!(connection.receive(true).is_err());
        });
    }
}
