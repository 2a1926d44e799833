package dev.octroi.app;

import static java.util.Objects.requireNonNull;

import dev.octroi.app.SealedValueStore.Anew;
import dev.octroi.app.SealedValueStore.Found;
import dev.octroi.db.Unavailable;
import dev.octroi.secret.Keyring;
import dev.octroi.secret.SealBrokenException;
import dev.octroi.secret.Sealer;
import io.vertx.core.Future;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Seals anew what lies under earlier key encryption keys, beside running gateways and as often as wanted: each value is replaced only
 * if it is still the one that was read. Tables are walked in pieces of their pages, so that no statement takes long, and again until
 * nothing is found, because rows that a gateway changes meanwhile move (docs/adr/0058). Blocking.
 */
public final class Resealing {
    private static final int PAGES_AT_ONCE = 64;
    private static final int MAX_ROUNDS = 10;
    private static final int TIMEOUT_SECONDS = 60;
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final SealedValueStore store;
    private final Sealer sealer;

    /**
     * What has been done.
     *
     * @param sealedAnew values
     * @param unreadable values whose key is not there or that were altered; they stay
     * @param inHand values that gateways had in hand each time: to be sealed anew by another run
     */
    public record Outcome(long sealedAnew, long unreadable, long inHand) {
        static final Outcome NOTHING = new Outcome(0, 0, 0);

        Outcome and(Outcome more) {
            return new Outcome(sealedAnew + more.sealedAnew, unreadable + more.unreadable, inHand + more.inHand);
        }

        /** Whether nothing is left under an earlier key. */
        public boolean isAll() {
            return unreadable + inHand == 0;
        }
    }

    /**
     * A walk through one column.
     *
     * @param missed rows changed between reading and writing, and are elsewhere now with the old value, or are in somebody's hand
     */
    private record Walk(long sealedAnew, long missed, long unreadable) {
        private static final Walk NOTHING = new Walk(0, 0, 0);

        private Walk and(Walk more) {
            return new Walk(sealedAnew + more.sealedAnew, missed + more.missed, unreadable + more.unreadable);
        }
    }

    Resealing(SealedValueStore store, Sealer sealer) {
        this.store = requireNonNull(store, "store is null");
        this.sealer = requireNonNull(sealer, "sealer is null");
    }

    /**
     * With the keys of the data directory.
     *
     * @throws IOException when there are none
     */
    public static Resealing open(Settings settings, CommandDatabase connected) throws IOException {
        SecureRandom random = new SecureRandom();
        Clock clock = Clock.systemUTC();
        Keyring keyring = CommandKeys.open(settings, connected, random, clock);
        return new Resealing(new SealedValueStore(connected.database()), new Sealer(keyring, random, clock));
    }

    /** Seals everything anew; progress is a line for each column. */
    public Outcome run(Consumer<String> progress) {
        Outcome all = Outcome.NOTHING;
        for (SealedColumn column : SealedColumn.ALL) {
            Outcome done = run(column);
            progress.accept(column.table() + "." + column.column() + ": " + done.sealedAnew());
            all = all.and(done);
        }
        Outcome addresses = addresses();
        progress.accept(AddressResealing.TABLE + "." + AddressResealing.COLUMN + ": " + addresses.sealedAnew());
        return all.and(addresses);
    }

    private Outcome addresses() {
        AddressResealing resealing = new AddressResealing(store, sealer);
        long sealedAnew = 0;
        Outcome last = Outcome.NOTHING;
        for (int round = 0; round < MAX_ROUNDS; round++) {
            last = resealing.run();
            sealedAnew += last.sealedAnew();
            if (last.inHand() == 0) {
                break;
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
        return new Outcome(sealedAnew, last.unreadable(), last.inHand());
    }

    /** How many values lie under each key encryption key, those that go by themselves included. */
    public SortedMap<Integer, Long> use() {
        SortedMap<Integer, Long> use = new TreeMap<>();
        SealedColumn.ALL.forEach(column -> count(column.table(), column.column(), use));
        SealedColumn.PASSING.forEach((table, value) -> count(table, value, use));
        return use;
    }

    /** How many gateways that run have no key after this one, and so seal under it still. */
    public int gatewaysWithout(int kekId) {
        return await(store.gatewaysWithout(kekId));
    }

    private void count(String table, String value, SortedMap<Integer, Long> use) {
        Blocking.await(
                        "counting values by their keys",
                        store.countByKek(table, value),
                        SealedValueStore.COUNT_TIMEOUT_SECONDS)
                .forEach((kek, values) -> use.merge(kek, values, Long::sum));
    }

    private Outcome run(SealedColumn column) {
        long sealedAnew = 0;
        Walk last = Walk.NOTHING;
        for (int round = 0; round < MAX_ROUNDS; round++) {
            last = walk(column);
            sealedAnew += last.sealedAnew();
            if (last.sealedAnew() + last.missed() == 0) {
                break;
            }
            if (last.missed() > 0) {
                LockSupport.parkNanos(PAUSE.toNanos());
            }
        }
        return new Outcome(sealedAnew, last.unreadable(), last.missed());
    }

    private Walk walk(SealedColumn column) {
        long pages = await(store.pages(column.table()));
        Walk all = Walk.NOTHING;
        for (long first = 0; first < pages; first += PAGES_AT_ONCE) {
            all = all.and(pages(column, "(" + first + ",0)", "(" + (first + PAGES_AT_ONCE) + ",0)"));
        }
        return all;
    }

    private Walk pages(SealedColumn column, String begin, String end) {
        Walk all = Walk.NOTHING;
        @Nullable String after = begin;
        while (after != null) {
            List<Found> found = await(store.notUnder(sealer.sealingKekId(), column, after, end));
            all = all.and(renew(column, found));
            after = found.size() < column.rowsAtOnce() ? null : found.getLast().at();
        }
        return all;
    }

    private Walk renew(SealedColumn column, List<Found> found) {
        List<Anew> anew = new ArrayList<>();
        long unreadable = 0;
        for (Found each : found) {
            try {
                var place = column.aad(each.tenantId(), each.key());
                anew.add(new Anew(each, sealer.seal(place, sealer.open(place, each.sealed()))));
            } catch (SealBrokenException e) {
                unreadable++;
            }
        }
        long replaced = anew.isEmpty() ? 0 : replace(column, anew);
        return new Walk(replaced, anew.size() - replaced, unreadable);
    }

    /** Where a gateway was faster, or waits for one of these rows, all of them are missed this time. */
    private long replace(SealedColumn column, List<Anew> anew) {
        return await(store.replace(column, anew)
                .recover(failure ->
                        Unavailable.isSaidBy(failure) ? Future.succeededFuture(0) : Future.failedFuture(failure)));
    }

    private static <T> T await(Future<T> future) {
        return Blocking.await("sealing anew", future, TIMEOUT_SECONDS);
    }
}
