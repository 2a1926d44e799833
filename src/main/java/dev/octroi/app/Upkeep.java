package dev.octroi.app;

import dev.octroi.audit.AuditExport;
import dev.octroi.db.Purges;
import dev.octroi.db.Rounds;
import dev.octroi.rsp.order.Downloads;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What has to be looked after while the gateway runs: twice a minute certificates, revocation lists and signing keys are read
 * again (another process may have changed them), once a minute the ends of the audit chains are checked and exported. Every
 * ten minutes what was kept long enough to know repeated requests and reports again is forgotten, and so are subscriptions
 * that have expired.
 */
final class Upkeep implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Upkeep.class);
    private static final long CREDENTIALS_MS = 30_000;
    private static final long AUDIT_MS = 60_000;
    private static final long SESSIONS_MS = 60_000;
    private static final Duration PROTECT = Duration.ofSeconds(2);
    private static final long PURGE_MS = 600_000;
    private static final int TIMEOUT_SECONDS = 20;

    private final Vertx vertx;
    private final List<Long> timers;
    private final Rounds protecting;

    private Upkeep(Vertx vertx, List<Long> timers, Rounds protecting) {
        this.vertx = vertx;
        this.timers = timers;
        this.protecting = protecting;
    }

    static Upkeep start(
            Vertx vertx,
            Trust trust,
            CertificateMetrics certificates,
            Duration certificatePoll,
            Listeners listeners,
            Credentials credentials,
            AuditExport audit,
            Downloads downloads,
            Purges purges) {
        Rounds protecting = protecting(vertx, PROTECT, downloads::protectAhead);
        protecting.start();
        return new Upkeep(
                vertx,
                List.of(
                        vertx.setPeriodic(CREDENTIALS_MS, timer -> run(vertx, "credentials", credentials::refresh)),
                        vertx.setPeriodic(
                                certificatePoll.toMillis(),
                                timer -> run(vertx, "certificates of the SM-DP+", () -> {
                                    if (trust.rsp().refresh()) {
                                        certificates.refresh();
                                        Blocking.await("TLS reload", listeners.refreshTls(), TIMEOUT_SECONDS);
                                    }
                                })),
                        vertx.setPeriodic(AUDIT_MS, timer -> export(audit)),
                        vertx.setPeriodic(
                                SESSIONS_MS,
                                timer -> downloads
                                        .sweepSessions()
                                        .onFailure(failure -> log.warn("download sessions were not swept", failure))),
                        vertx.setPeriodic(PURGE_MS, timer -> purges.run())),
                protecting);
    }

    @Override
    public void close() {
        protecting.close();
        timers.forEach(vertx::cancelTimer);
    }

    /**
     * As long as a transaction was full the next one follows at once, and no round begins beside it: with each more would come to
     * wait for the connections of this event loop, which all else here needs, too.
     *
     * @param some protects some profiles; how many it looked at
     */
    static Rounds protecting(Vertx vertx, Duration period, Supplier<Future<Integer>> some) {
        return new Rounds(
                vertx,
                period,
                () -> protectAll(some),
                failure -> log.warn("profiles were not protected ahead of their download", failure));
    }

    private static Future<Void> protectAll(Supplier<Future<Integer>> some) {
        Promise<Void> through = Promise.promise();
        protectSome(some, through);
        return through.future();
    }

    /** No future lies inside the one before: a batch is thousands of transactions long, and as many of them would end the stack. */
    private static void protectSome(Supplier<Future<Integer>> some, Promise<Void> through) {
        some.get().onComplete(looked -> {
            if (looked.failed()) {
                through.fail(looked.cause());
            } else if (looked.result() == Downloads.PROTECTED_AT_ONCE) {
                protectSome(some, through);
            } else {
                through.complete();
            }
        });
    }

    private static void export(AuditExport audit) {
        audit.export()
                .onSuccess(findings -> findings.forEach(finding -> log.atError()
                        .addKeyValue("tenant", finding.tenantId())
                        .addKeyValue("seq", finding.seq())
                        .log("audit chain does not hold: {}", finding.what())))
                .onFailure(failure -> log.warn("audit heads were not exported", failure));
    }

    private static void run(Vertx vertx, String what, Work work) {
        vertx.executeBlocking(
                        () -> {
                            work.run();
                            return what;
                        },
                        false)
                .onFailure(failure -> log.warn("{} were not read again, the old ones stay", what, failure));
    }

    /** Work that reads and writes files. */
    private interface Work {
        void run() throws Exception;
    }
}
