//! Zone: operator. The shell: sockets, TLS, threads, signals, standard input and output.

pub mod tls;
