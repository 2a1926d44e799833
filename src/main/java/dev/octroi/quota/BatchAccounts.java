package dev.octroi.quota;

import dev.octroi.quota.account.AccountCommand;
import dev.octroi.quota.account.AccountKey;
import dev.octroi.quota.account.AccountState;
import dev.octroi.quota.account.Share;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The accounts that a batch decides about: those its commands are for, and those that spend one volume with them. What is
 * remembered of an account is believed where it shares nothing; the others are locked and read together.
 */
final class BatchAccounts {
    private final AccountLoadStore store;
    private final Map<AccountKey, BatchAccount> all = new HashMap<>();
    private final List<BatchAccount> addressed = new ArrayList<>();
    /** Accounts that ask to join a volume, by whose it is; the first such command of an account counts. */
    private final Map<AccountKey, AccountKey> joining = new HashMap<>();

    BatchAccounts(AccountLoadStore store, List<Pending> commands) {
        this.store = store;
        for (Pending each : commands) {
            BatchAccount account = all.computeIfAbsent(each.key(), BatchAccount::new);
            if (account.commands().isEmpty()) {
                addressed.add(account);
            }
            account.take(each);
            if (each.command() instanceof AccountCommand.JoinShared join) {
                joining.putIfAbsent(each.key(), join.owner());
            }
        }
        addressed.sort(Comparator.comparing(BatchAccount::key, AccountRows.ORDER));
    }

    /**
     * Those the commands are for, by {@link AccountRows#ORDER}: decided in the order in which they are written, what is made of
     * them lies in memory as it is walked over.
     */
    List<BatchAccount> addressed() {
        return addressed;
    }

    /** These and those that were read because they spend one volume with them. */
    Collection<BatchAccount> all() {
        return all.values();
    }

    /** As far as the batch has come; null for an account that does not exist or was not read. */
    @Nullable
    AccountState state(AccountKey key) {
        BatchAccount account = all.get(key);
        return account == null ? null : account.state();
    }

    /** The account of that key, which is one of the batch from now on. */
    BatchAccount account(AccountKey key) {
        return all.computeIfAbsent(key, BatchAccount::new);
    }

    /** Believes nothing that is remembered. */
    void forget() {
        all.values().forEach(account -> account.read(null));
    }

    /** Whether nothing has to be read of the accounts before the batch is decided. */
    boolean isEnough() {
        if (!joining.isEmpty()) {
            return false;
        }
        for (BatchAccount each : addressed) {
            AccountState state = each.state();
            if (state == null || isShared(state)) {
                return false;
            }
        }
        return true;
    }

    /**
     * Reads what is missing, and all that is shared.
     *
     * @param lock true: locks also those that share nothing, after those that do; in a first attempt they are locked by what is
     *     written, which comes last
     */
    Future<Void> load(SqlConnection connection, boolean lock) {
        List<AccountKey> missing = new ArrayList<>();
        for (BatchAccount each : addressed) {
            if (each.state() == null) {
                missing.add(each.key());
            }
        }
        return store.load(connection, missing, false)
                .compose(loaded -> {
                    loaded.forEach((key, state) -> account(key).read(state));
                    return loadSharers(connection);
                })
                .compose(done -> lock ? lockAlone(connection) : Future.succeededFuture());
    }

    /** With whose volume an account is decided: its own, that of which it is a member, or that which it asks to join. */
    AccountKey volume(AccountState state) {
        AccountKey wanted = joining.isEmpty() ? null : joining.get(state.key());
        return wanted != null && mayAsk(state, wanted) ? wanted : state.volumeKey();
    }

    private boolean mayAsk(AccountState state, AccountKey wanted) {
        AccountState owner = state(wanted);
        return state.share() instanceof Share.Alone
                && wanted.tenantId() == state.key().tenantId()
                && !joining.containsKey(wanted)
                && owner != null
                && !(owner.share() instanceof Share.Member);
    }

    /** The volumes that more than one account spends, or will. */
    Set<AccountKey> sharedVolumes() {
        Set<AccountKey> volumes = new HashSet<>();
        for (BatchAccount each : all.values()) {
            AccountState state = each.state();
            if (state != null && (isShared(state) || !volume(state).equals(each.key()))) {
                volumes.add(volume(state));
            }
        }
        return volumes;
    }

    /**
     * Accounts that spend one volume are locked and read together, whatever is known of them: what one gateway promises to a
     * member another one has to see before it promises the rest. Owners come first, so that two gateways do not lock crosswise.
     */
    private Future<Void> loadSharers(SqlConnection connection) {
        Set<AccountKey> owners = new HashSet<>(joining.values());
        for (BatchAccount each : all.values()) {
            AccountState state = each.state();
            if (state != null && isShared(state)) {
                owners.add(state.volumeKey());
            }
        }
        return owners.isEmpty()
                ? Future.succeededFuture()
                : loadLocked(connection, owners).compose(done -> loadSharers(connection, owners));
    }

    private Future<Void> loadSharers(SqlConnection connection, Set<AccountKey> locked) {
        Set<AccountKey> sharers = new HashSet<>(joining.keySet());
        for (BatchAccount each : all.values()) {
            AccountState state = each.state();
            if (state != null) {
                sharers.addAll(state.sharers());
            }
        }
        return locked.containsAll(sharers)
                ? Future.succeededFuture()
                : loadLocked(connection, sharers).compose(done -> loadSharers(connection, sharers));
    }

    private Future<Void> lockAlone(SqlConnection connection) {
        List<AccountKey> alone = new ArrayList<>();
        for (BatchAccount each : addressed) {
            AccountState state = each.state();
            if (state == null || !isShared(state)) {
                alone.add(each.key());
            }
        }
        // One of them may have begun to share a moment ago.
        return loadLocked(connection, alone)
                .compose(done -> isAnyShared() ? loadSharers(connection) : Future.succeededFuture());
    }

    private boolean isAnyShared() {
        for (BatchAccount each : addressed) {
            AccountState state = each.state();
            if (state != null && isShared(state)) {
                return true;
            }
        }
        return false;
    }

    private Future<Void> loadLocked(SqlConnection connection, Collection<AccountKey> keys) {
        return store.load(connection, keys, true).map(loaded -> {
            keys.forEach(key -> account(key).read(loaded.get(key)));
            return null;
        });
    }

    private static boolean isShared(AccountState state) {
        return !(state.share() instanceof Share.Alone);
    }
}
