package dev.octroi.audit;

import static java.util.Objects.requireNonNull;

import dev.octroi.db.Database;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Checks every chain from its first row to its head and against the exported heads. Whatever is altered, dropped, reordered
 * or cut off is found, and the first bad number is named.
 */
public final class AuditVerifier {
    private static final int PAGE = 2_000;

    private final AuditStore store = new AuditStore();
    private final Database database;
    private final AnchorFile anchorFile;

    /**
     * @param database read as the worker role, which sees all tenants
     * @param dataDirectory the setting {@code data.dir}, where the exported heads lie
     */
    public AuditVerifier(Database database, Path dataDirectory) throws IOException {
        this.database = requireNonNull(database, "database is null");
        this.anchorFile = AnchorFile.open(dataDirectory);
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

    /** Checks all chains. Fails with an {@link IOException} when the exported heads themselves were changed. */
    public Future<Report> verify() {
        Map<Integer, Anchor> anchors;
        try {
            anchors = anchorFile.read();
        } catch (IOException e) {
            return Future.failedFuture(e);
        }
        return database.inWorker(connection -> store.freeze(connection)
                .compose(frozen -> store.heads(connection))
                .compose(heads -> {
                    Map<Integer, AuditHead> chains = new TreeMap<>();
                    anchors.keySet().forEach(tenant -> chains.put(tenant, new AuditHead(tenant, 0, new byte[0])));
                    heads.forEach(head -> chains.put(head.tenantId(), head));
                    Future<Report> report = Future.succeededFuture(new Report(0, 0, List.of()));
                    for (AuditHead head : chains.values()) {
                        report = report.compose(sofar -> verify(connection, head, anchors.get(head.tenantId()), sofar));
                    }
                    return report;
                }));
    }

    private Future<Report> verify(SqlConnection connection, AuditHead head, @Nullable Anchor anchor, Report sofar) {
        ChainCheck check = new ChainCheck(head.tenantId(), anchor);
        return walk(connection, check, head.tenantId()).map(walked -> {
            List<AuditFinding> findings = new ArrayList<>(sofar.findings());
            check.end(head).ifPresent(findings::add);
            return new Report(sofar.chains() + 1, sofar.rows() + check.lastSeq(), List.copyOf(findings));
        });
    }

    private Future<Void> walk(SqlConnection connection, ChainCheck check, int tenantId) {
        return store.after(connection, tenantId, check.lastSeq(), PAGE).compose(rows -> {
            rows.forEach(check::accept);
            boolean done = rows.size() < PAGE || check.isBroken();
            return done ? Future.succeededFuture() : walk(connection, check, tenantId);
        });
    }
}
