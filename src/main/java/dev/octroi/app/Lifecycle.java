package dev.octroi.app;

import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs a started gateway until SIGTERM or SIGINT, then stops it in order. */
public final class Lifecycle {
    private static final Logger log = LoggerFactory.getLogger(Lifecycle.class);

    private Lifecycle() {}

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
