package dev.octroi.cli.bench;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * Sends at a steady rate, whether what was sent before is answered or not: a queue before the server counts. Nothing is kept of
 * a message but its time, because what a client collects its own garbage collector looks through while answers wait.
 */
final class SteadyRate {
    private SteadyRate() {}

    /**
     * Sends and waits for the last answer.
     *
     * @param count messages, at least one
     * @param send sends the one of a number, from 0 on; completed by its answer
     * @return the time from when each should have been sent to its answer, nanoseconds, ascending
     * @throws Exception when one of them failed
     */
    static List<Long> times(double perSecond, int count, IntFunction<Future<?>> send) throws Exception {
        AtomicLongArray times = new AtomicLongArray(count);
        AtomicInteger left = new AtomicInteger(count);
        Promise<Void> all = Promise.promise();
        long start = System.nanoTime();
        for (int i = 0; i < count; i++) {
            int place = i;
            long due = start + (long) (TimeUnit.SECONDS.toNanos(1) * i / perSecond);
            LockSupport.parkNanos(due - System.nanoTime());
            send.apply(place).onComplete(ended -> {
                times.set(place, System.nanoTime() - due);
                if (ended.failed()) {
                    all.tryFail(ended.cause());
                } else if (left.decrementAndGet() == 0) {
                    all.tryComplete();
                }
            });
        }
        BenchPools.await(all.future());
        long[] sorted = IntStream.range(0, count).mapToLong(times::get).sorted().toArray();
        return Arrays.stream(sorted).boxed().toList();
    }
}
