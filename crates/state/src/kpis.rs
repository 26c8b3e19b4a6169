//! The figures of a query: today's so far, and yesterday's up to the same point.

use std::collections::BTreeMap;

use vigie_analysis::Measure;
use vigie_model::{Kpi, Network};

use crate::ledger::{Fact, Ledger};

/// The counters of a query over a day, in all and by network.
#[derive(Debug, Default)]
pub(crate) struct DayLedger {
    total: Ledger,
    by_network: BTreeMap<u16, Ledger>,
}

impl DayLedger {
    pub(crate) fn add(&mut self, network: u16, fact: &Fact) {
        self.total.add(fact);
        self.by_network.entry(network).or_default().add(fact);
    }

    pub(crate) fn subtract(&mut self, network: u16, fact: &Fact) {
        self.total.subtract(fact);
        if let Some(ledger) = self.by_network.get_mut(&network) {
            ledger.subtract(fact);
            if ledger.is_empty() {
                self.by_network.remove(&network);
            }
        }
    }

    pub(crate) fn freeze(&mut self, network: u16, fact: &Fact) {
        self.total.freeze(fact);
        if let Some(ledger) = self.by_network.get_mut(&network) {
            ledger.freeze(fact);
        }
    }

    /// The figure, with `previous` beside it.
    pub(crate) fn kpi(
        &self,
        measure: &Measure,
        previous: Option<&Self>,
        networks: &[Network],
    ) -> Kpi {
        let name = |network: u16| networks.get(usize::from(network)).cloned();
        Kpi {
            value: self.total.figure(measure),
            previous: previous.map(|previous| previous.total.figure(measure)),
            by_network: self
                .by_network
                .iter()
                .filter_map(|(network, ledger)| Some((name(*network)?, ledger.figure(measure))))
                .collect(),
            as_of: self.total.as_of(measure),
        }
    }
}
