package dev.octroi.telemetry;

import static java.util.Objects.requireNonNull;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongFunction;

/**
 * Log lines on their way to whoever reads them, so that no reader can stop who logs: one daemon thread writes, what it
 * cannot keep up with waits up to a bound, and beyond that lines are dropped and counted, the least urgent first.
 *
 * <p>Only an error waits until it is written, because the process may be about to end, and so does every line once the
 * process is ending; both for a short time only.
 */
final class LogQueue implements AutoCloseable {
    /** Lines that may wait. */
    static final int LINES = 8_192;

    /** Bytes that may wait. */
    static final long BYTES = 8L << 20;

    private static final long PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final int FEW_LINES = 64;
    private static final long ENDING_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final int BUFFER_BYTES = 64 * 1024;

    private final OutputStream out;
    private final LongFunction<byte[]> notice;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition arrived = lock.newCondition();
    private final Condition written = lock.newCondition();
    private final Map<LogUrgency, AtomicLong> dropped = new EnumMap<>(LogUrgency.class);

    // Guarded by the lock. Lines and bytes count what waits and what is being written.
    private Deque<byte[]> waiting = new ArrayDeque<>();
    private long bytes;
    private long added;
    private long done;
    private boolean stuck;
    private boolean closed;
    private boolean ending;
    private long patience = ENDING_NANOS;

    // The writer's own.
    private long said;

    /**
     * @param notice makes the line which says how many lines were dropped since the last one
     */
    LogQueue(OutputStream out, LongFunction<byte[]> notice) {
        this.out = new BufferedOutputStream(out, BUFFER_BYTES);
        this.notice = notice;
        for (LogUrgency urgency : LogUrgency.values()) {
            dropped.put(urgency, new AtomicLong());
        }
        Thread writer = new Thread(this::write, "octroi-log");
        writer.setDaemon(true);
        writer.start();
    }

    /** Takes a line or drops it. Returns at once, but for an error and at the end of the process. */
    void offer(byte[] line, LogUrgency urgency) {
        lock.lock();
        try {
            if (closed || added - done >= urgency.of(LINES) || bytes + line.length > urgency.of(BYTES)) {
                count(urgency).incrementAndGet();
                return;
            }
            waiting.add(line);
            bytes += line.length;
            added++;
            arrived.signal();
            if (ending) {
                awaitEnding();
            } else if (urgency == LogUrgency.ERROR && !stuck && added - done <= FEW_LINES) {
                stuck = !await(PATIENCE_NANOS).isDone();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Lines of an urgency that were dropped since the start. */
    long dropped(LogUrgency urgency) {
        return count(urgency).get();
    }

    /** The process is ending: waits until all is written, and lets each further line be waited for; one second in all. */
    void end() {
        lock.lock();
        try {
            ending = true;
            awaitEnding();
        } finally {
            lock.unlock();
        }
    }

    /** Writes what waits, for a second at most, and takes nothing more. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            arrived.signal();
            awaitEnding();
        } finally {
            lock.unlock();
        }
    }

    private void awaitEnding() {
        patience = await(patience).nanosLeft();
    }

    private record Wait(boolean isDone, long nanosLeft) {}

    /** Waits until all that was added is written; releases the lock meanwhile. */
    private Wait await(long nanos) {
        long goal = added;
        long left = nanos;
        try {
            while (done < goal && left > 0) {
                left = written.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return new Wait(done >= goal, Math.max(0, left));
    }

    private void write() {
        while (true) {
            Deque<byte[]> batch = take();
            if (batch.isEmpty()) {
                return;
            }
            boolean moves = put(batch);
            settle(batch, moves);
        }
    }

    /** All that waits; nothing once the queue is closed. */
    private Deque<byte[]> take() {
        lock.lock();
        try {
            while (waiting.isEmpty() && !closed) {
                arrived.awaitUninterruptibly();
            }
            Deque<byte[]> batch = waiting;
            waiting = new ArrayDeque<>();
            return batch;
        } finally {
            lock.unlock();
        }
    }

    /** Whether the reader took them. */
    private boolean put(Deque<byte[]> batch) {
        try {
            for (byte[] line : batch) {
                out.write(line);
            }
            out.flush();
            long lost = total() - said;
            if (lost > 0) {
                said += lost;
                out.write(notice.apply(lost));
                out.flush();
            }
            return true;
        } catch (IOException | RuntimeException | OutOfMemoryError e) {
            // Nobody reads any more, or there is no room for the notice; there is no other place to say so.
            return false;
        }
    }

    private void settle(Deque<byte[]> batch, boolean taken) {
        lock.lock();
        try {
            done += batch.size();
            batch.forEach(line -> bytes -= line.length);
            stuck = !taken;
            written.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private long total() {
        return dropped.values().stream().mapToLong(AtomicLong::get).sum();
    }

    private AtomicLong count(LogUrgency urgency) {
        return requireNonNull(dropped.get(urgency), "every urgency is counted");
    }
}
