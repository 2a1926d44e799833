package dev.octroi.audit;

import static java.util.Objects.requireNonNull;

import dev.octroi.db.Database;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Exports the heads of all chains to a file out of the database's reach: the rows that came since the last export are
 * checked first, and a chain that does not hold keeps its last good page in the file. It goes page by page, each in a
 * short transaction, and a round that breaks off is gone on with where it was.
 */
public final class AuditExport {
    private static final int PAGE = 2_000;
    private static final int WRITE_EVERY_ROWS = 20_000;
    private static final int PAGE_TIMEOUT_SECONDS = 60;

    private final AuditStore store = new AuditStore();
    private final Vertx vertx;
    private final Database database;
    private final AnchorFile anchorFile;
    private final int page;
    private final AtomicInteger broken = new AtomicInteger();
    private @Nullable Future<List<AuditFinding>> running;

    /**
     * @param database read as the worker role, which sees all tenants
     * @param dataDirectory the setting {@code data.dir}, where the exported heads lie
     */
    public AuditExport(Vertx vertx, Database database, Path dataDirectory) throws IOException {
        this(vertx, database, dataDirectory, PAGE);
    }

    AuditExport(Vertx vertx, Database database, Path dataDirectory, int page) throws IOException {
        this.vertx = requireNonNull(vertx, "vertx is null");
        this.database = requireNonNull(database, "database is null");
        this.anchorFile = AnchorFile.open(dataDirectory);
        this.page = page;
    }

    /** Counts the chains that did not hold in the last round: {@code octroi_audit_broken}. */
    public void meter(MeterRegistry registry) {
        Gauge.builder("octroi.audit.broken", broken, AtomicInteger::get)
                .description("audit chains that did not hold when they were last looked at")
                .register(registry);
    }

    /**
     * Exports the present heads. While a round runs there is no other one beside it; whoever asks gets its result.
     *
     * @return the findings of chains that do not hold
     */
    public synchronized Future<List<AuditFinding>> export() {
        if (running == null || running.isComplete()) {
            running = round();
        }
        return running;
    }

    /** The same with all that is written by now: where a round runs, another one follows it. For the stop. */
    public synchronized Future<List<AuditFinding>> exportLast() {
        return running == null || running.isComplete() ? export() : running.transform(ended -> export());
    }

    private Future<List<AuditFinding>> round() {
        return vertx.executeBlocking(anchorFile::read, false)
                .compose(anchors -> database.inWorker(store::heads).compose(heads -> {
                    Round round = new Round(anchors);
                    TreeSet<Integer> tenants = new TreeSet<>(anchors.keySet());
                    heads.forEach(head -> tenants.add(head.tenantId()));
                    Future<Void> all = Future.succeededFuture();
                    for (int tenantId : tenants) {
                        all = all.compose(done -> walk(round, check(tenantId, anchors.get(tenantId))));
                    }
                    // What was checked before a failure need not be checked again.
                    return all.eventually(() -> vertx.executeBlocking(round::write, false))
                            .map(done -> List.copyOf(round.findings));
                }))
                .onSuccess(findings -> broken.set(findings.size()));
    }

    private static ChainCheck check(int tenantId, @Nullable Anchor last) {
        return last == null ? new ChainCheck(tenantId, null) : new ChainCheck(tenantId, null, last.seq(), last.hash());
    }

    /** What a chain had to show at one moment. */
    private record Page(AuditHead head, List<AuditRow> rows) {}

    private Future<Void> walk(Round round, ChainCheck check) {
        Promise<Void> over = Promise.promise();
        walk(round, check, over);
        return over.future();
    }

    /** One page after the other, none inside the future of the one before it: a long chain would end the thread's stack. */
    private void walk(Round round, ChainCheck check, Promise<Void> over) {
        look(round, check).onFailure(over::fail).onSuccess(isOver -> {
            if (isOver) {
                over.complete();
            } else {
                walk(round, check, over);
            }
        });
    }

    /** Whether the chain is at its end. */
    private Future<Boolean> look(Round round, ChainCheck check) {
        return database.inWorker(connection -> store.freeze(connection)
                        .compose(frozen -> store.head(connection, check.tenantId()))
                        .compose(head -> store.after(connection, check.tenantId(), check.lastSeq(), page)
                                .map(rows -> new Page(head, rows))))
                .timeout(PAGE_TIMEOUT_SECONDS, TimeUnit.SECONDS)
                .compose(read -> vertx.executeBlocking(() -> round.accept(check, read), false));
    }

    /** One walk through all chains; its parts run one after the other. */
    private final class Round {
        private final Map<Integer, Anchor> anchors;
        private final List<AuditFinding> findings = new ArrayList<>();
        private int unwritten;

        Round(Map<Integer, Anchor> anchors) {
            this.anchors = anchors;
        }

        /** Hashes rows: for a worker thread. Gives whether the chain is at its end. */
        boolean accept(ChainCheck check, Page read) throws IOException {
            long before = check.lastSeq();
            read.rows().forEach(check::accept);
            boolean isOver = read.rows().size() < page || check.isBroken();
            Optional<AuditFinding> finding = isOver ? check.end(read.head()) : Optional.empty();
            finding.ifPresent(findings::add);
            if (finding.isEmpty() && check.lastSeq() > before) {
                advance(check, before);
            }
            return isOver;
        }

        private void advance(ChainCheck check, long before) throws IOException {
            anchors.put(check.tenantId(), new Anchor(check.tenantId(), check.lastSeq(), check.lastHash()));
            unwritten += (int) (check.lastSeq() - before);
            if (unwritten >= WRITE_EVERY_ROWS) {
                write();
            }
        }

        @Nullable
        Void write() throws IOException {
            if (unwritten > 0 || !anchorFile.exists()) {
                anchorFile.write(anchors);
                unwritten = 0;
            }
            return null;
        }
    }
}
