package dev.octroi.quota;

import dev.octroi.quota.account.AccountCommand;
import dev.octroi.quota.account.AccountKey;
import dev.octroi.quota.account.AccountState;
import dev.octroi.quota.account.ChargeCommand;
import dev.octroi.quota.account.OfAccount;
import dev.octroi.quota.account.UsageRecord;
import dev.octroi.quota.decide.ChargeWatch;
import dev.octroi.quota.decide.UsageWatch;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the commands of a batch need beyond the states of their accounts.
 *
 * @param commands by account
 * @param states as far as they are known by now
 * @param counted which records were counted lately
 * @param now when they are decided
 */
record Unread(
        Map<AccountKey, List<Pending>> commands,
        Map<AccountKey, AccountState> states,
        CountedMemory counted,
        Instant now) {
    private interface Visit {
        void see(AccountKey key, AccountState state, AccountCommand command);
    }

    /** Sessions of counters whose marks are not known. */
    Set<OfAccount<String>> sessions() {
        Set<OfAccount<String>> wanted = new HashSet<>();
        each((key, state, command) -> {
            String name = session(command);
            if (name != null && !state.sessions().containsKey(name)) {
                wanted.add(new OfAccount<>(key, name));
            }
        });
        return wanted;
    }

    /** The parts of changes over many subscriptions; rarely any. */
    List<OfAccount<AccountCommand.PartOfChange>> parts() {
        List<OfAccount<AccountCommand.PartOfChange>> parts = new ArrayList<>();
        commands.forEach((key, all) -> {
            for (Pending each : all) {
                if (each.command() instanceof AccountCommand.PartOfChange part) {
                    parts.add(new OfAccount<>(key, part));
                }
            }
        });
        return parts;
    }

    /**
     * Records that may be in the ledger already.
     *
     * @param all also those of which what is known says that they are not
     */
    List<OfAccount<UsageRecord>> records(boolean all) {
        List<OfAccount<UsageRecord>> records = new ArrayList<>();
        each((key, state, command) -> {
            boolean isDoubtful = all
                    || (command instanceof ChargeCommand charge
                            && !ChargeWatch.reportsNothingCounted(state, charge, now));
            boolean isUse = command instanceof AccountCommand.CountUsage;
            for (UsageRecord record : FreshCommands.recordsOf(command)) {
                if (isDoubtful || (isUse && counted.mayHold(key, record))) {
                    records.add(new OfAccount<>(key, record));
                }
            }
        });
        return records;
    }

    private static @Nullable String session(AccountCommand command) {
        if (!(command instanceof AccountCommand.CountUsage count)) {
            return null;
        }
        String session = count.record().session();
        return session == null ? null : UsageWatch.sessionKey(count.record(), session);
    }

    private void each(Visit visit) {
        commands.forEach((key, all) -> {
            AccountState state = states.get(key);
            if (state != null) {
                all.forEach(pending -> visit.see(key, state, pending.command()));
            }
        });
    }
}
