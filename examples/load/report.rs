//! Zone: operator. The numbers as tables for people or as one JSON object.

use std::time::Duration;

use zscaler_mcp::json::{Json, Number, object, write};

/// One case against one target.
#[derive(Default)]
pub(crate) struct CaseRow {
    pub(crate) target: String,
    pub(crate) case: String,
    pub(crate) connections: usize,
    pub(crate) time: Duration,
    pub(crate) requests: usize,
    pub(crate) errors: u64,
    pub(crate) median: Duration,
    pub(crate) worst: Duration,
    pub(crate) server: Option<Duration>,
    pub(crate) driver: Option<Duration>,
    pub(crate) before_kib: Option<u64>,
    pub(crate) after_kib: Option<u64>,
    /// Most since the server began.
    pub(crate) peak_kib: Option<u64>,
}

/// What idle connections weigh.
pub(crate) struct IdleRow {
    pub(crate) target: String,
    pub(crate) opened: usize,
    /// Still open at the end.
    pub(crate) quiet: usize,
    pub(crate) before_kib: Option<u64>,
    pub(crate) after_kib: Option<u64>,
    pub(crate) note: String,
}

/// Everything a run found out.
#[derive(Default)]
pub(crate) struct Report {
    /// Target and time from its start to its first answer.
    pub(crate) starts: Vec<(String, Duration)>,
    pub(crate) cases: Vec<CaseRow>,
    pub(crate) idle: Vec<IdleRow>,
    /// What the scripted cloud was asked, after each target.
    pub(crate) clouds: Vec<CloudRow>,
}

/// What one target asked the scripted cloud for.
pub(crate) struct CloudRow {
    pub(crate) target: String,
    pub(crate) connections: usize,
    pub(crate) tokens: usize,
    pub(crate) lists: usize,
    pub(crate) list_bytes: usize,
}

/// Returns the value below which `percent` of the sorted `nanos` lie.
pub(crate) fn percentile(nanos: &[u64], percent: usize) -> Duration {
    let rank = (nanos.len() * percent).div_ceil(100).saturating_sub(1);
    Duration::from_nanos(nanos.get(rank).copied().unwrap_or(0))
}

impl CaseRow {
    fn per_second(&self) -> f64 {
        over(float(self.requests), self.time.as_secs_f64()).unwrap_or(0.0)
    }

    /// Microseconds of processor time for one request.
    fn cost(&self, spent: Option<Duration>) -> Option<f64> {
        over(micros(spent?), float(self.requests))
    }

    /// Requests for one second of the server's processor time.
    fn per_processor_second(&self) -> Option<f64> {
        over(float(self.requests), self.server?.as_secs_f64())
    }

    fn cells(&self) -> Vec<String> {
        vec![
            self.target.clone(),
            self.case.clone(),
            self.connections.to_string(),
            format!("{:.0}", self.per_second()),
            format!("{:.1}", micros(self.median)),
            format!("{:.1}", micros(self.worst)),
            shown(self.cost(self.server), 1),
            shown(self.per_processor_second(), 0),
            shown(self.cost(self.driver), 1),
            whole(self.before_kib),
            whole(self.after_kib),
            whole(self.peak_kib),
            self.errors.to_string(),
        ]
    }

    fn json(&self) -> Json {
        object([
            ("target", self.target.as_str().into()),
            ("case", self.case.as_str().into()),
            ("connections", count(self.connections)),
            ("seconds", number(Some(self.time.as_secs_f64()))),
            ("requests", count(self.requests)),
            ("errors", self.errors.into()),
            ("requests_per_second", number(Some(self.per_second()))),
            ("p50_us", number(Some(micros(self.median)))),
            ("p99_us", number(Some(micros(self.worst)))),
            ("server_cpu_us_per_request", number(self.cost(self.server))),
            ("requests_per_server_cpu_second", number(self.per_processor_second())),
            ("driver_cpu_us_per_request", number(self.cost(self.driver))),
            ("resident_before_kib", self.before_kib.map_or(Json::Null, Json::from)),
            ("resident_after_kib", self.after_kib.map_or(Json::Null, Json::from)),
            ("resident_peak_kib", self.peak_kib.map_or(Json::Null, Json::from)),
        ])
    }
}

impl IdleRow {
    fn bytes_each(&self) -> Option<f64> {
        let growth = self.after_kib?.saturating_sub(self.before_kib?);
        over(float(usize::try_from(growth).ok()?) * 1024.0, float(self.opened))
    }

    fn cells(&self) -> Vec<String> {
        vec![
            self.target.clone(),
            self.opened.to_string(),
            self.quiet.to_string(),
            whole(self.before_kib),
            whole(self.after_kib),
            shown(self.bytes_each(), 0),
            self.note.clone(),
        ]
    }

    fn json(&self) -> Json {
        object([
            ("target", self.target.as_str().into()),
            ("opened", count(self.opened)),
            ("still_open", count(self.quiet)),
            ("resident_before_kib", self.before_kib.map_or(Json::Null, Json::from)),
            ("resident_after_kib", self.after_kib.map_or(Json::Null, Json::from)),
            ("bytes_per_connection", number(self.bytes_each())),
            ("note", self.note.as_str().into()),
        ])
    }
}

impl CloudRow {
    fn cells(&self) -> Vec<String> {
        let counts = [self.connections, self.tokens, self.lists, self.list_bytes];
        let counts = counts.map(|count| count.to_string());
        core::iter::once(self.target.clone()).chain(counts).collect()
    }

