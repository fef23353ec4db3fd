//! Zone: operator. The worker threads and their bounded queue.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use crate::audit::{Level, Log, Record};
use crate::mcp::{Job, Now};
use crate::server::clock::{Clock, SystemRandom, unix_seconds};

#[derive(Default)]
struct Queue {
    jobs: VecDeque<Job>,
    running: usize,
    closed: bool,
}

/// Worker threads that run calls.
pub struct Pool {
    queue: Mutex<Queue>,
    changed: Condvar,
    rested: Condvar,
    max: usize,
}

impl Pool {
    /// Starts `workers` threads that share a queue of at most `max` waiting calls.
    ///
    /// # Errors
    /// The error of the system when a thread cannot be started.
    pub fn start(
        workers: usize,
        max: usize,
        clock: Clock,
        log: &Arc<dyn Log>,
    ) -> std::io::Result<(Arc<Self>, Vec<JoinHandle<()>>)> {
        let pool = Arc::new(Self {
            queue: Mutex::default(),
            changed: Condvar::new(),
            rested: Condvar::new(),
            max,
        });
        let mut threads = Vec::with_capacity(workers);
        for number in 0..workers {
            let (pool, log) = (Arc::clone(&pool), Arc::clone(log));
            let thread = std::thread::Builder::new()
                .name(format!("worker-{number}"))
                .stack_size(1024 * 1024)
                .spawn(move || pool.work(clock, &*log))?;
            threads.push(thread);
        }
        Ok((pool, threads))
    }

    /// Queues a call.
    ///
    /// # Errors
    /// The call itself when the queue is full or closed.
    pub fn submit(&self, job: Job) -> Result<(), Box<Job>> {
        let mut queue = self.lock();
        if queue.closed || queue.jobs.len() >= self.max {
            return Err(Box::new(job));
        }
        queue.jobs.push_back(job);
        drop(queue);
        self.changed.notify_one();
        Ok(())
    }

    /// Ends the threads when the queue is empty.
    pub fn close(&self) {
        self.lock().closed = true;
        self.changed.notify_all();
    }

    /// Waits until nothing waits and nothing runs, at most `patience`; true when that is so.
    #[must_use]
    pub fn wait_idle(&self, patience: Duration) -> bool {
        let busy = |queue: &mut Queue| queue.running > 0 || !queue.jobs.is_empty();
        let result = self.rested.wait_timeout_while(self.lock(), patience, busy);
        let (mut queue, _) = result.unwrap_or_else(PoisonError::into_inner);
        !busy(&mut queue)
    }

    fn work(&self, clock: Clock, log: &dyn Log) {
        while let Some(job) = self.next() {
            let mut next = Some(job);
            while let Some(job) = next.take() {
                let now =
                    Now { at: clock.now(), unix_seconds: unix_seconds(), random: &SystemRandom };
                // The crate does not panic on purpose; a defect must not take the pool down.
                match catch_unwind(AssertUnwindSafe(|| job.run(now))) {
                    Ok(follow) => next = follow,
                    Err(_panic) => log.write(&Record::new(
                        Level::Error,
                        "zscaler_mcp.server",
                        "a call ended in a defect of the server",
                    )),
                }
            }
            self.finished();
        }
    }

    fn finished(&self) {
        let mut queue = self.lock();
        queue.running = queue.running.saturating_sub(1);
        drop(queue);
        self.rested.notify_all();
    }

    fn next(&self) -> Option<Job> {
        let mut queue = self.lock();
        loop {
            if let Some(job) = queue.jobs.pop_front() {
                queue.running = queue.running.saturating_add(1);
                return Some(job);
            }
            if queue.closed {
                return None;
            }
            queue = self.changed.wait(queue).unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
