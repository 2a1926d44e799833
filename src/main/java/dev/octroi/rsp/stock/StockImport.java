package dev.octroi.rsp.stock;

import static java.util.Objects.requireNonNull;

import dev.octroi.db.Database;
import dev.octroi.db.Ids;
import dev.octroi.rsp.order.NewStock;
import dev.octroi.rsp.order.ProfileVault;
import dev.octroi.rsp.order.SealedStock;
import dev.octroi.rsp.order.StockStore;
import dev.octroi.rsp.type.ProfileTypeStore;
import dev.octroi.rsp.type.StoredType;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.SqlConnection;
import java.io.IOException;
import java.io.Reader;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Imports batches of subscribers as profiles of a type. Rows are written in chunks, each in one transaction with its audit
 * row: a profile is there with its keys or not at all, and after a crash the same file completes what is missing. Keys are
 * sealed as soon as their line was read.
 */
public final class StockImport {
    /** Rows in one transaction. */
    static final int CHUNK = 250;

    private final Vertx vertx;
    private final Database database;
    private final ProfileTypeStore types;
    private final ProfileVault vault;
    private final StockStore stock;
    private final TransportKeys transportKeys;
    private final Ids ids;
    private final InstantSource clock;

    public StockImport(
            Vertx vertx,
            Database database,
            ProfileVault vault,
            TransportKeys transportKeys,
            Ids ids,
            InstantSource clock) {
        this.vertx = requireNonNull(vertx, "vertx is null");
        this.database = requireNonNull(database, "database is null");
        this.vault = requireNonNull(vault, "vault is null");
        this.types = vault.types();
        this.stock = new StockStore(vault);
        this.transportKeys = requireNonNull(transportKeys, "transportKeys is null");
        this.ids = requireNonNull(ids, "ids is null");
        this.clock = requireNonNull(clock, "clock is null");
    }

    /**
     * What is to be imported.
     *
     * @param tenantId whose profiles they become
     * @param typeName of which type
     * @param transportKey name of the key under which K and OPc are encrypted, or null when they are in clear
     * @param content the file, buffered
     * @param maxRows rows beyond this are not looked at
     */
    public record Batch(
            int tenantId, String typeName, @Nullable String transportKey, Reader content, int maxRows) {}

    /** What came of the attempt. */
    public sealed interface Outcome {
        /** The file was read to its end. */
        record Done(ImportReport report) implements Outcome {}

        /** Nothing was imported, or no more than the report says. */
        record Refused(Reason reason, String sentence, ImportReport report) implements Outcome {}
    }

    /** Why a batch was not imported. */
    public enum Reason {
        /** The tenant has no such type. */
        UNKNOWN_TYPE,
        /** The type is retired. */
        RETIRED_TYPE,
        /** The tenant has no such transport key. */
        UNKNOWN_TRANSPORT_KEY,
        /** The first line names no usable columns. */
        HEADER,
        /** It has more rows than are taken at once. */
        TOO_MANY_ROWS
    }

    /** Writes an audit row for what a chunk has imported, in the same transaction. */
    @FunctionalInterface
    public interface Auditor {
        /** @param imported at least 1 */
        Future<Void> audit(SqlConnection connection, StoredType type, int imported, int firstLine, int lastLine);
    }

    /**
     * Whether a file has more rows than are taken at once, for those who have it whole: nothing of it is imported then.
     *
     * @param content the file, buffered; it is read and not closed
     */
    public Future<Boolean> holdsMoreThan(int maxRows, Reader content) {
        return vertx.executeBlocking(() -> BatchLines.holdsMoreThan(maxRows, content), false);
    }

    /**
     * Imports a batch.
     *
     * @param progress hears of what was done after each chunk
     */
    public Future<Outcome> run(Batch batch, Auditor auditor, Consumer<ImportReport> progress) {
        return types.find(database.workerPool(), batch.tenantId(), batch.typeName())
                .compose(found -> {
                    if (found.isEmpty()) {
                        return refused(Reason.UNKNOWN_TYPE, "There is no such profile type.");
                    }
                    if (found.get().retired()) {
                        return refused(Reason.RETIRED_TYPE, "The profile type is retired.");
                    }
                    @Nullable String keyName = batch.transportKey();
                    Optional<TransportKey> key =
                            keyName == null ? Optional.empty() : transportKeys.find(batch.tenantId(), keyName);
                    if (keyName != null && key.isEmpty()) {
                        return refused(Reason.UNKNOWN_TRANSPORT_KEY, "There is no such transport key.");
                    }
                    Run run = new Run(batch, found.get(), key.orElse(null), auditor, progress);
                    return vertx.executeBlocking(run.lines::open, false)
                            .compose(refusal -> refusal.isPresent()
                                    ? refused(Reason.HEADER, refusal.get().sentence())
                                    : run.next());
                });
    }

