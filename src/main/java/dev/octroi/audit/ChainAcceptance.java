package dev.octroi.audit;

import static java.util.Objects.requireNonNull;

import dev.octroi.db.Database;
import io.vertx.core.Future;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;

/**
 * Takes a chain as it is now where it does not lead to its exported head any more, because the database was restored from before it.
 * The chain itself has to hold, and says from then on which head it had before, and why.
 */
public final class ChainAcceptance {
    private final Database database;
    private final AnchorFile anchorFile;
    private final AuditVerifier verifier;
    private final InstantSource clock;

    /**
     * @param database as the worker role, which sees all tenants
     * @param dataDirectory the setting {@code data.dir}, where the exported heads lie
     */
    public ChainAcceptance(Database database, Path dataDirectory, InstantSource clock) throws IOException {
        this.database = requireNonNull(database, "database is null");
        this.anchorFile = AnchorFile.open(dataDirectory);
        this.verifier = new AuditVerifier(database, dataDirectory);
        this.clock = requireNonNull(clock, "clock is null");
    }

    /** What came of it. */
    public sealed interface Outcome {
        /** The exported head is that of the chain now. */
        record Accepted(long formerSeq, long seq) implements Outcome {}

        /** The chain leads to its exported head, or there is none: there is nothing to accept. */
        record Needless() implements Outcome {}

        /** The chain itself is broken, which nothing makes good. */
        record Broken(AuditFinding finding) implements Outcome {}
    }

    /**
     * Accepts the chain of a tenant.
     *
     * @param tenantId whose, 0 for that of the installation
     * @param actor who says so
     * @param reason why
     */
    public Future<Outcome> accept(int tenantId, String actor, String reason) {
        Map<Integer, Anchor> anchors;
        try {
            anchors = anchorFile.read();
        } catch (IOException e) {
            return Future.failedFuture(e);
        }
        Anchor former = anchors.get(tenantId);
        if (former == null) {
            return Future.succeededFuture(new Outcome.Needless());
        }
        return check(new ChainCheck(tenantId, former)).compose(differs -> {
            if (differs.isEmpty()) {
                return Future.succeededFuture(new Outcome.Needless());
            }
            ChainCheck chain = new ChainCheck(tenantId, null);
            return check(chain)
                    .compose(broken -> broken.isPresent()
                            ? Future.succeededFuture(new Outcome.Broken(broken.get()))
                            : accept(anchors, former, chain, actor, reason));
        });
    }

    private Future<Optional<AuditFinding>> check(ChainCheck chain) {
        return verifier.walk(chain).map(chain::end);
    }

    /** The row first: where the file cannot be written, there is at worst a row too many. */
    private Future<Outcome> accept(
            Map<Integer, Anchor> anchors, Anchor former, ChainCheck chain, String actor, String reason) {
        Anchor now = new Anchor(former.tenantId(), chain.lastSeq(), chain.lastHash());
        AuditEntry entry = new AuditEntry(
                former.tenantId(),
                clock.instant(),
                actor,
                "audit.chain_accepted",
                "audit",
                reason,
                words(former),
                words(now),
                null);
        return database.inWorker(connection -> new AuditLog().append(connection, entry))
                .compose(written -> {
                    anchors.put(former.tenantId(), now);
                    try {
                        anchorFile.write(anchors);
                    } catch (IOException e) {
                        return Future.failedFuture(e);
                    }
                    return Future.succeededFuture(new Outcome.Accepted(former.seq(), now.seq()));
                });
    }

    private static Map<String, ?> words(Anchor anchor) {
        return Map.of("seq", anchor.seq(), "hash", HexFormat.of().formatHex(anchor.hash()));
    }
}
