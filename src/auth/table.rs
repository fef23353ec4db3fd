//! Zone: pre-admission. A map with bounded room, sorted, so that there is no hash to flood.

use std::collections::BTreeMap;

/// A map that holds `room` entries; beyond them, the one that was set longest ago goes.
#[derive(Debug)]
pub(super) struct Table<K, V> {
    room: usize,
    serial: u64,
    entries: BTreeMap<K, (u64, V)>,
    order: BTreeMap<u64, K>,
}

impl<K: Ord + Clone, V> Table<K, V> {
    pub(super) const fn new(room: usize) -> Self {
        Self { room, serial: 0, entries: BTreeMap::new(), order: BTreeMap::new() }
    }

    /// Sets the entry of `key`, which is then the youngest.
    pub(super) fn set(&mut self, key: K, value: V) {
        self.serial = self.serial.saturating_add(1);
        if let Some((before, _)) = self.entries.insert(key.clone(), (self.serial, value)) {
            self.order.remove(&before);
        }
        self.order.insert(self.serial, key);
        if self.entries.len() > self.room
            && let Some((_, oldest)) = self.order.pop_first()
        {
            self.entries.remove(&oldest);
        }
    }

    pub(super) fn remove(&mut self, key: &K) {
        if let Some((serial, _)) = self.entries.remove(key) {
            self.order.remove(&serial);
        }
    }

    pub(super) fn get(&self, key: &K) -> Option<&V> {
        self.entries.get(key).map(|(_, value)| value)
    }
}

#[cfg(test)]
mod tests {
    use super::Table;

    #[test]
    fn the_oldest_goes_and_nothing_stays_of_it() {
        let mut table = Table::new(2);
        for (key, value) in [("a", 1), ("b", 2), ("a", 3), ("c", 4)] {
            table.set(key, value);
        }
        assert_eq!((table.get(&"a"), table.get(&"b"), table.get(&"c")), (Some(&3), None, Some(&4)));
        table.remove(&"a");
        table.remove(&"a");
        assert_eq!((table.get(&"a"), table.entries.len(), table.order.len()), (None, 1, 1));
        for key in ["d", "e", "f"] {
            table.set(key, 0);
            assert!(table.entries.len() <= 2 && table.order.len() == table.entries.len());
        }
    }
}
