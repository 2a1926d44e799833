package dev.octroi.app;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs a started gateway until SIGTERM or SIGINT, then stops it in order. */
public final class Lifecycle {
    private static final Logger log = LoggerFactory.getLogger(Lifecycle.class);

    private static final Duration GIVE_UP = Duration.ofMinutes(2);

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

    /** Blocks until the gateway was stopped; returns the exit code. */
    public static int run(Gateway gateway) throws InterruptedException {
        CountDownLatch stopped = new CountDownLatch(1);
        // The hook must block: the JVM halts as soon as all hooks have returned.
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            log.info("stopping");
                            gateway.close();
                            log.info("stopped");
                            stopped.countDown();
                        },
                        "octroi-stop"));
        stopped.await();
        return 0;
    }
}
