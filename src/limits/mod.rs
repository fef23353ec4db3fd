//! Zone: pre-admission. Every bound of the server: one constant each, one row each.
//!
//! The constants are what the code uses. The rows say of each what happens there, why it is so
//! large and which setting changes it; a test compares them with the constants and the settings.

mod callers;
mod results;
mod rows;

pub use rows::{Limit, rows};

/// Longest request target in bytes, before 414 (RFC 9112 s3).
pub const TARGET_BYTES_MAX: usize = 8 * 1024;
/// Longest method token in bytes.
pub const METHOD_BYTES_MAX: usize = 32;
/// Most bytes of one request head.
pub const HEAD_BYTES_MAX: usize = 64 * 1024;
/// Most bytes of one field line.
pub const FIELD_BYTES_MAX: usize = 16 * 1024;
/// Most field lines in a head.
pub const FIELDS_MAX: usize = 100;
/// Most bytes of a request body.
pub const BODY_BYTES_MAX: usize = 4 * 1024 * 1024;
/// Most hexadecimal digits of a chunk size.
pub const CHUNK_SIZE_DIGITS_MAX: usize = 16;
/// Most bytes of extensions on one chunk line.
pub const CHUNK_EXT_LINE_MAX: usize = 256;
/// Most bytes of chunk extensions in one body.
pub const CHUNK_EXT_BODY_MAX: usize = 4 * 1024;
/// Most bytes of trailer fields.
pub const TRAILER_BYTES_MAX: usize = 8 * 1024;
/// Most bytes taken from a socket at once.
pub const READ_BYTES: usize = 64 * 1024;
/// Most bytes kept of requests that follow the one being served.
pub const PIPELINE_BYTES_MAX: usize = 16 * 1024;
/// Most connections open at once.
pub const CONNECTIONS_MAX: usize = 16_384;
/// Milliseconds for a TLS handshake.
pub const HANDSHAKE_MS: u64 = 10_000;
/// Milliseconds for a request head, from its first byte.
pub const HEAD_MS: u64 = 10_000;
/// Milliseconds a body may stand still.
pub const BODY_STALL_MS: u64 = 30_000;
/// Fewest body bytes a second, beyond the first [`BODY_STALL_MS`].
pub const BODY_BYTES_PER_SECOND_MIN: u64 = 4 * 1024;
/// Milliseconds an answer may wait for the peer to take bytes.
pub const WRITE_STALL_MS: u64 = 30_000;
/// Fewest bytes a second that a peer takes while an answer waits, beyond the first
/// [`WRITE_STALL_MS`].
pub const WRITE_BYTES_PER_SECOND_MIN: u64 = 1024;
/// Milliseconds a connection may stay open between requests.
pub const IDLE_MS: u64 = 75_000;
/// Milliseconds input is drained before a refused connection is closed.
pub const DRAIN_MS: u64 = 2_000;
/// Most bytes drained before a refused connection is closed.
pub const DRAIN_BYTES_MAX: usize = 256 * 1024;
/// Milliseconds between comments on a quiet event stream.
pub const KEEP_ALIVE_MS: u64 = 15_000;
/// Milliseconds a call may be silent before its answer becomes an event stream.
pub const STREAM_AFTER_MS: u64 = 5_000;
/// Milliseconds for one call, from dispatch to answer.
pub const CALL_MS: u64 = 300_000;
/// Milliseconds that requests in flight may take after a stop was asked for.
pub const STOP_MS: u64 = 10_000;
/// Most bytes waiting to be written to one connection before its source is no longer read.
pub const OUTPUT_HIGH_WATER: usize = 256 * 1024;
/// Levels of arrays and objects in a message.
pub const JSON_DEPTH_MAX: u32 = 128;
/// Values and member names in one message.
pub const JSON_NODES_MAX: u64 = 200_000;
/// Most bytes of one line on standard input.
pub const LINE_BYTES_MAX: usize = 4 * 1024 * 1024;
/// Most messages in a batch (2025-03-26).
pub const BATCH_MAX: usize = 100;
/// Most bytes of the answers to one batch; beyond them each further answer is an error.
pub const BATCH_BYTES_MAX: usize = 8 * 1024 * 1024;
/// Most sessions at once.
pub const SESSIONS_MAX: usize = 10_000;
/// Milliseconds after which an unused session without streams ends.
pub const SESSION_IDLE_MS: u64 = 30 * 60 * 1_000;
/// Most calls of one session running at once.
pub const SESSION_CALLS_MAX: usize = 32;
/// Most streams of one session kept for resumption.
pub const SESSION_STREAMS_MAX: usize = 32;
/// Most questions of one session waiting for the client.
pub const SESSION_QUESTIONS_MAX: usize = 16;
/// Milliseconds a question to the client may wait.
pub const QUESTION_MS: u64 = 300_000;
/// Most events one stream keeps.
pub const STREAM_EVENTS_MAX: usize = 256;
/// Most bytes of events one stream keeps beyond its newest event.
pub const STREAM_BYTES_MAX: usize = 8 * 1024 * 1024;
/// Most `subscriptions/listen` streams at once.
pub const LISTENERS_MAX: usize = 1_024;
/// Most bytes of the JSON text of a request id.
pub const ID_BYTES_MAX: usize = 1_024;
/// Most capabilities of a client that are remembered; further ones count as not declared.
pub const CLIENT_CAPABILITIES_MAX: usize = 64;
/// Most bytes of the name of a capability that is remembered.
pub const CLIENT_CAPABILITY_BYTES_MAX: usize = 128;
/// Milliseconds a finished stream is kept for a client that may resume it.
pub const RESUME_MS: u64 = 60_000;
/// Most resources one session or one listener may watch.
pub const WATCHED_MAX: usize = 256;
/// Most bytes of the URI of a watched resource.
pub const WATCHED_BYTES_MAX: usize = 2_048;
/// Most times one call may be run again without an answer from the client in between.
pub const RERUNS_MAX: u32 = 16;
/// Most events that may wait on a stream before news is left out and further messages of a
/// client that shares it are refused.
pub const BACKLOG_MAX: u64 = 128;
/// Most bytes that may wait for a standard-output reader before no further line is read.
pub const BACKLOG_BYTES_MAX: usize = 1024 * 1024;
/// Most completions in one answer (completion of MCP, every revision).
pub const COMPLETIONS_MAX: usize = 100;
/// Most tasks at once, finished ones included.
pub const TASKS_MAX: usize = 256;
/// Milliseconds a task is kept after it was made.
pub const TASK_TTL_MS: u64 = 600_000;
/// Milliseconds a client is told to wait between two looks at a task.
pub const TASK_POLL_MS: u64 = 500;
/// Most bytes of a `requestState`.
pub const REQUEST_STATE_BYTES_MAX: usize = 8 * 1024;
/// Most calls waiting for a worker.
pub const QUEUE_MAX: usize = 256;
/// Most log lines waiting to be written.
pub const LOG_LINES_MAX: usize = 1_024;
/// Milliseconds between two log lines that say how many texts were cleaned.
pub const CLEANED_LINE_MS: u64 = 10_000;
/// Milliseconds that the end of the process waits for the last log lines to be read.
pub const LOG_END_MS: u64 = 2_000;
/// Most worker threads.
pub const WORKERS: usize = 256;
/// Milliseconds after which a worker thread without work ends.
pub const WORKER_IDLE_MS: u64 = 10_000;
/// Bytes of the stack of a worker thread.
pub const WORKER_STACK_BYTES: usize = 512 * 1024;
/// Most loop threads.
pub const LOOPS_MAX: usize = 4;
/// Passes the sanitizer makes over one string before it makes its syntax inert.
pub const SANITIZE_PASSES_MAX: usize = 4;
/// Most combining marks kept on one base character.
pub const MARKS_MAX: usize = 8;
/// Member names of one answer that are renamed and cleaned once and then remembered.
pub const NAMES_KEPT_MAX: usize = 4_096;
/// Most cells of a CSV text; a larger table is written as JSON, where absent members cost nothing.
pub const CSV_CELLS_MAX: usize = 1_000_000;
/// Deepest tool result.
pub const RESULT_DEPTH_MAX: u32 = 64;
/// Most bytes of the text of a query; a filter that names some hundred records fits.
pub const QUERY_TEXT_BYTES_MAX: usize = 16 * 1024;
/// Levels of a query; each is a few frames of the stack when it is read and when it runs.
pub const QUERY_DEPTH_MAX: u32 = 64;
/// Steps one query may take: a value visited, compared or looked up, or some bytes of a text.
pub const QUERY_STEPS_MAX: u64 = 2_000_000;
/// Most bytes of all the values that one query copies or makes.
pub const QUERY_MADE_BYTES_MAX: u64 = 64 * 1024 * 1024;
/// Most bytes of an argument that becomes part of an upstream path.
pub const PATH_SEGMENT_BYTES_MAX: usize = 512;
/// Most characters of an upstream error text that reach the caller.
pub const UPSTREAM_TEXT_CHARS_MAX: usize = 600;
/// Most bytes of an answer of the cloud.
pub const UPSTREAM_BODY_BYTES_MAX: usize = 32 * 1024 * 1024;
/// Values and member names in one answer of the cloud.
pub const UPSTREAM_NODES_MAX: u64 = 1_000_000;
/// Interim answers (1xx) before the real one.
pub const UPSTREAM_INTERIM_MAX: u32 = 8;
/// Milliseconds to connect to the cloud: TCP, proxy and TLS together.
pub const UPSTREAM_CONNECT_MS: u64 = 10_000;
/// Milliseconds the cloud may be silent, before and inside an answer.
pub const UPSTREAM_STALL_MS: u64 = 60_000;
/// Milliseconds for one request to the cloud with every repetition and wait.
pub const UPSTREAM_CALL_MS: u64 = 120_000;
/// Milliseconds of that which may be spent waiting because the cloud asks for it.
pub const UPSTREAM_WAIT_MS: u64 = 60_000;
/// Most repetitions of one request to the cloud.
pub const UPSTREAM_RETRIES_MAX: u32 = 3;
/// Milliseconds before the first repetition when the cloud names no time; doubled each time.
pub const UPSTREAM_BACKOFF_MS: u64 = 1_000;
/// Milliseconds an unused connection to the cloud is kept.
pub const UPSTREAM_IDLE_MS: u64 = 30_000;
/// Most unused connections to the cloud.
pub const UPSTREAM_IDLE_MAX: usize = 256;
/// Milliseconds for which the addresses of a name are used again.
pub const UPSTREAM_NAME_MS: u64 = 5_000;
/// Milliseconds for which requests to a service are spaced out after it said that they come too
/// fast.
pub const UPSTREAM_PACED_MS: u64 = 60_000;
/// Requests that may go to a paced service at once before they are spaced out.
pub const UPSTREAM_BURST: u64 = 10;
/// Milliseconds between requests to a paced service beyond the burst.
pub const UPSTREAM_SPACING_MS: u64 = 500;
/// Milliseconds before its end at which a token is replaced.
pub const TOKEN_MARGIN_MS: u64 = 60_000;
/// Most milliseconds a token is used.
pub const TOKEN_LIFE_MS: u64 = 86_400_000;
/// Milliseconds for which refused credentials are not tried again.
pub const TOKEN_REFUSED_MS: u64 = 10_000;
/// Most bytes of an access token.
pub const TOKEN_BYTES_MAX: usize = 12 * 1024;
/// Most bytes of an answer with a token.
pub const TOKEN_BODY_BYTES_MAX: usize = 64 * 1024;
/// Most URLs in one look-up call, which asks the service once for each hundred.
pub const LOOKUP_URLS_MAX: usize = 5_000;
/// Most entries of an allowlist setting.
pub const LIST_ENTRIES_MAX: usize = 1_024;
/// Most bytes of one allowlist entry.
pub const PATTERN_BYTES_MAX: usize = 256;
/// Most bytes of the host in a Host field or a target (RFC 1035 s2.3.4).
pub const HOST_BYTES_MAX: usize = 255;
/// Most `Mcp-Param-*` names granted by one preflight answer; further ones are not granted.
pub const PREFLIGHT_PARAMS_MAX: usize = 32;
/// Most bytes of one `Mcp-Param-*` name granted by a preflight answer.
pub const PREFLIGHT_PARAM_BYTES_MAX: usize = 128;
/// Seconds a browser may keep a preflight answer.
pub const PREFLIGHT_SECONDS: u64 = 600;
/// Most bytes of a TLS certificate, key or authority file, read at start and at reload.
pub const TLS_FILE_BYTES_MAX: u64 = 1024 * 1024;
/// Most PBKDF2 iterations of an encrypted private key.
pub const TLS_KEY_ITERATIONS_MAX: u32 = 10_000_000;
/// Most bytes of one value of a log line.
pub const LOG_FIELD_BYTES_MAX: usize = 1_024;
/// Most bytes of the free text of a log line.
pub const LOG_TEXT_BYTES_MAX: usize = 4 * 1024;
/// Levels of a value that a log line shows.
pub const LOG_DEPTH_MAX: u32 = 8;
/// Most bytes of an env file.
pub const ENV_FILE_BYTES_MAX: usize = 256 * 1024;
/// Most bytes of the value of one setting.
pub const SETTING_BYTES_MAX: usize = 64 * 1024;
/// Fewest bytes of a key that seals request state.
pub const STATE_KEY_BYTES_MIN: usize = 32;
/// Milliseconds at start to find out which products the tenant has.
pub const ENTITLEMENT_MS: u64 = 10_000;
/// Most bytes of the name in a client's certificate.
pub const CERTIFICATE_NAME_BYTES_MAX: usize = 512;
/// Milliseconds for one question to the identity provider.
pub const PROVIDER_CALL_MS: u64 = 10_000;
/// Milliseconds of that to connect to it.
pub const PROVIDER_CONNECT_MS: u64 = 5_000;
/// Most bytes of an answer of the identity provider.
pub const PROVIDER_BODY_BYTES_MAX: usize = 256 * 1024;
/// Most questions that wait to be asked.
pub const PROVIDER_QUESTIONS_MAX: usize = 64;
/// Most requests that wait for an answer about their caller.
pub const VERDICTS_WAITING_MAX: usize = 256;
/// Milliseconds for which a request waits for an answer about its caller.
pub const VERDICT_MS: u64 = 12_000;
/// Most bytes of a signed token.
pub const JWT_BYTES_MAX: usize = 16 * 1024;
/// Most bytes of the encoded header of a signed token.
pub const JWT_HEADER_BYTES_MAX: usize = 4 * 1024;
/// Most bytes of the encoded payload of a signed token.
pub const JWT_PAYLOAD_BYTES_MAX: usize = 14 * 1024;
/// Most bytes of a name in a signed token or a key set: key, subject, client, scope.
pub const JOSE_TEXT_BYTES_MAX: usize = 512;
/// Levels of arrays and objects in a part of a signed token or in a key set.
pub const JOSE_DEPTH_MAX: u32 = 16;
/// Values and member names in a part of a signed token or in a key set.
pub const JOSE_NODES_MAX: u64 = 4_096;
/// Most bytes of a key set.
pub const JWKS_BYTES_MAX: usize = 256 * 1024;
/// Most keys in a key set.
pub const JWKS_KEYS_MAX: usize = 64;
/// Fewest bits of an RSA key that verifies tokens.
pub const RSA_BITS_MIN: usize = 2_048;
/// Most bits of an RSA key that verifies tokens.
pub const RSA_BITS_MAX: usize = 8_192;
/// Milliseconds after which a question without an answer may be asked again.
pub const PROVIDER_LOST_MS: u64 = 60_000;
/// Fewest bytes of an API key.
pub const API_KEY_BYTES_MIN: usize = 16;
/// Bytes of an API key below which the start warns.
pub const API_KEY_BYTES_STRONG: usize = 32;
/// Most bytes of the name of an API key.
pub const API_KEY_NAME_BYTES_MAX: usize = 64;
/// Most API keys.
pub const API_KEYS_MAX: usize = 64;
/// Milliseconds after which the keys of the issuer are fetched again.
pub const JWKS_FRESH_MS: u64 = 3_600_000;
/// Milliseconds between two fetches of them for the same reason.
pub const JWKS_INTERVAL_MS: u64 = 30_000;
/// Milliseconds for which a set is so young that a key it lacks is unknown.
pub const JWKS_CERTAIN_MS: u64 = 5_000;
/// Milliseconds for which the last good set is used while no newer one can be had.
pub const JWKS_GRACE_MS: u64 = 14_400_000;
/// Milliseconds before the end of its token at which a pair is asked for again.
pub const PAIR_MARGIN_MS: u64 = 60_000;
/// Most milliseconds a pair counts as good after the provider said so.
pub const PAIR_LIFE_MS: u64 = 3_540_000;
/// Milliseconds for which a refused pair is not asked for again.
pub const PAIR_REFUSED_MS: u64 = 30_000;
/// Milliseconds for which a pair is not asked for again when the provider did not answer.
pub const PAIR_UNAVAILABLE_MS: u64 = 2_000;
/// Most good pairs, and most others, that are remembered.
pub const PAIRS_KEPT_MAX: usize = 1_024;
/// Most pairs that are being asked for.
pub const PAIRS_ASKED_MAX: usize = 64;
/// Failures of one address that cost nothing.
pub const ATTEMPTS_FREE: u32 = 2;
/// Milliseconds for which the answer to the first further failure is held back; then doubled.
pub const ATTEMPT_DELAY_MS: u64 = 250;
/// Most milliseconds for which the answer to a failure is held back.
pub const ATTEMPT_DELAY_MAX_MS: u64 = 2_000;
/// Milliseconds in which the failures of one address are counted, and for which it is refused.
pub const ATTEMPTS_WINDOW_MS: u64 = 60_000;
/// Most addresses whose failures are counted.
pub const ATTEMPTS_KEPT_MAX: usize = 4_096;
/// Seconds of the rate that a caller may use at once.
pub const RATE_BURST_SECONDS: u64 = 2;
/// Most callers whose requests are counted.
pub const RATES_KEPT_MAX: usize = 4_096;
/// Requests a second of one caller.
pub const CALLER_REQUESTS_PER_SECOND: u32 = 50;
/// Most calls of one caller running at once, over all its sessions.
pub const CALLER_CALLS_MAX: usize = 32;
/// Wrong credentials of one address within a minute before it is refused for a while.
pub const ADDRESS_FAILURES_MAX: u32 = 10;
/// Seconds that the clocks of this server and of who signs tokens may differ.
pub const TOKEN_LEEWAY_SECONDS: u64 = 30;
/// Most seconds for which a sealed state is good.
pub const SEALED_STATE_SECONDS_MAX: u64 = 600;
/// Most confirmations that are remembered as used.
pub const CONFIRMATIONS_KEPT_MAX: usize = 16_384;
/// Most of them of one caller.
pub const CONFIRMATIONS_OF_CALLER_MAX: usize = 1_024;
/// Most items of a list that a confirmation shows.
pub const ASKED_ITEMS_MAX: usize = 5;
/// Most characters of one value that a confirmation shows.
pub const ASKED_TEXT_CHARS_MAX: usize = 120;
/// Milliseconds to find out the name of what is to be confirmed.
pub const ASKED_NAME_MS: u64 = 5_000;
/// Most changes that are remembered as waiting for their activation.
pub const STAGED_KEPT_MAX: usize = 20;
/// Longest argument of a prompt in bytes.
pub const PROMPT_ARGUMENT_BYTES_MAX: usize = 1024;
/// Most questions to clients that wait for an answer, over all sessions.
pub const QUESTIONS_MAX: usize = 1_024;
/// Bytes after which a list of records ends; the record that passes the bound is still whole.
pub const RESULT_BYTES_MAX: usize = 512 * 1024;
/// Records on a page when one call reads all pages and nobody says how many.
pub const PAGE_RECORDS: i64 = 500;
/// Most pages that one call reads.
pub const PAGES_READ_MAX: u64 = 100;
/// Most records that one call reads from pages.
pub const PAGED_RECORDS_MAX: usize = 5_000;
/// Bytes of pages after which one call reads no further one.
pub const PAGED_BYTES_MAX: usize = 32 * 1024 * 1024;
/// Most collections of a snapshot.
pub const SNAPSHOT_COLLECTIONS_MAX: usize = 100_000;
/// Most bytes of a snapshot.
pub const SNAPSHOT_BYTES_MAX: u64 = 1024 * 1024 * 1024;
/// Most records of a list for each of which an export reads what belongs to it.
pub const EXPORT_PARENTS_MAX: usize = 1_000;
/// Milliseconds between the calls of an export.
pub const EXPORT_PAUSE_MS: u64 = 200;
