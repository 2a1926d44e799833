package dev.octroi.app;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs a gateway until SIGTERM or SIGINT, then stops it in order. */
public final class Lifecycle {
    private static final Logger log = LoggerFactory.getLogger(Lifecycle.class);

    private static final Duration GIVE_UP = Duration.ofMinutes(2);
    /** A start that is asked to stop goes on to its end, or to its failure: half of a gateway cannot be closed in order. */
    private static final Duration START_PATIENCE = Duration.ofMinutes(1);

    private Lifecycle() {}

    /** Ends the process with 1, in order as far as that is possible, so that whoever supervises it starts it again. */
    static void giveUp() {
        Thread patience = new Thread(
                () -> {
                    LockSupport.parkNanos(GIVE_UP.toNanos());
                    Runtime.getRuntime().halt(1);
                },
                "octroi-give-up");
        patience.setDaemon(true);
        patience.start();
        System.exit(1);
    }

    /**
     * Starts a gateway, tells when it runs, and blocks until it was stopped; returns the exit code.
     *
     * @throws RuntimeException when it does not start; what had started is closed again
     */
    public static int run(Supplier<Gateway> start, Consumer<Gateway> ready) throws InterruptedException {
        CompletableFuture<Gateway> starting = new CompletableFuture<>();
        CountDownLatch stopped = new CountDownLatch(1);
        // The hook must block: the JVM halts as soon as all hooks have returned.
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            stop(starting);
                            stopped.countDown();
                        },
                        "octroi-stop"));
        try {
            starting.complete(start.get());
        } catch (RuntimeException | Error e) {
            starting.completeExceptionally(e);
            throw e;
        }
        ready.accept(starting.join());
        stopped.await();
        return 0;
    }

    private static void stop(CompletableFuture<Gateway> starting) {
        starting.orTimeout(START_PATIENCE.toSeconds(), TimeUnit.SECONDS);
        Gateway gateway;
        try {
            gateway = starting.join();
        } catch (CompletionException closedItself) {
            return;
        }
        log.info("stopping");
        gateway.close();
        log.info("stopped");
    }
}
