package dev.octroi.quota;

import dev.octroi.quota.account.AccountKey;
import dev.octroi.quota.account.AccountState;
import dev.octroi.quota.account.Share;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The accounts that a batch decides about: those its commands are for, and those that spend one volume with them. What is
 * remembered of an account is believed where it shares nothing; the others are locked and read together.
 */
final class BatchAccounts {
    private final AccountLoadStore store;
    private final Map<AccountKey, AccountState> states = new HashMap<>();
    private final Set<AccountKey> remembered = new HashSet<>();
    /** Accounts that ask to join a volume, by whose it is. */
    private final Map<AccountKey, AccountKey> joining = new HashMap<>();

    BatchAccounts(AccountLoadStore store) {
        this.store = store;
    }

    /** As far as the batch has come: what was known or read, then what was decided. */
    Map<AccountKey, AccountState> states() {
        return states;
    }

    /**
     * A state known from an earlier batch; the write finds out when it is out of date.
     *
     * @param key as the commands have it, which makes every look-up a comparison of references
     */
    void know(AccountKey key, AccountState state) {
        states.put(key, state);
        remembered.add(key);
    }

    /** Believes nothing that is remembered. */
    void forget() {
        states.clear();
        remembered.clear();
    }

    boolean isRemembered(AccountKey key) {
        return remembered.contains(key);
    }

    /** A command asks to join a volume; the first one of an account counts. */
    void asksToJoin(AccountKey account, AccountKey owner) {
        joining.putIfAbsent(account, owner);
    }

    /** Whether nothing has to be read of the accounts before the batch is decided. */
    boolean isEnough(Set<AccountKey> addressed) {
        return joining.isEmpty()
                && states.keySet().containsAll(addressed)
                && states.values().stream().allMatch(state -> state.share() instanceof Share.Alone);
    }

    /**
     * Reads what is missing, and all that is shared.
     *
     * @param addressed accounts of the commands
     * @param lock true: locks also those that share nothing, after those that do; in a first attempt they are locked by what is
     *     written, which comes last
     */
    Future<Void> load(SqlConnection connection, Set<AccountKey> addressed, boolean lock) {
        Set<AccountKey> missing = new HashSet<>(addressed);
        missing.removeAll(states.keySet());
        return store.load(connection, missing, false)
                .compose(loaded -> {
                    states.putAll(loaded);
                    return loadSharers(connection);
                })
                .compose(done -> lock ? lockAlone(connection, addressed) : Future.succeededFuture());
    }

    /** With whose volume an account is decided: its own, that of which it is a member, or that which it asks to join. */
    AccountKey volume(AccountState state) {
        AccountKey wanted = joining.get(state.key());
        return wanted != null && mayAsk(state, wanted) ? wanted : state.volumeKey();
    }

    private boolean mayAsk(AccountState state, AccountKey wanted) {
        AccountState owner = states.get(wanted);
        return state.share() instanceof Share.Alone
                && wanted.tenantId() == state.key().tenantId()
                && !joining.containsKey(wanted)
                && owner != null
                && !(owner.share() instanceof Share.Member);
    }

    /** The volumes that more than one account spends, or will. */
    Set<AccountKey> sharedVolumes() {
        Set<AccountKey> volumes = new HashSet<>();
        for (AccountState each : states.values()) {
            if (isShared(each) || !volume(each).equals(each.key())) {
                volumes.add(volume(each));
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
        states.values().stream().filter(BatchAccounts::isShared).forEach(state -> owners.add(state.volumeKey()));
        return owners.isEmpty()
                ? Future.succeededFuture()
                : loadLocked(connection, owners).compose(done -> loadSharers(connection, owners));
    }

    private Future<Void> loadSharers(SqlConnection connection, Set<AccountKey> locked) {
        Set<AccountKey> sharers = new HashSet<>(joining.keySet());
        states.values().forEach(state -> sharers.addAll(state.sharers()));
        return locked.containsAll(sharers)
                ? Future.succeededFuture()
                : loadLocked(connection, sharers).compose(done -> loadSharers(connection, sharers));
    }

    private Future<Void> lockAlone(SqlConnection connection, Set<AccountKey> addressed) {
        Set<AccountKey> alone = new HashSet<>(addressed);
        alone.removeIf(key -> isShared(states.get(key)));
        // One of them may have begun to share a moment ago.
        return loadLocked(connection, alone)
                .compose(done -> alone.stream().anyMatch(key -> isShared(states.get(key)))
                        ? loadSharers(connection)
                        : Future.succeededFuture());
    }

    private Future<Void> loadLocked(SqlConnection connection, Collection<AccountKey> keys) {
        return store.load(connection, keys, true).map(loaded -> {
            states.keySet().removeAll(keys);
            states.putAll(loaded);
            remembered.removeAll(keys);
            return null;
        });
    }

    private static boolean isShared(@Nullable AccountState state) {
        return state != null && !(state.share() instanceof Share.Alone);
    }
}
