package dev.octroi.quota;

import dev.octroi.quota.account.AccountCommand;
import dev.octroi.quota.account.AccountKey;
import dev.octroi.quota.account.AccountState;
import dev.octroi.quota.account.Effect;
import dev.octroi.quota.account.OpenHours;
import dev.octroi.quota.account.Reply;
import dev.octroi.quota.decide.Decider;
import dev.octroi.quota.decide.Decision;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** What a batch comes to, once its accounts are known. In memory; used once. */
final class BatchDecision {
    private final Decider decider;
    private final BatchAccounts accounts;
    private final List<Pending> submitted;
    private final Instant now;
    private final List<Change> changes = new ArrayList<>();
    private final List<AccountState> unwritten = new ArrayList<>();

    /** @param submitted all commands, in their order */
    BatchDecision(Decider decider, BatchAccounts accounts, List<Pending> submitted, Instant now) {
        this.decider = decider;
        this.accounts = accounts;
        this.submitted = submitted;
        this.now = now;
    }

    /** Decides them all; each command is told its reply. */
    void decide(FreshCommands freshCommands) {
        Set<AccountKey> volumes = accounts.sharedVolumes();
        Map<AccountKey, List<FreshCommands.Fresh>> shared = new LinkedHashMap<>();
        for (BatchAccount each : accounts.addressed()) {
            AccountState before = each.state();
            if (before == null) {
                continue;
            }
            List<FreshCommands.Fresh> fresh = freshCommands.of(each.commands());
            AccountKey volume = volumes.isEmpty() ? each.key() : accounts.volume(before);
            if (volumes.contains(volume)) {
                shared.computeIfAbsent(volume, first -> new ArrayList<>()).addAll(fresh);
            } else {
                decideAlone(each, before, fresh);
            }
        }
        shared.forEach(this::decideShared);
    }

    private void decideAlone(BatchAccount account, AccountState before, List<FreshCommands.Fresh> fresh) {
        Decision decision = decider.decide(before, commandsOf(fresh), now);
        for (int i = 0; i < fresh.size(); i++) {
            fresh.get(i).pending().decided(decision.replies().get(i));
        }
        if (!keep(account, before, decision, ticked(fresh), false)
                && account.isRemembered()
                && !decision.replies().stream().allMatch(BatchDecision::isKept)) {
            unwritten.add(before);
        }
    }

    /** An answer that was given stays the answer, whatever another gateway has written since. */
    private static boolean isKept(Reply reply) {
        return reply instanceof Reply.Charged charged && charged.again();
    }

    /** Commands of accounts that spend one volume, in the order in which they came. */
    private void decideShared(AccountKey volume, List<FreshCommands.Fresh> fresh) {
        AccountState owner = accounts.state(volume);
        if (owner == null) {
            throw new IllegalStateException("a member whose owner's account is not there");
        }
        List<AccountState> members = members(volume);
        List<FreshCommands.Fresh> ordered = inOrder(fresh);
        List<Decider.Addressed> addressed = ordered.stream()
                .map(each -> new Decider.Addressed(each.pending().key(), each.command()))
                .toList();
        Decider.Shared decided = decider.decideShared(owner, members, addressed, now);
        for (int i = 0; i < ordered.size(); i++) {
            ordered.get(i).pending().decided(decided.replies().get(i));
        }
        boolean changed = false;
        for (AccountState member : members) {
            boolean ticked = ticked(ordered.stream()
                    .filter(each -> each.pending().key().equals(member.key()))
                    .toList());
            changed |= keep(accounts.account(member.key()), member, decided.of(member.key()), ticked, false);
        }
        // The owner's row is the lock of all: whoever changes a member's promises has changed it.
        keep(accounts.account(volume), owner, decided.of(volume), ticked(ordered), changed);
    }

    private List<AccountState> members(AccountKey volume) {
        List<AccountState> members = new ArrayList<>();
        for (BatchAccount each : accounts.all()) {
            AccountState state = each.state();
            if (state != null
                    && !each.key().equals(volume)
                    && accounts.volume(state).equals(volume)) {
                members.add(state);
            }
        }
        members.sort(Comparator.comparing(AccountState::key, AccountRows.ORDER));
        return members;
    }

    /** As they were submitted. */
    private List<FreshCommands.Fresh> inOrder(List<FreshCommands.Fresh> fresh) {
        IdentityHashMap<Pending, Integer> order = new IdentityHashMap<>();
        for (Pending each : submitted) {
            order.put(each, order.size());
        }
        return fresh.stream()
                .sorted(Comparator.comparingInt(each -> order.getOrDefault(each.pending(), 0)))
                .toList();
    }

    private static List<AccountCommand> commandsOf(List<FreshCommands.Fresh> fresh) {
        List<AccountCommand> commands = new ArrayList<>(fresh.size());
        fresh.forEach(each -> commands.add(each.command()));
        return commands;
    }

    private static boolean ticked(List<FreshCommands.Fresh> fresh) {
        for (FreshCommands.Fresh each : fresh) {
            if (each.command() instanceof AccountCommand.Tick) {
                return true;
            }
        }
        return false;
    }

    /** Keeps what was decided as far as there is something to write. */
    private boolean keep(BatchAccount account, AccountState before, Decision decision, boolean ticked, boolean always) {
        AccountState after = decision.state();
        if (!always
                && !ticked
                && decision.effects().isEmpty()
                && Objects.equals(before.place(), after.place())
                && before.charging().equals(after.charging())
                && before.share().equals(after.share())
                && Objects.equals(before.zoneChange(), after.zoneChange())
                && before.buckets().equals(after.buckets())) {
            return false;
        }
        OpenHours.Added hours = before.hours().add(hours(decision.effects()));
        AccountState written = after.written(before.version() + 1, hours.open());
        changes.add(new Change(before, written, decision.effects(), hours.closed(), ticked));
        account.become(written);
        return true;
    }

    /** What is added to the hours, in order. */
    static List<Effect.HourlyUsage> hours(List<Effect> effects) {
        List<Effect.HourlyUsage> hours = new ArrayList<>();
        for (Effect each : effects) {
            if (each instanceof Effect.HourlyUsage hour) {
                hours.add(hour);
            }
        }
        return hours;
    }

    /** Whether anything has to be written or verified. */
    boolean isWritten() {
        return !changes.isEmpty() || !unwritten.isEmpty();
    }

    /** The accounts that change, in the order in which all gateways write. */
    List<Change> changes() {
        return changes.stream()
                .sorted(Comparator.comparing(change -> change.after().key(), AccountRows.ORDER))
                .toList();
    }

    /** Known states on which an answer rests that changes nothing: no write finds out that they are out of date. */
    List<AccountState> unwritten() {
        return List.copyOf(unwritten);
    }
}
