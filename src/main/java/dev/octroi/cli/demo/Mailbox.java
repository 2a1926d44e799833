package dev.octroi.cli.demo;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;

/** What arrived at a receiver, oldest first; the last 10,000. Steps wait here for what they want to see. */
final class Mailbox<M> {
    private static final int MAX_KEPT = 10_000;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition arrived = lock.newCondition();
    private final Deque<M> messages = new ArrayDeque<>();

    void put(M message) {
        lock.lock();
        try {
            if (messages.size() == MAX_KEPT) {
                messages.removeFirst();
            }
            messages.addLast(message);
            arrived.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Waits for a message that fits, also among those already here. */
    M await(String what, Predicate<M> fits, Duration timeout) {
        long deadline = System.nanoTime() + timeout.toNanos();
        lock.lock();
        try {
            while (true) {
                for (M message : messages) {
                    if (fits.test(message)) {
                        return message;
                    }
                }
                long left = deadline - System.nanoTime();
                if (left <= 0) {
                    throw new NotObserved("within " + timeout.toMillis() + " ms there came no " + what + " (received: "
                            + messages.size() + ")");
                }
                arrived.await(left, TimeUnit.NANOSECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new NotObserved("interrupted while waiting for " + what);
        } finally {
            lock.unlock();
        }
    }

    /** All messages that fit, oldest first. */
    List<M> all(Predicate<M> fits) {
        lock.lock();
        try {
            return new ArrayList<>(messages.stream().filter(fits).toList());
        } finally {
            lock.unlock();
        }
    }
}
