package dev.octroi.quota;

import dev.octroi.quota.account.AccountCommand;
import dev.octroi.quota.account.ChargeCommand;
import dev.octroi.quota.account.OfAccount;
import dev.octroi.quota.account.Reply;
import dev.octroi.quota.account.UsageRecord;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Leaves out what was counted or done before, of commands that are about to be decided. */
final class FreshCommands {
    private final Set<UsageRecord> counted;
    private final Set<OfAccount<AccountCommand.PartOfChange>> openActs;

    /**
     * @param counted records, by identity, that are in the ledger already
     * @param openActs parts of changes that are still to be done; each is taken out by the first command that does it
     */
    FreshCommands(Set<UsageRecord> counted, Set<OfAccount<AccountCommand.PartOfChange>> openActs) {
        this.counted = counted;
        this.openActs = openActs;
    }

    /** A command as it is decided: without the records that were counted before. */
    record Fresh(Pending pending, AccountCommand command) {}

    /**
     * Leaves out the records that were counted before, be it in an earlier batch or further up in this one. A command of
     * which nothing is left is decided with that.
     */
    List<Fresh> of(List<Pending> commands) {
        // By far the most common: one record of an account, and nothing was counted before.
        if (commands.size() == 1
                && counted.isEmpty()
                && commands.getFirst().command() instanceof AccountCommand.CountUsage count) {
            return List.of(new Fresh(commands.getFirst(), count));
        }
        record Identity(String source, String key, LocalDate day) {}
        Set<Identity> seen = new HashSet<>();
        List<Fresh> fresh = new ArrayList<>(commands.size());
        for (Pending each : commands) {
            List<UsageRecord> unseen = new ArrayList<>();
            for (UsageRecord record : recordsOf(each.command())) {
                Identity identity = new Identity(record.source(), record.key(), EffectStore.day(record.eventEnd()));
                if (!counted.contains(record) && seen.add(identity)) {
                    unseen.add(record);
                }
            }
            if (each.command() instanceof ChargeCommand charge) {
                fresh.add(new Fresh(each, charge.withUsed(unseen)));
            } else if (each.command() instanceof AccountCommand.CountUsage && unseen.isEmpty()) {
                each.decided(Reply.REPEATED);
            } else if (each.command() instanceof AccountCommand.PartOfChange part
                    && !openActs.remove(new OfAccount<>(each.key(), part))) {
                each.decided(Reply.REPEATED);
            } else {
                fresh.add(new Fresh(each, each.command()));
            }
        }
        return fresh;
    }

    static List<UsageRecord> recordsOf(AccountCommand command) {
        return switch (command) {
            case AccountCommand.CountUsage count -> List.of(count.record());
            case ChargeCommand charge -> charge.used();
            default -> List.of();
        };
    }
}
