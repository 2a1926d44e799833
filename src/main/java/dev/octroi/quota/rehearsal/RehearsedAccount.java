package dev.octroi.quota.rehearsal;

import dev.octroi.catalog.PlanTerms;
import dev.octroi.drain.DrainObservation;
import java.util.List;

/**
 * An account's counted records, for playing them again.
 *
 * @param terms as sold
 * @param records in the order in which they were received
 */
record RehearsedAccount(PlanTerms terms, List<DrainObservation> records) {
    RehearsedAccount {
        records = List.copyOf(records);
    }
}
