package dev.octroi.quota;

import dev.octroi.db.Database;
import dev.octroi.db.Pipelined;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Commands of several accounts that are decided and written in one transaction: read what is not known, decide in memory,
 * write everything in statements over arrays. Used for one attempt.
 */
final class Batch {
    private final Map<AccountKey, List<Pending>> byAccount = new LinkedHashMap<>();
    private final List<Pending> commands;
    private final Instant now;
    private final Decider decider;
    private final BatchStores stores;
    private final BatchAccounts accounts;
    /** Those of {@link #accounts}. */
    private final Map<AccountKey, AccountState> states;

    private final Unread unread;
    private final List<Change> changes = new ArrayList<>();
    private BatchEffects effects = new BatchEffects(List.of());
    private @Nullable List<EffectStore.Of<UsageRecord>> doubtful;
    /** Known states on which an answer rests that changes nothing: no write finds out that they are out of date. */
    private final List<AccountState> unwritten = new ArrayList<>();

    private final Set<EffectStore.Of<AccountCommand.PartOfChange>> openActs = new HashSet<>();

    Batch(List<Pending> commands, Instant now, Decider decider, BatchStores stores, CountedMemory counted) {
        this.commands = commands;
        this.now = now;
        this.decider = decider;
        this.stores = stores;
        this.accounts = new BatchAccounts(stores.accounts());
        this.states = accounts.states();
        this.unread = new Unread(byAccount, states, counted, now);
        for (Pending each : commands) {
            each.decided(null);
            byAccount.computeIfAbsent(each.key(), key -> new ArrayList<>()).add(each);
            if (each.command() instanceof AccountCommand.JoinShared join) {
                accounts.asksToJoin(each.key(), join.owner());
            }
        }
    }

    Set<AccountKey> addressed() {
        return byAccount.keySet();
    }

    /** A state known from an earlier batch; see {@link BatchAccounts#know}. */
    void know(AccountKey key, AccountState state) {
        accounts.know(key, state);
    }

    /**
     * Reads, decides and writes, in one transaction; in none where what is known is enough and nothing comes of it.
     *
     * @param lock true: locks the accounts first and believes nothing known; for an attempt after a lost race
     */
    Future<Void> run(Database database, boolean lock) {
        if (lock) {
            accounts.forget();
        } else if (isKnown()) {
            decide(Set.of());
            return isWritten() ? BatchTransactionStore.runWithOnePlan(database, this::write) : Future.succeededFuture();
        }
        return BatchTransactionStore.run(
                database,
                connection -> read(connection, lock).compose(counted -> {
                    decide(counted);
                    return isWritten()
                            ? Pipelined.all(BatchTransactionStore.onePlan(connection), write(connection))
                            : Future.succeededFuture();
                }));
    }

    /** Whether nothing has to be read before the batch is decided. */
    private boolean isKnown() {
        return accounts.isEnough(byAccount.keySet())
                && unread.sessions().isEmpty()
                && unread.parts().isEmpty()
                && doubtful().isEmpty();
    }

    /** Records that may be in the ledger already. Asked for when the accounts are known, which changes none of them. */
    private List<EffectStore.Of<UsageRecord>> doubtful() {
        List<EffectStore.Of<UsageRecord>> found = doubtful;
        if (found == null) {
            found = unread.records(false);
            doubtful = found;
        }
        return found;
    }

    private boolean isWritten() {
        return !changes.isEmpty() || !unwritten.isEmpty();
    }

    private Future<Set<UsageRecord>> read(SqlConnection connection, boolean lock) {
        return accounts.load(connection, byAccount.keySet(), lock)
                .compose(done -> loadSessions(connection))
                .compose(done -> findOpenActs(connection))
                .compose(done -> findCounted(connection, lock));
    }

    private Future<Void> write(SqlConnection connection) {
        Future<Void> written = changes.isEmpty() ? Future.succeededFuture() : writeChanges(connection);
        Future<Void> verified = unwritten.isEmpty()
                ? Future.succeededFuture()
                : stores.accounts().verify(connection, List.copyOf(unwritten));
        // What is written goes on after its first answers: it must have come to its end before anything is rolled back.
        return Pipelined.all(written, verified);
    }

    private Future<Void> writeChanges(SqlConnection connection) {
        changes.sort((one, other) ->
                AccountRows.ORDER.compare(one.after().key(), other.after().key()));
        effects = new BatchEffects(changes);
        return stores.write(connection, changes, effects);
    }

    /** The accounts as they are once the transaction is committed. */
    Map<AccountKey, AccountState> states() {
        return states;
    }

    /** What was written beside the accounts, to be counted and told of after the commit. */
    BatchEffects effects() {
        return effects;
    }

    /** Answers everybody; call after the commit. */
    void answer() {
        byAccount.forEach((key, commands) -> {
            AccountState state = states.get(key);
            AccountState owner = state == null ? null : states.get(state.volumeKey());
            for (Pending each : commands) {
                Reply reply = each.reply();
                each.waiting()
                        .tell(
                                state == null || reply == null
                                        ? new Outcome.Refused(Refusal.UNKNOWN_ACCOUNT, "There is no such account.")
                                        : outcome(reply, () -> Views.of(state, owner, now, null, null)));
            }
        });
    }

