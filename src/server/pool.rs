//! Zone: operator. The worker threads and their bounded queue.
//!
//! A thread is started when a call comes and none is free, up to a bound, and ends when it was
//! free for a while. The one that became free last is called first, so that those a burst left
//! behind do end. No lock is held while a call runs or a thread is started.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::Thread;
use std::time::Duration;

use crate::audit::{Level, Log, Record};
use crate::limits::{WORKER_IDLE_MS, WORKER_STACK_BYTES};
use crate::mcp::{Job, Now};
use crate::server::clock::{Clock, SystemRandom, unix_seconds};
use crate::server::turns::Turns;

/// Bytes of the stack of a thread. Without optimisation a call needs some five times as much.
pub const STACK_BYTES: usize =
    if cfg!(debug_assertions) { WORKER_STACK_BYTES * 4 } else { WORKER_STACK_BYTES };

#[derive(Default)]
struct Queue {
    jobs: VecDeque<Job>,
    /// Threads that are free, the one that became so last at the end.
    free: Vec<Thread>,
    /// Threads that were called or started and have not looked for a job since.
    coming: usize,
    threads: usize,
    running: usize,
    closed: bool,
}

/// How much a pool takes at once.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    /// Threads, at least one.
    pub threads: usize,
    /// Calls that wait for one.
    pub jobs: usize,
}

/// Worker threads that run calls.
pub struct Pool {
    queue: Mutex<Queue>,
    rested: Condvar,
    bounds: Bounds,
    turns: Arc<Turns>,
    clock: Clock,
    log: Arc<dyn Log>,
}

impl Pool {
    /// Returns a pool within `bounds`, each call of which runs in one of `turns`. One thread is
    /// started to see that the system gives any.
    ///
    /// # Errors
    /// The error of the system when a thread cannot be started.
    pub fn start(
        bounds: Bounds,
        turns: Arc<Turns>,
        clock: Clock,
        log: &Arc<dyn Log>,
    ) -> std::io::Result<Arc<Self>> {
        let queue = Queue { coming: 1, threads: 1, ..Queue::default() };
        let pool = Arc::new(Self {
            queue: Mutex::new(queue),
            rested: Condvar::new(),
            bounds: Bounds { threads: bounds.threads.max(1), ..bounds },
            turns,
            clock,
            log: Arc::clone(log),
        });
        pool.grow()?;
        Ok(pool)
    }

    /// Queues a call and finds it a thread.
    ///
    /// # Errors
    /// A call, this one or another, when the queue is full or closed or there is no thread for it.
    pub fn submit(self: &Arc<Self>, job: Job) -> Result<(), Box<Job>> {
        let mut queue = self.lock();
        if queue.closed || queue.jobs.len() >= self.bounds.jobs.saturating_add(queue.coming) {
            return Err(Box::new(job));
        }
        queue.jobs.push_back(job);
        if let Some(thread) = queue.free.pop() {
            queue.coming = queue.coming.saturating_add(1);
            drop(queue);
            thread.unpark();
            return Ok(());
        }
        if queue.threads >= self.bounds.threads {
            return Ok(());
        }
        queue.coming = queue.coming.saturating_add(1);
        queue.threads = queue.threads.saturating_add(1);
        drop(queue);
        self.grow().or_else(|_no_thread| self.go_without())
    }

    /// Ends the threads when the queue is empty.
    pub fn close(&self) {
        let mut queue = self.lock();
        queue.closed = true;
        let free = core::mem::take(&mut queue.free);
        queue.coming = queue.coming.saturating_add(free.len());
        drop(queue);
        for thread in free {
            thread.unpark();
        }
    }

    /// Waits until nothing waits and nothing runs, at most `patience`; true when that is so.
    #[must_use]
    pub fn wait_idle(&self, patience: Duration) -> bool {
        self.wait_while(patience, |queue| queue.running > 0 || !queue.jobs.is_empty())
    }