    private static Future<Outcome> refused(Reason reason, String sentence) {
        return Future.succeededFuture(new Outcome.Refused(reason, sentence, new ImportReport(0, 0, 0, List.of())));
    }

    /** One batch on its way. */
    private final class Run {
        private final Batch batch;
        private final StoredType type;
        private final @Nullable TransportKey key;
        private final Auditor auditor;
        private final Consumer<ImportReport> progress;
        private final BatchLines lines;
        private final List<ImportReport.Refusal> refusals = new ArrayList<>();
        private int imported;
        private int unchanged;
        private int refused;

        Run(
                Batch batch,
                StoredType type,
                @Nullable TransportKey key,
                Auditor auditor,
                Consumer<ImportReport> progress) {
            this.batch = batch;
            this.type = type;
            this.key = key;
            this.auditor = auditor;
            this.progress = progress;
            this.lines = new BatchLines(batch.content());
        }

        /** Lines of a chunk, and its rows sealed. */
        private record Chunk(List<BatchLine> lines, List<BatchLine.Row> rows, SealedStock sealed) {}

        Future<Outcome> next() {
            return vertx.executeBlocking(this::read, false).compose(chunk -> {
                if (chunk.lines().isEmpty()) {
                    return Future.succeededFuture(new Outcome.Done(report()));
                }
                if (report().rows() + chunk.lines().size() > batch.maxRows()) {
                    return Future.succeededFuture(new Outcome.Refused(
                            Reason.TOO_MANY_ROWS,
                            "At most %,d rows are taken at once.".formatted(batch.maxRows()),
                            report()));
                }
                return write(chunk).compose(added -> {
                    count(chunk, added);
                    progress.accept(report());
                    return next();
                });
            });
        }

        private Chunk read() throws IOException {
            List<BatchLine> read = lines.next(CHUNK, type.facts(), key);
            List<BatchLine.Row> rows = new ArrayList<>();
            for (BatchLine line : read) {
                if (line instanceof BatchLine.Row row) {
                    rows.add(row);
                }
            }
            List<NewStock> profiles = rows.stream().map(BatchLine.Row::profile).toList();
            return new Chunk(read, rows, SealedStock.of(vault, ids, batch.tenantId(), profiles));
        }

        private Future<List<StockStore.Added>> write(Chunk chunk) {
            if (chunk.rows().isEmpty()) {
                return Future.succeededFuture(List.of());
            }
            return database.inWorker(connection -> stock.add(connection, chunk.sealed(), type, clock.instant())
                    .compose(added -> {
                        int fresh = (int) added.stream()
                                .filter(each -> each == StockStore.Added.NEW)
                                .count();
                        return fresh == 0
                                ? Future.succeededFuture(added)
                                : auditor.audit(
                                                connection,
                                                type,
                                                fresh,
                                                chunk.rows().getFirst().number(),
                                                chunk.rows().getLast().number())
                                        .map(added);
                    }));
        }

        private void count(Chunk chunk, List<StockStore.Added> added) {
            int row = 0;
            for (BatchLine line : chunk.lines()) {
                switch (line) {
                    case BatchLine.Bad bad -> refuse(bad.number(), bad.fault());
                    case BatchLine.Row read -> {
                        switch (added.get(row++)) {
                            case NEW -> imported++;
                            case SAME -> unchanged++;
                            case ORDER_DIFFERS -> refuse(read.number(), RowFault.ORDER_DIFFERS);
                            case ICCID_IN_USE -> refuse(read.number(), RowFault.ICCID_IN_USE);
                            case IMSI_IN_USE -> refuse(read.number(), RowFault.IMSI_IN_USE);
                            case MATCHING_ID_IN_USE -> refuse(read.number(), RowFault.MATCHING_ID_IN_USE);
                        }
                    }
                }
            }
        }

        private void refuse(int line, RowFault fault) {
            refused++;
            if (refusals.size() < ImportReport.MAX_REFUSALS) {
                refusals.add(new ImportReport.Refusal(line, fault));
            }
        }

        private ImportReport report() {
            return new ImportReport(imported, unchanged, refused, refusals);
        }
    }
}
