package dev.octroi.quota;

import dev.octroi.quota.account.AccountCommand;
import dev.octroi.quota.account.AccountState;
import dev.octroi.quota.account.ChargeCommand;
import dev.octroi.quota.account.OfAccount;
import dev.octroi.quota.account.UsageRecord;
import dev.octroi.quota.decide.AfterConsent;
import dev.octroi.quota.decide.ChargeWatch;
import dev.octroi.quota.decide.UsageWatch;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the commands of a batch need beyond the states of their accounts; found in one walk over them.
 *
 * @param sessions sessions of counters whose marks are not known
 * @param parts parts of changes over many subscriptions; rarely any
 * @param records that may be in the ledger already
 * @param containers of charging sessions that may be there, on whatever day they were believed to be of when they came first
 */
record Unread(
        Set<OfAccount<String>> sessions,
        List<OfAccount<AccountCommand.PartOfChange>> parts,
        List<OfAccount<UsageRecord>> records,
        List<OfAccount<UsageRecord>> containers) {
    /**
     * Looks at the commands of accounts that are there.
     *
     * @param accounts as far as they are known by now
     * @param counted which records were counted lately
     * @param all true: every record may be in the ledger; else those of which what is known does not say that they are not
     * @param now when they are decided
     */
    static Unread of(List<BatchAccount> accounts, CountedMemory counted, boolean all, Instant now) {
        Unread unread = new Unread(new HashSet<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        for (BatchAccount account : accounts) {
            AccountState state = account.state();
            if (state != null) {
                for (Pending each : account.commands()) {
                    unread.look(state, each, counted, all, now);
                }
            }
        }
        return unread;
    }

    /** Whether what is known is enough to decide. */
    boolean isNothing() {
        return sessions.isEmpty() && parts.isEmpty() && records.isEmpty() && containers.isEmpty();
    }

    private void look(AccountState state, Pending pending, CountedMemory counted, boolean all, Instant now) {
        switch (pending.command()) {
            case AccountCommand.CountUsage count -> {
                UsageRecord record = count.record();
                String name = session(record);
                want(state, pending, name);
                want(state, pending, AfterConsent.feedMark(state, record));
                if (all || counted.mayHold(pending.key(), record)) {
                    records.add(new OfAccount<>(pending.key(), record));
                }
            }
            case ChargeCommand charge -> {
                if (charge.step().opens()) {
                    charge.used().forEach(record -> want(state, pending, AfterConsent.feedMark(state, record)));
                }
                if (all || !ChargeWatch.reportsNothingCounted(state, charge, now)) {
                    // Without numbers a container has a name that comes but once.
                    List<OfAccount<UsageRecord>> used = charge.containers() == null ? records : containers;
                    charge.used().forEach(record -> used.add(new OfAccount<>(pending.key(), record)));
                }
            }
            case AccountCommand.PartOfChange part -> parts.add(new OfAccount<>(pending.key(), part));
            default -> {}
        }
    }

    private void want(AccountState state, Pending pending, @Nullable String mark) {
        if (mark != null && !state.sessions().containsKey(mark)) {
            sessions.add(new OfAccount<>(pending.key(), mark));
        }
    }

    private static @Nullable String session(UsageRecord record) {
        return record.session() == null ? null : UsageWatch.sessionKey(record, record.session());
    }
}
