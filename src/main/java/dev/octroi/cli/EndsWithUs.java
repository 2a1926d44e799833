package dev.octroi.cli;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;

/**
 * What this process made outside itself and must not leave behind: children, servers, folders. When the process is asked to
 * end (SIGTERM, Ctrl-C) before it has closed them itself, they are closed in the reverse order in which they were made. Each
 * of them bounds the time that its closing takes.
 */
public final class EndsWithUs {
    private static final List<AutoCloseable> made = new ArrayList<>();
    private static boolean isEnding;

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(EndsWithUs::end, "octroi-end"));
    }

    private EndsWithUs() {}

    /**
     * Remembers what was made, once however often it is said.
     *
     * @throws IllegalStateException if the process is ending: nothing may be started any more
     */
    public static void add(AutoCloseable thing) {
        requireNonNull(thing, "thing is null");
        synchronized (made) {
            if (isEnding) {
                throw new IllegalStateException("this process is ending");
            }
            if (!made.contains(thing)) {
                made.add(thing);
            }
        }
    }

    /** Forgets what is closed. */
    public static void remove(AutoCloseable thing) {
        synchronized (made) {
            made.remove(thing);
        }
    }

    private static void end() {
        List<AutoCloseable> left;
        synchronized (made) {
            isEnding = true;
            left = List.copyOf(made).reversed();
        }
        for (AutoCloseable thing : left) {
            try {
                thing.close();
            } catch (Exception e) {
                System.err.println("octroi: not ended in order: " + e);
            }
        }
    }
}
