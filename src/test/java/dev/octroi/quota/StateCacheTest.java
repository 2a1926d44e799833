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
import java.util.SplittableRandom;
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
                    AccountState known = cache.get(state.key());
                    if (known != null) {
                        assertThat(known).as("seed %d step %d", seed, step).isEqualTo(model.get(state.key()));
                    }
                }
            }
        }
        long held =
                model.keySet().stream().filter(key -> cache.get(key) != null).count();
        assertThat(held).as("seed %d", seed).isBetween(1L, (long) CAPACITY);
    }

    @Test
    void asManyAsFitAreAllKept() {
        StateCache cache = new StateCache(CAPACITY);
        for (int i = 1; i <= CAPACITY; i++) {
            cache.put(state(i, i));
        }
        for (int i = 1; i <= CAPACITY; i++) {
            assertThat(cache.get(new AccountKey(1, i))).isNotNull();
        }
    }

    @Test
    void anAccountThatIsAskedForOutlivesThoseThatAreNot() {
        StateCache cache = new StateCache(CAPACITY);
        AccountKey dear = new AccountKey(1, 1);
        cache.put(state(1, 1));
        List<AccountKey> others = new ArrayList<>();
        for (int i = 2; i < 20 * CAPACITY; i++) {
            assertThat(cache.get(dear)).as("after %d others", i).isNotNull();
            AccountState other = state(i, i);
            cache.put(other);
            others.add(other.key());
        }
        assertThat(others.stream().filter(key -> cache.get(key) != null)).hasSize(CAPACITY - 1);
    }

    private static AccountState state(long id, long version) {
        AccountState fresh = AccountState.fresh(
                new NewAccount(new AccountKey(1, id), id, AccountFixture.france(), AccountFixture.PARIS, AT));
        return fresh.written(version, OpenHours.NONE);
    }
}