    fn json(&self) -> Json {
        object([
            ("target", self.target.as_str().into()),
            ("connections", count(self.connections)),
            ("tokens", count(self.tokens)),
            ("lists", count(self.lists)),
            ("list_bytes", count(self.list_bytes)),
        ])
    }
}

impl Report {
    /// Returns the report as one JSON object.
    pub(crate) fn json(&self) -> String {
        let start = |(target, time): &(String, Duration)| {
            let ms = number(Some(time.as_secs_f64() * 1e3));
            object([("target", target.as_str().into()), ("first_answer_ms", ms)])
        };
        write::pretty(&object([
            ("starts", self.starts.iter().map(start).collect::<Vec<_>>().into()),
            ("cases", self.cases.iter().map(CaseRow::json).collect::<Vec<_>>().into()),
            ("idle", self.idle.iter().map(IdleRow::json).collect::<Vec<_>>().into()),
            ("clouds", self.clouds.iter().map(CloudRow::json).collect::<Vec<_>>().into()),
        ]))
    }

    /// Returns the report as tables.
    pub(crate) fn tables(&self) -> String {
        let starts = self
            .starts
            .iter()
            .map(|(target, time)| vec![target.clone(), format!("{:.1}", time.as_secs_f64() * 1e3)]);
        let mut out = table(&["target", "first answer ms"], starts.collect());
        out += &table(
            &[
                "target",
                "case",
                "conns",
                "req/s",
                "p50 us",
                "p99 us",
                "server us/req",
                "req/cpu-s",
                "driver us/req",
                "rss KiB before",
                "after",
                "peak",
                "errors",
            ],
            self.cases.iter().map(CaseRow::cells).collect(),
        );
        let compared = ["case", "peer", "req/s ours:peer", "cpu peer:ours"];
        out += &table(&compared, self.ratios());
        let idle = ["target", "idle conns", "still open", "rss KiB before", "after", "B/conn", ""];
        out += &table(&idle, self.idle.iter().map(IdleRow::cells).collect());
        let cloud = ["target", "cloud connections", "tokens", "lists", "B/list"];
        out += &table(&cloud, self.clouds.iter().map(CloudRow::cells).collect());
        out
    }

    /// Returns how the server that was started compares with the running one, case by case.
    fn ratios(&self) -> Vec<Vec<String>> {
        let of = |target: &str, case: &str| {
            self.cases.iter().find(|row| row.target == target && row.case == case)
        };
        let pairs = self.cases.iter().filter_map(|peer| match peer.target.as_str() {
            "peer" => Some((of("plain", &peer.case)?, peer)),
            "peer tls" => Some((of("tls", &peer.case)?, peer)),
            _ => None,
        });
        pairs
            .map(|(ours, peer)| {
                let cost = |row: &CaseRow| row.cost(row.server);
                let saved = cost(peer).zip(cost(ours)).and_then(|(a, b)| over(a, b));
                let faster = over(ours.per_second(), peer.per_second());
                vec![ours.case.clone(), peer.target.clone(), shown(faster, 2), shown(saved, 2)]
            })
            .collect()
    }
}

fn table(head: &[&str], rows: Vec<Vec<String>>) -> String {
    if rows.is_empty() {
        return String::new();
    }
    let mut lines = vec![head.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>()];
    lines.extend(rows);
    let width = |column: usize| {
        lines.iter().filter_map(|line| line.get(column)).map(String::len).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..head.len()).map(width).collect();
    let mut out = String::new();
    for line in &lines {
        let cells = line.iter().zip(&widths).enumerate().map(|(column, (cell, width))| {
            // Names to the left, numbers to the right.
            if column == 0 { format!("{cell:<width$}") } else { format!("{cell:>width$}") }
        });
        out += cells.collect::<Vec<_>>().join("  ").trim_end();
        out.push('\n');
    }
    out.push('\n');
    out
}

fn micros(time: Duration) -> f64 {
    time.as_secs_f64() * 1e6
}

fn float(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}

fn over(value: f64, by: f64) -> Option<f64> {
    (by > 0.0).then(|| value / by)
}

fn shown(value: Option<f64>, digits: usize) -> String {
    value.map_or_else(|| "-".to_owned(), |value| format!("{value:.digits$}"))
}

fn whole(value: Option<u64>) -> String {
    value.map_or_else(|| "-".to_owned(), |value| value.to_string())
}

fn count(value: usize) -> Json {
    u64::try_from(value).map_or(Json::Null, Json::from)
}

fn number(value: Option<f64>) -> Json {
    let rounded = value.map(|value| (value * 100.0).round() / 100.0);
    rounded.and_then(Number::from_f64).map_or(Json::Null, Json::Number)
}

#[cfg(test)]
mod tests {
    use super::{percentile, table};
    use std::time::Duration;

    #[test]
    fn percentiles_are_values_that_were_measured() {
        let nanos: Vec<u64> = (1..=200).collect();
        assert_eq!(percentile(&nanos, 50), Duration::from_nanos(100));
        assert_eq!(percentile(&nanos, 99), Duration::from_nanos(198));
        assert_eq!(percentile(&[7], 99), Duration::from_nanos(7));
        assert_eq!(percentile(&[], 50), Duration::ZERO);
    }

    #[test]
    fn columns_line_up() {
        let rows =
            vec![vec!["a".to_owned(), "1".to_owned()], vec!["bb".to_owned(), "22".to_owned()]];
        assert_eq!(table(&["n", "v"], rows), "n    v\na    1\nbb  22\n\n");
        assert_eq!(table(&["n"], Vec::new()), "");
    }
}
