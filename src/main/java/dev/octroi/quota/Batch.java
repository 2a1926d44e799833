package dev.octroi.quota;

import dev.octroi.db.Database;
import dev.octroi.db.Pipelined;
import dev.octroi.quota.account.AccountCommand;
import dev.octroi.quota.account.AccountKey;
import dev.octroi.quota.account.AccountState;
import dev.octroi.quota.account.AccountView;
import dev.octroi.quota.account.OfAccount;
import dev.octroi.quota.account.Outcome;
import dev.octroi.quota.account.Refusal;
import dev.octroi.quota.account.Reply;
import dev.octroi.quota.account.SessionMark;
import dev.octroi.quota.account.UsageRecord;
import dev.octroi.quota.decide.Decider;
import dev.octroi.quota.decide.Views;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Commands of several accounts that are decided and written in one transaction: read what is not known, decide in memory,
 * write everything in statements over arrays. Used for one attempt.
 */
final class Batch {
    private final Instant now;
    private final Duration lateness;
    private final BatchStores stores;
    private final CountedMemory counted;
    private final BatchAccounts accounts;
    private final BatchDecision decision;
    private BatchEffects effects = new BatchEffects(List.of());
    private @Nullable Unread unread;
    private final Set<OfAccount<AccountCommand.PartOfChange>> openActs = new HashSet<>();

    Batch(List<Pending> commands, Instant now, Decider decider, BatchStores stores, CountedMemory counted) {
        this.now = now;
        this.lateness = decider.lateness();
        this.stores = stores;
        this.counted = counted;
        commands.forEach(each -> each.decided(null));
        this.accounts = new BatchAccounts(stores.accounts(), commands);
        this.decision = new BatchDecision(decider, accounts, commands, now);
    }

    /** The accounts that commands are for. What is remembered of them is to be told before it is run. */
    List<BatchAccount> addressed() {
        return accounts.addressed();
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
            return decision.isWritten()
                    ? BatchTransactionStore.runWithOnePlan(database, this::write)
                    : Future.succeededFuture();
        }
        return BatchTransactionStore.run(
                database,
                connection -> read(connection, lock).compose(counted -> {
                    decide(counted);
                    return decision.isWritten()
                            ? Pipelined.all(BatchTransactionStore.onePlan(connection), write(connection))
                            : Future.succeededFuture();
                }));
    }

    /** Whether nothing has to be read before the batch is decided. */
    private boolean isKnown() {
        return accounts.isEnough() && unread(false).isNothing();
    }

    /** Asked for when the accounts are known, which changes none of them. */
    private Unread unread(boolean all) {
        Unread found = unread;
        if (found == null) {
            found = Unread.of(accounts.addressed(), counted, all, now);
            unread = found;
        }
        return found;
    }

    private Future<Set<UsageRecord>> read(SqlConnection connection, boolean lock) {
        return accounts.load(connection, lock)
                .compose(done -> loadSessions(connection, unread(lock)))
                .compose(done -> findOpenActs(connection, unread(lock).parts()))
                .compose(done -> findCounted(connection, unread(lock)));
    }

    private void decide(Set<UsageRecord> counted) {
        decision.decide(new FreshCommands(counted, openActs));
    }

    private Future<Void> write(SqlConnection connection) {
        List<Change> changes = decision.changes();
        List<AccountState> unwritten = decision.unwritten();
        effects = new BatchEffects(changes);
        Future<Void> written =
                changes.isEmpty() ? Future.succeededFuture() : stores.write(connection, changes, effects);
        Future<Void> verified = unwritten.isEmpty()
                ? Future.succeededFuture()
                : stores.accounts().verify(connection, unwritten);
        // What is written goes on after its first answers: it must have come to its end before anything is rolled back.
        return Pipelined.all(written, verified);
    }

    /** The accounts as they are once the transaction is committed. */
    Collection<BatchAccount> accounts() {
        return accounts.all();
    }

    /** What was written beside the accounts, to be counted and told of after the commit. */
    BatchEffects effects() {
        return effects;
    }

    /** Answers everybody; call after the commit. */
    void answer() {
        for (BatchAccount each : accounts.addressed()) {
            AccountState state = each.state();
            if (state == null) {
                each.commands().forEach(command -> command.waiting().tell(unknown()));
            } else {
                answer(each, state);
            }
        }
    }

    private void answer(BatchAccount account, AccountState state) {
        AccountKey volume = state.volumeKey();
        AccountState owner = volume.equals(account.key()) ? state : accounts.state(volume);
        for (Pending each : account.commands()) {
            Reply reply = each.reply();
            each.waiting().tell(reply == null ? unknown() : outcome(reply, view(state, owner, now, lateness)));
        }
    }

    private static Outcome unknown() {
        return new Outcome.Refused(Refusal.UNKNOWN_ACCOUNT, "There is no such account.");
    }

    /**
     * Holds the account and nothing of the batch: records that came in one request are decided in several batches, so that each
     * answer that held its batch would hold, by the others' requests, all batches since the last pause.
     */
    private static Supplier<AccountView> view(
            AccountState state, @Nullable AccountState owner, Instant now, Duration lateness) {
        return () -> Views.of(state, owner, now, null, null, lateness);
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

    private Future<Void> loadSessions(SqlConnection connection, Unread unread) {
        return stores.known()
                .sessions(connection, List.copyOf(unread.sessions()))
                .map(found -> {
                    Map<AccountKey, Map<String, SessionMark>> known = new HashMap<>();
                    // What is not there is known, too: nobody has to look for it again.
                    unread.sessions()
                            .forEach(each -> known.computeIfAbsent(each.key(), key -> new HashMap<>())
                                    .put(each.value(), SessionMark.NEW));
                    found.forEach((key, marks) ->
                            known.computeIfAbsent(key, same -> new HashMap<>()).putAll(marks));
                    known.forEach((key, marks) -> {
                        AccountState state = accounts.state(key);
                        if (state != null) {
                            Map<String, SessionMark> all = new HashMap<>(state.sessions());
                            all.putAll(marks);
                            accounts.account(key).become(state.withSessions(all));
                        }
                    });
                    return null;
                });
    }

    /** The parts of changes over many subscriptions that are still to be done; rarely any. */
    private Future<Void> findOpenActs(SqlConnection connection, List<OfAccount<AccountCommand.PartOfChange>> parts) {
        return parts.isEmpty()
                ? Future.succeededFuture()
                : stores.acts().open(connection, parts).map(open -> {
                    open.forEach(place -> openActs.add(parts.get(place)));
                    return null;
                });
    }

    /** The records, by identity, that are in the ledger already. */
    private Future<Set<UsageRecord>> findCounted(SqlConnection connection, Unread unread) {
        Set<UsageRecord> found = Collections.newSetFromMap(new IdentityHashMap<>());
        return stores.known()
                .counted(connection, unread.records())
                .compose(places -> {
                    places.forEach(
                            place -> found.add(unread.records().get(place).value()));
                    return stores.known().countedWithin(connection, unread.containers(), firstDay(), lastDay());
                })
                .map(places -> {
                    places.forEach(
                            place -> found.add(unread.containers().get(place).value()));
                    return found;
                });
    }

    /** A container that is told again may have come a day ago, and have been as late then as is believed. */
    private LocalDate firstDay() {
        return EffectStore.day(now.minus(lateness)).minusDays(1);
    }

    /** Clocks of consumers may be ahead. */
    private LocalDate lastDay() {
        return EffectStore.day(now).plusDays(1);
    }
}
