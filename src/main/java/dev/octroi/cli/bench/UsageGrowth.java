package dev.octroi.cli.bench;

import java.util.List;

/**
 * How usage is counted where there are ten times as many profiles, and where the ledger of the day is ten times as long. All
 * three, what they are held against too, are measured in runs of ten times the records: after each checkpoint the first change
 * of a page puts the whole page into the log, so that a short run measures little else than how many pages there are.
 */
final class UsageGrowth {
    private static final int GROWTH = 10;
    private static final int LENGTH = 10;
    /** Records of each profile before: what a gateway remembers is measured, not how it learns it, as with few profiles. */
    private static final int SEEN = 2;

    private static final String BASE = "spread, long";
    private static final String PROFILES = "profiles x10";
    private static final String LEDGER = "ledger x10";

    private final UsageBench.Terms terms;
    private final BenchGateway gateway;
    private final UsageLoad load;
    private final UsageCases cases;

    UsageGrowth(UsageBench.Terms terms, BenchGateway gateway, UsageLoad load) {
        this.terms = terms;
        this.gateway = gateway;
        this.load = load;
        this.cases = new UsageCases(gateway, load);
    }

    List<BenchResult> run() throws Exception {
        BenchStore store = gateway.network().store();
        runs(BASE, terms.accounts());
        long rows = BenchPools.await(store.ledgerRows());
        int more = terms.accounts() * GROWTH;
        gateway.network().open(terms.accounts(), more - 1);
        load.run(new UsageLoad.Plan((long) more * SEEN, more, true, UsageCases.EACH, UsageCases.SENDERS));
        runs(PROFILES, more);
        BenchPools.await(store.lengthenLedger(rows * GROWTH));
        cases.drive("warm-up", terms.records(), terms.accounts());
        runs(LEDGER, terms.accounts());
        return List.of(
                cases.result(BASE, BASE, "itself"),
                cases.result(PROFILES, BASE, BASE),
                cases.result(LEDGER, BASE, BASE));
    }

    private void runs(String name, int accounts) throws Exception {
        for (int run = 0; run < terms.runs(); run++) {
            cases.drive(name, (long) terms.records() * LENGTH, accounts);
        }
    }
}
