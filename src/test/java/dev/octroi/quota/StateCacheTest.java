package dev.octroi.quota;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octroi.quota.account.AccountKey;
import dev.octroi.quota.account.AccountState;
import dev.octroi.quota.account.NewAccount;
import dev.octroi.quota.account.OpenHours;
import dev.octroi.quota.decide.AccountFixture;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a lane remembers of its accounts. */
class StateCacheTest {
    private static final Instant AT = Instant.parse("2026-11-23T10:00:00Z");
    private static final int CAPACITY = 50;

    @Test
    void anAnswerIsAlwaysWhatWasPutLastAndNeverWhatWasForgotten() {
        long seed = 41;
        SplittableRandom random = new SplittableRandom(seed);
        StateCache cache = new StateCache(CAPACITY);
        Map<AccountKey, AccountState> model = new HashMap<>();
        for (int step = 0; step < 100_000; step++) {
            AccountState state = state(1 + random.nextInt(200), step);
            switch (random.nextInt(4)) {
                case 0 -> {
                    cache.put(state);
                    model.put(state.key(), state);
                }
                case 1 -> {
                    cache.forget(state.key());
                    model.remove(state.key());
                }
                default -> {
                    AccountState known = get(cache, state.key());
                    if (known != null) {
                        assertThat(known).as("seed %d step %d", seed, step).isEqualTo(model.get(state.key()));
                    }
                }
            }
        }
        long held =
                model.keySet().stream().filter(key -> get(cache, key) != null).count();
        assertThat(held).as("seed %d", seed).isBetween(1L, (long) CAPACITY);
    }

    @Test
    void asManyAsFitAreAllKept() {
        StateCache cache = new StateCache(CAPACITY);
        for (int i = 1; i <= CAPACITY; i++) {
            cache.put(state(i, i));
        }
        for (int i = 1; i <= CAPACITY; i++) {
            assertThat(get(cache, new AccountKey(1, i))).isNotNull();
        }
    }

    @Test
    void whatIsPutIntoASlotThatGaveWayOrWasForgottenIsNotSeen() {
        StateCache cache = new StateCache(CAPACITY);
        cache.put(state(1, 1));
        cache.put(state(2, 1));
        StateCache.Slot forgotten = Objects.requireNonNull(cache.find(new AccountKey(1, 1)));
        StateCache.Slot gone = Objects.requireNonNull(cache.find(new AccountKey(1, 2)));
        cache.forget(new AccountKey(1, 1));
        for (int i = 3; i < 4 * CAPACITY; i++) {
            cache.put(state(i, i));
        }
        forgotten.put(state(1, 2));
        gone.put(state(2, 2));
        assertThat(get(cache, new AccountKey(1, 1))).isNull();
        assertThat(get(cache, new AccountKey(1, 2))).isNull();
        cache.put(state(2, 3));
        assertThat(get(cache, new AccountKey(1, 2))).isEqualTo(state(2, 3));
    }

    @Test
    void anAccountThatIsAskedForOutlivesThoseThatAreNot() {
        StateCache cache = new StateCache(CAPACITY);
        AccountKey dear = new AccountKey(1, 1);
        cache.put(state(1, 1));
        List<AccountKey> others = new ArrayList<>();
        for (int i = 2; i < 20 * CAPACITY; i++) {
            assertThat(get(cache, dear)).as("after %d others", i).isNotNull();
            AccountState other = state(i, i);
            cache.put(other);
            others.add(other.key());
        }
        assertThat(others.stream().filter(key -> get(cache, key) != null)).hasSize(CAPACITY - 1);
    }

    private static @Nullable AccountState get(StateCache cache, AccountKey key) {
        StateCache.Slot slot = cache.find(key);
        return slot == null ? null : slot.account();
    }

    private static AccountState state(long id, long version) {
        AccountState fresh = AccountState.fresh(
                new NewAccount(new AccountKey(1, id), id, AccountFixture.france(), AccountFixture.PARIS, AT));
        return fresh.written(version, OpenHours.NONE);
    }
}