    private static Outcome outcome(Reply reply, Supplier<AccountView> view) {
        return switch (reply) {
            case Reply.Done done -> new Outcome.Accepted(view, null);
            case Reply.Repeated repeated -> new Outcome.Duplicate(view, null);
            case Reply.Charged charged ->
                charged.again()
                        ? new Outcome.Duplicate(view, charged.charged())
                        : new Outcome.Accepted(view, charged.charged());
            case Reply.Refused refused -> new Outcome.Refused(refused.code(), refused.detail());
        };
    }

    private Future<Void> loadSessions(SqlConnection connection) {
        return stores.known()
                .sessions(connection, List.copyOf(unread.sessions()))
                .map(found -> {
                    found.forEach((key, marks) -> states.computeIfPresent(key, (same, state) -> {
                        Map<String, SessionMark> all = new HashMap<>(state.sessions());
                        all.putAll(marks);
                        return state.withSessions(all);
                    }));
                    return null;
                });
    }

    /** The parts of changes over many subscriptions that are still to be done; rarely any. */
    private Future<Void> findOpenActs(SqlConnection connection) {
        List<EffectStore.Of<AccountCommand.PartOfChange>> parts = unread.parts();
        return parts.isEmpty()
                ? Future.succeededFuture()
                : stores.acts().open(connection, parts).map(open -> {
                    open.forEach(place -> openActs.add(parts.get(place)));
                    return null;
                });
    }

    /** The records, by identity, that are in the ledger already. */
    private Future<Set<UsageRecord>> findCounted(SqlConnection connection, boolean all) {
        List<EffectStore.Of<UsageRecord>> records = all ? unread.records(true) : doubtful();
        return stores.known().counted(connection, records).map(places -> {
            Set<UsageRecord> counted = Collections.newSetFromMap(new IdentityHashMap<>());
            places.forEach(place -> counted.add(records.get(place).effect()));
            return counted;
        });
    }

    private void decide(Set<UsageRecord> counted) {
        FreshCommands freshCommands = new FreshCommands(counted, openActs);
        Set<AccountKey> volumes = accounts.sharedVolumes();
        Map<AccountKey, List<FreshCommands.Fresh>> shared = new LinkedHashMap<>();
        byAccount.forEach((key, commands) -> {
            AccountState before = states.get(key);
            if (before == null) {
                return;
            }
            List<FreshCommands.Fresh> fresh = freshCommands.of(commands);
            AccountKey volume = accounts.volume(before);
            if (volumes.contains(volume)) {
                shared.computeIfAbsent(volume, first -> new ArrayList<>()).addAll(fresh);
                return;
            }
            Decision decision = decider.decide(before, commandsOf(fresh), now);
            for (int i = 0; i < fresh.size(); i++) {
                fresh.get(i).pending().decided(decision.replies().get(i));
            }
            if (!keep(before, decision, ticked(fresh), false)
                    && accounts.isRemembered(key)
                    && !decision.replies().stream().allMatch(Batch::isKept)) {
                unwritten.add(before);
            }
        });
        shared.forEach(this::decideShared);
    }

    /** An answer that was given stays the answer, whatever another gateway has written since. */
    private static boolean isKept(Reply reply) {
        return reply instanceof Reply.Charged charged && charged.again();
    }

    /** Commands of accounts that spend one volume, in the order in which they came. */
    private void decideShared(AccountKey volume, List<FreshCommands.Fresh> fresh) {
        AccountState owner = states.get(volume);
        if (owner == null) {
            throw new IllegalStateException("a member whose owner's account is not there");
        }
        List<AccountState> members = states.values().stream()
                .filter(state ->
                        !state.key().equals(volume) && accounts.volume(state).equals(volume))
                .sorted((one, other) -> AccountRows.ORDER.compare(one.key(), other.key()))
                .toList();
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
            changed |= keep(member, decided.of(member.key()), ticked, false);
        }
        // The owner's row is the lock of all: whoever changes a member's promises has changed it.
        keep(owner, decided.of(volume), ticked(ordered), changed);
    }

    /** As they were submitted. */
    private List<FreshCommands.Fresh> inOrder(List<FreshCommands.Fresh> fresh) {
        IdentityHashMap<Pending, Integer> order = new IdentityHashMap<>();
        for (Pending each : commands) {
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
        return fresh.stream().anyMatch(each -> each.command() instanceof AccountCommand.Tick);
    }

    /** Keeps what was decided as far as there is something to write. */
    private boolean keep(AccountState before, Decision decision, boolean ticked, boolean always) {
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
        states.put(before.key(), written);
        return true;
    }

    private static List<Effect.HourlyUsage> hours(List<Effect> effects) {
        List<Effect.HourlyUsage> hours = new ArrayList<>();
        for (Effect each : effects) {
            if (each instanceof Effect.HourlyUsage hour) {
                hours.add(hour);
            }
        }
        return hours;
    }
}
