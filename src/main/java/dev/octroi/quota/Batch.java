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
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
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
    private final Map<AccountKey, List<Pending>> byAccount = new LinkedHashMap<>();
    private final Instant now;
    private final BatchStores stores;
    private final BatchAccounts accounts;
    /** Those of {@link #accounts}. */
    private final Map<AccountKey, AccountState> states;

    private final Unread unread;
    private final BatchDecision decision;
    private BatchEffects effects = new BatchEffects(List.of());
    private @Nullable List<OfAccount<UsageRecord>> doubtful;
    private final Set<OfAccount<AccountCommand.PartOfChange>> openActs = new HashSet<>();

    Batch(List<Pending> commands, Instant now, Decider decider, BatchStores stores, CountedMemory counted) {
        this.now = now;
        this.stores = stores;
        this.accounts = new BatchAccounts(stores.accounts());
        this.states = accounts.states();
        this.unread = new Unread(byAccount, states, counted, now);
        this.decision = new BatchDecision(decider, accounts, commands, now);
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
        return accounts.isEnough(byAccount.keySet())
                && unread.sessions().isEmpty()
                && unread.parts().isEmpty()
                && doubtful().isEmpty();
    }

    /** Records that may be in the ledger already. Asked for when the accounts are known, which changes none of them. */
    private List<OfAccount<UsageRecord>> doubtful() {
        List<OfAccount<UsageRecord>> found = doubtful;
        if (found == null) {
            found = unread.records(false);
            doubtful = found;
        }
        return found;
    }

    private Future<Set<UsageRecord>> read(SqlConnection connection, boolean lock) {
        return accounts.load(connection, byAccount.keySet(), lock)
                .compose(done -> loadSessions(connection))
                .compose(done -> findOpenActs(connection))
                .compose(done -> findCounted(connection, lock));
    }

    private void decide(Set<UsageRecord> counted) {
        decision.decide(byAccount, new FreshCommands(counted, openActs));
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
                                        : outcome(reply, view(state, owner, now)));
            }
        });
    }

    /**
     * Holds the account and nothing of the batch: records that came in one request are decided in several batches, so that each
     * answer that held its batch would hold, by the others' requests, all batches since the last pause.
     */
    private static Supplier<AccountView> view(AccountState state, @Nullable AccountState owner, Instant now) {
        return () -> Views.of(state, owner, now, null, null);
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
        List<OfAccount<AccountCommand.PartOfChange>> parts = unread.parts();
        return parts.isEmpty()
                ? Future.succeededFuture()
                : stores.acts().open(connection, parts).map(open -> {
                    open.forEach(place -> openActs.add(parts.get(place)));
                    return null;
                });
    }

    /** The records, by identity, that are in the ledger already. */
    private Future<Set<UsageRecord>> findCounted(SqlConnection connection, boolean all) {
        List<OfAccount<UsageRecord>> records = all ? unread.records(true) : doubtful();
        return stores.known().counted(connection, records).map(places -> {
            Set<UsageRecord> counted = Collections.newSetFromMap(new IdentityHashMap<>());
            places.forEach(place -> counted.add(records.get(place).value()));
            return counted;
        });
    }
}
