package dev.octroi.audit;

import static java.util.Objects.requireNonNull;

import dev.octroi.db.Database;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Checks every chain from its first row to its head and against the exported heads. Whatever is altered, dropped, reordered
 * or cut off is found, and the first bad number is named.
 */
public final class AuditVerifier {
    private static final int PAGE = 2_000;

    private final AuditStore store = new AuditStore();
    private final Database database;
    private final AnchorFile anchorFile;
    private final int page;

    /**
     * @param database read as the worker role, which sees all tenants
     * @param dataDirectory the setting {@code data.dir}, where the exported heads lie
     */
    public AuditVerifier(Database database, Path dataDirectory) throws IOException {
        this(database, dataDirectory, PAGE);
    }

    AuditVerifier(Database database, Path dataDirectory, int page) throws IOException {
        this.database = requireNonNull(database, "database is null");
        this.anchorFile = AnchorFile.open(dataDirectory);
        this.page = page;
    }

    /**
     * What was checked and what was found.
     *
     * @param chains number of chains
     * @param rows number of good rows
     * @param findings the first bad row of each broken chain
     */
    public record Report(int chains, long rows, List<AuditFinding> findings) {
        /** Whether every chain holds. */
        public boolean holds() {
            return findings.isEmpty();
        }
    }

    /** Checks all chains. Fails with a {@link ChangedHeadsException} when the exported heads themselves were changed. */
    public Future<Report> verify() {
        Map<Integer, Anchor> anchors;
        try {
            anchors = anchorFile.read();
        } catch (IOException e) {
            return Future.failedFuture(e);
        }
        return database.inWorker(store::heads).compose(heads -> {
            TreeSet<Integer> tenants = new TreeSet<>(anchors.keySet());
            heads.forEach(head -> tenants.add(head.tenantId()));
            Future<Report> report = Future.succeededFuture(new Report(0, 0, List.of()));
            for (int tenantId : tenants) {
                report = report.compose(sofar -> verify(new ChainCheck(tenantId, anchors.get(tenantId)), sofar));
            }
            return report;
        });
    }

    private Future<Report> verify(ChainCheck check, Report sofar) {
        return walk(check).map(head -> {
            List<AuditFinding> findings = new ArrayList<>(sofar.findings());
            check.end(head).ifPresent(findings::add);
            return new Report(sofar.chains() + 1, sofar.rows() + check.lastSeq(), List.copyOf(findings));
        });
    }

    /** Walks a chain to its end or its first bad row; gives the head as it was with the last page. */
    Future<AuditHead> walk(ChainCheck check) {
        Promise<AuditHead> over = Promise.promise();
        walk(check, over);
        return over.future();
    }

    /**
     * One page after the other, none inside the future of the one before it: a long chain would end the thread's stack. Each is read
     * in a transaction of its own: one over all would keep the database from clearing up behind those who count.
     *
     * @param over gets the head as it was with the last page
     */
    private void walk(ChainCheck check, Promise<AuditHead> over) {
        database.inWorker(connection -> store.freeze(connection)
                        .compose(frozen -> store.head(connection, check.tenantId()))
                        .compose(head -> store.after(connection, check.tenantId(), check.lastSeq(), page)
                                .map(rows -> accept(check, head, rows))))
                .onFailure(over::fail)
                .onSuccess(end -> end.ifPresentOrElse(over::complete, () -> walk(check, over)));
    }

    /** The head where the chain is at its end. */
    private Optional<AuditHead> accept(ChainCheck check, AuditHead head, List<AuditRow> rows) {
        rows.forEach(check::accept);
        return rows.size() < page || check.isBroken() ? Optional.of(head) : Optional.empty();
    }
}
