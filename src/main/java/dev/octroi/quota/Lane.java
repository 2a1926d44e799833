package dev.octroi.quota;

import dev.octroi.db.ClockTrust;
import dev.octroi.db.Database;
import dev.octroi.quota.account.AccountState;
import dev.octroi.quota.account.Outcome;
import dev.octroi.quota.account.Refusal;
import dev.octroi.quota.decide.Decider;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.pgclient.PgException;
import java.nio.BufferUnderflowException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Decides the commands of the accounts that hash to it, one batch after the other. There is no timer: while a batch is
 * being written the next one gathers.
 */
final class Lane {
    /**
     * Enough that accounts of one page come together, which makes a record cheaper for the database than in halves of it; more
     * hold their rows longer and were no cheaper.
     */
    private static final int MAX_BATCH = 2_000;

    private static final int MAX_WAITING = 20_000;
    private static final int MAX_ATTEMPTS = 6;
    /** Unique violation. */
    private static final String TAKEN = "23505";

    /**
     * Serialization failure, deadlock, a record counted by another gateway at the same moment, a statement prepared before a
     * migration changed what it finds: decide again.
     */
    private static final Set<String> RACES = Set.of("40001", "40P01", TAKEN, "0A000");

    private final Context context;
    private final Database database;
    private final Decider decider;
    private final BatchStores stores;
    private final InstantSource clock;
    private final ClockTrust trust;
    private final StateCache cache;
    private final CountedMemory counted = new CountedMemory();
    private final LateUsage late;
    private final AtomicInteger depth = new AtomicInteger();
    private final ArrayDeque<Pending> waiting = new ArrayDeque<>();
    private boolean writing;
    private boolean called;

    Lane(
            Context context,
            Database database,
            Decider decider,
            BatchStores stores,
            InstantSource clock,
            ClockTrust trust,
            LateUsage late,
            int cachedAccounts) {
        this.context = context;
        this.database = database;
        this.decider = decider;
        this.stores = stores;
        this.clock = clock;
        this.trust = trust;
        this.late = late;
        this.cache = new StateCache(cachedAccounts);
    }

    /** Takes commands from any thread: all of them, as long as there is room for the first. */
    void submit(List<Pending> commands) {
        if (depth.getAndAdd(commands.size()) >= MAX_WAITING) {
            depth.addAndGet(-commands.size());
            refuse(commands, "Too many changes are waiting; try again in a second.");
            return;
        }
        context.runOnContext(ignored -> {
            waiting.addAll(commands);
            if (!called && !writing) {
                called = true;
                // Behind all that has been submitted by now, so that it comes into the same batch.
                context.runOnContext(then -> {
                    called = false;
                    writeNext();
                });
            }
        });
    }

    /** Commands taken and not yet answered. */
    int depth() {
        return depth.get();
    }

    private void writeNext() {
        if (writing || waiting.isEmpty()) {
            return;
        }
        writing = true;
        List<Pending> commands = new ArrayList<>(Math.min(MAX_BATCH, waiting.size()));
        while (commands.size() < MAX_BATCH && !waiting.isEmpty()) {
            commands.add(waiting.poll());
        }
        begun(commands)
                .onComplete(done -> context.runOnContext(ignored -> {
                    writing = false;
                    writeNext();
                }));
    }

    /** Whatever is thrown, an error too: a batch that never ends would stop the lane for good. */
    private Future<Void> begun(List<Pending> commands) {
        try {
            return write(commands, 1);
        } catch (Throwable e) {
            return giveUp(commands, e);
        }
    }

    private Future<Void> write(List<Pending> commands, int attempt) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        if (!trust.holds(now)) {
            leave(commands);
            refuse(commands, "The gateway's clock is wrong; try again at another one.");
            return Future.succeededFuture();
        }
        Batch batch = new Batch(commands, now, decider, stores, counted);
        batch.addressed().forEach(each -> each.remember(cache.find(each.key())));
        return run(batch, attempt > 1)
                .<Void>map(written -> {
                    batch.accounts().forEach(this::keep);
                    counted.written(batch.effects().ledger());
                    late.add(batch.effects().late());
                    leave(commands);
                    batch.answer();
                    if (batch.effects().tellSomebody()) {
                        stores.sinks().committed().run();
                    }
                    return null;
                })
                .recover(failure -> {
                    batch.addressed().forEach(each -> cache.forget(each.key()));
                    return again(commands, attempt, failure);
                });
    }

    private static void refuse(List<Pending> commands, String why) {
        for (Pending each : commands) {
            each.waiting().tell(new Outcome.Refused(Refusal.BUSY, why));
        }
    }

    private void keep(BatchAccount account) {
        AccountState state = account.state();
        StateCache.Slot slot = account.slot();
        if (state != null && slot != null) {
            slot.put(state);
        } else if (state != null) {
            cache.put(state);
        }
    }

    private Future<Void> run(Batch batch, boolean lock) {
        try {
            return batch.run(database, lock);
        } catch (Throwable e) {
            return Future.failedFuture(e);
        }
    }

    /** After a lost race all is decided again; a batch that the database will not take is halved to find the culprit. */
    private Future<Void> again(List<Pending> commands, int attempt, Throwable failure) {
        if (isTaken(failure)) {
            counted.wasWrong();
        }
        if (isRace(failure) && attempt < MAX_ATTEMPTS) {
            return write(commands, attempt + 1);
        }
        if (isOnesFault(failure) && commands.size() > 1) {
            int half = commands.size() / 2;
            return write(commands.subList(0, half), 1)
                    .eventually(() -> write(commands.subList(half, commands.size()), 1));
        }
        return giveUp(commands, failure);
    }

    private Future<Void> giveUp(List<Pending> commands, Throwable failure) {
        leave(commands);
        for (Pending each : commands) {
            each.waiting().fail(failure);
        }
        return Future.succeededFuture();
    }

    /** Before they hear of it: who was answered must not find itself waiting. Each leaves once, however often it is decided. */
    private void leave(List<Pending> commands) {
        int gone = 0;
        for (Pending each : commands) {
            gone += each.leave() ? 1 : 0;
        }
        depth.addAndGet(-gone);
    }

    static boolean isRace(Throwable failure) {
        return failure instanceof StaleAccountException
                || (failure instanceof PgException refusal && RACES.contains(refusal.getSqlState()));
    }

    /** Whether something was to be written that is there already, as a rule a record. */
    private static boolean isTaken(Throwable failure) {
        return failure instanceof PgException refusal && TAKEN.equals(refusal.getSqlState());
    }

    /**
     * Whether one command of a batch may be to blame: a value the database refuses (SQLSTATE classes 22 and 23), or one
     * that deciding trips over. A database that is gone or slow is nobody's fault and is not asked a thousand times.
     */
    static boolean isOnesFault(Throwable failure) {
        if (failure instanceof PgException refusal) {
            String state = String.valueOf(refusal.getSqlState());
            return state.startsWith("22") || state.startsWith("23");
        }
        return failure instanceof IllegalArgumentException
                || failure instanceof ArithmeticException
                || failure instanceof DateTimeException
                || failure instanceof NullPointerException
                || failure instanceof IndexOutOfBoundsException
                || failure instanceof BufferUnderflowException
                || failure instanceof NoSuchElementException;
    }
}