    /// Waits until no thread is left of a closed pool, at most `patience`; true when that is so.
    pub fn wait_ended(&self, patience: Duration) -> bool {
        self.wait_while(patience, |queue| queue.threads > 0)
    }

    fn wait_while(&self, patience: Duration, so: impl Fn(&Queue) -> bool) -> bool {
        let result = self.rested.wait_timeout_while(self.lock(), patience, |queue| so(queue));
        let (queue, _) = result.unwrap_or_else(PoisonError::into_inner);
        !so(&queue)
    }

    fn grow(self: &Arc<Self>) -> std::io::Result<()> {
        let pool = Arc::clone(self);
        let thread = std::thread::Builder::new().name("worker".to_owned());
        thread.stack_size(STACK_BYTES).spawn(move || pool.work()).map(drop)
    }

    /// The thread that was counted on does not come: others take its job, when there are others.
    fn go_without(&self) -> Result<(), Box<Job>> {
        let mut queue = self.lock();
        queue.coming = queue.coming.saturating_sub(1);
        queue.threads = queue.threads.saturating_sub(1);
        if queue.threads > 0 {
            return Ok(());
        }
        queue.jobs.pop_back().map_or(Ok(()), |job| Err(Box::new(job)))
    }

    fn work(&self) {
        let me = std::thread::current();
        let mut queue = self.lock();
        queue.coming = queue.coming.saturating_sub(1);
        loop {
            queue = match self.take(queue) {
                Ok(job) => {
                    self.run(job);
                    self.finished()
                }
                Err(queue) => match self.rest(queue, &me) {
                    Some(queue) => queue,
                    None => return,
                },
            };
        }
    }

    /// Returns the next job, or the queue when there is none.
    fn take<'a>(&self, mut queue: MutexGuard<'a, Queue>) -> Result<Job, MutexGuard<'a, Queue>> {
        match queue.jobs.pop_front() {
            Some(job) => {
                queue.running = queue.running.saturating_add(1);
                Ok(job)
            }
            None => Err(queue),
        }
    }

    fn run(&self, job: Job) {
        let mut next = Some(job);
        self.turns.begin();
        while let Some(job) = next.take() {
            let now =
                Now { at: self.clock.now(), unix_seconds: unix_seconds(), random: &SystemRandom };
            // The crate does not panic on purpose; a defect must not take the pool down.
            match catch_unwind(AssertUnwindSafe(|| job.run(now))) {
                Ok(follow) => next = follow,
                Err(_panic) => self.log.write(&Record::new(
                    Level::Error,
                    "zscaler_mcp.server",
                    "a call ended in a defect of the server",
                )),
            }
        }
        self.turns.end();
    }

    fn finished(&self) -> MutexGuard<'_, Queue> {
        let mut queue = self.lock();
        queue.running = queue.running.saturating_sub(1);
        if queue.running == 0 && queue.jobs.is_empty() {
            self.rested.notify_all();
        }
        queue
    }

    /// Waits to be called; `None` when nobody did for too long, or the pool is closed.
    fn rest<'a>(
        &'a self,
        mut queue: MutexGuard<'a, Queue>,
        me: &Thread,
    ) -> Option<MutexGuard<'a, Queue>> {
        if queue.closed {
            return self.leave(queue);
        }
        queue.free.push(me.clone());
        let until = self.clock.now().plus(WORKER_IDLE_MS);
        loop {
            drop(queue);
            let left = until.since(self.clock.now());
            std::thread::park_timeout(Duration::from_millis(left));
            queue = self.lock();
            let place = queue.free.iter().position(|free| free.id() == me.id());
            let Some(place) = place else {
                queue.coming = queue.coming.saturating_sub(1);
                return Some(queue);
            };
            if self.clock.now() >= until {
                queue.free.remove(place);
                return self.leave(queue);
            }
        }
    }

    fn leave<'a>(&self, mut queue: MutexGuard<'a, Queue>) -> Option<MutexGuard<'a, Queue>> {
        queue.threads = queue.threads.saturating_sub(1);
        drop(queue);
        self.rested.notify_all();
        None
    }

    fn lock(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
