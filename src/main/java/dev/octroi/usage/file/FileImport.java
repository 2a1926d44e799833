package dev.octroi.usage.file;

import static java.util.Objects.requireNonNull;

import dev.octroi.db.Database;
import dev.octroi.secret.Sha256;
import dev.octroi.usage.Fault;
import dev.octroi.usage.Feed;
import dev.octroi.usage.RecordResult;
import dev.octroi.usage.Reported;
import dev.octroi.usage.UsageIntake;
import io.vertx.core.Future;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/**
 * Counts the rows of one file, a chunk at a time: the next chunk is read when the one before is on disk. Each row has the
 * same identity whenever it is read, so a file that broke off is simply read anew: what was counted is a duplicate then.
 * Blocking: for a plain or virtual thread.
 */
public final class FileImport {
    /** Rows handed on together. */
    static final int CHUNK = 5_000;

    private static final int CHUNK_TIMEOUT_SECONDS = 60;
    private static final int MAX_ATTEMPTS = 40;
    private static final long FIRST_PAUSE_MS = 100;
    private static final long LONGEST_PAUSE_MS = 5_000;

    private final Database database;
    private final UsageIntake intake;
    private final BiFunction<Feed, List<Reported>, Future<List<RecordResult>>> counting;
    private final InstantSource clock;
    private final long maxBytes;
    private final UsageFileStore store = new UsageFileStore();
    private final FileNumberStore numbers = new FileNumberStore();

    /** @param maxBytes a longer file is refused, packed or unpacked */
    public FileImport(Database database, UsageIntake intake, InstantSource clock, long maxBytes) {
        this(database, intake, intake::records, clock, maxBytes);
    }

    /** The same with another way to count. */
    FileImport(
            Database database,
            UsageIntake intake,
            BiFunction<Feed, List<Reported>, Future<List<RecordResult>>> counting,
            InstantSource clock,
            long maxBytes) {
        this.database = requireNonNull(database, "database is null");
        this.intake = requireNonNull(intake, "intake is null");
        this.counting = requireNonNull(counting, "counting is null");
        this.clock = requireNonNull(clock, "clock is null");
        this.maxBytes = maxBytes;
    }

    /**
     * What is to be imported.
     *
     * @param feed whose it is
     * @param path the file
     * @param report where rejected rows are reported
     * @param numbered whether names end with the sender's running number, whose gaps are to be seen
     * @param needsEnd whether only a last line {@code #end,ROWS} says that the file is complete
     */
    public record Source(Feed feed, Path path, Path report, boolean numbered, boolean needsEnd) {
        String name() {
            return String.valueOf(path.getFileName());
        }
    }

    /**
     * Imports a file.
     *
     * @param progress hears after each chunk
     * @throws IOException when the file or the report cannot be used, or the database was away for minutes; then the same
     *     file may be imported again
     * @throws InterruptedException when the thread is to end; likewise
     */
    public FileOutcome run(Source source, Consumer<FileTally> progress) throws IOException, InterruptedException {
        if (Files.size(source.path()) > maxBytes) {
            return new FileOutcome.Refused("The file is larger than " + maxBytes + " bytes.");
        }
        try {
            return run(source, FileFacts.of(source.path(), maxBytes), progress);
        } catch (UsageContent.TooLargeException | RefusedFileException e) {
            return new FileOutcome.Refused(String.valueOf(e.getMessage()));
        } catch (EOFException e) {
            return new FileOutcome.Incomplete("The packed file ends in the middle.");
        } catch (ZipException e) {
            return new FileOutcome.Refused("The packed file is damaged: " + e.getMessage() + ".");
        }
    }

    private FileOutcome run(Source source, FileFacts facts, Consumer<FileTally> progress)
            throws IOException, InterruptedException, RefusedFileException {
        if (!facts.isComplete(source.needsEnd())) {
            return new FileOutcome.Incomplete(
                    facts.announcedRows().isPresent()
                            ? "The file has not as many rows as its last line says."
                            : "The file does not end with a whole line, or not with its end mark.");
        }
        Optional<UsageFileStore.Earlier> earlier =
                patiently(() -> store.find(database.workerPool(), source.feed().source(), facts.digest()));
        if (earlier.isPresent() && earlier.get().complete()) {
            note(source);
            return new FileOutcome.Repeated(earlier.get().name());
        }
        // Under whatever name it comes again: rows without an id meet themselves under the first.
        String knownAs = earlier.map(UsageFileStore.Earlier::name).orElse(source.name());
        return count(source, UsageContent.unpacked(knownAs), facts, progress);
    }

    private FileOutcome count(Source source, String knownAs, FileFacts facts, Consumer<FileTally> progress)
            throws IOException, InterruptedException, RefusedFileException {
        MessageDigest digest = Sha256.digest();
        FileTally tally = FileTally.NONE;
        try (DigestInputStream in = new DigestInputStream(UsageContent.open(source.path(), maxBytes), digest);
                RejectedRows rejected = new RejectedRows(source.report())) {
            UsageLines lines = new UsageLines(in);
            lines.open();
            // If it breaks off, the rows without an id are known by this name, whatever the next one is.
            patiently(() ->
                    store.begin(database.workerPool(), source.feed().source(), source.name(), facts, clock.instant()));
            // Not beyond the rows that were there at first: a file may grow as fast as it is read.
            for (List<UsageRow> rows = lines.next(CHUNK);
                    !rows.isEmpty() && tally.rows() < facts.rows();
                    rows = lines.next(CHUNK)) {
                tally = tally.plus(count(source, knownAs, rows, rejected));
                progress.accept(tally);
            }
            if (!Arrays.equals(digest.digest(), facts.digest())) {
                return new FileOutcome.Incomplete("The file changed while it was read.");
            }
            rejected.finish();
        }
        return finish(source, facts, tally);
    }

    private List<RecordResult> count(Source source, String knownAs, List<UsageRow> rows, RejectedRows rejected)
            throws IOException, InterruptedException {
        List<Reported> read = new ArrayList<>(rows.size());
        for (UsageRow row : rows) {
            read.add(
                    switch (row) {
                        case UsageRow.Bad bad -> new Reported.Bad(null, Fault.MALFORMED, bad.detail());
                        case UsageRow.Named named -> {
                            if (!named.members().has("id")) {
                                named.members().put("id", key(knownAs, named));
                            }
                            yield intake.read(named.members(), source.feed());
                        }
                    });
        }
        List<RecordResult> results = patiently(() -> counting.apply(source.feed(), read));
        for (int i = 0; i < results.size(); i++) {
            Fault fault = results.get(i).fault();
            if (results.get(i).verdict() == RecordResult.Verdict.REJECTED && fault != null) {
                rejected.add(rows.get(i), fault, String.valueOf(results.get(i).detail()));
            }
        }
        return results;
    }

    private FileOutcome finish(Source source, FileFacts facts, FileTally tally)
            throws IOException, InterruptedException {
        String feed = source.feed().source();
        @Nullable
        FileSequence sequence =
                source.numbered() ? FileSequence.of(source.name()).orElse(null) : null;
        patiently(() ->
                store.finish(database.workerPool(), feed, source.name(), sequence, facts, tally, clock.instant()));
        note(source);
        return new FileOutcome.Done(tally, source.numbered() ? missing(feed) : List.of());
    }

    /** A file without traffic may be the same as another one's: its number came all the same. */
    private void note(Source source) throws IOException, InterruptedException {
        Optional<FileSequence> sequence = source.numbered() ? FileSequence.of(source.name()) : Optional.empty();
        if (sequence.isPresent()) {
            patiently(
                    () -> numbers.note(database.workerPool(), source.feed().source(), sequence.get(), clock.instant()));
        }
    }

    /**
     * Which numbers of a source's files are missing, the oldest first, at most 1,000 stretches. Blocking.
     *
     * @throws IOException when the database was away for minutes
     */
    public List<FileOutcome.Missing> missing(String source) throws IOException, InterruptedException {
        return patiently(() -> numbers.missing(database.workerPool(), source, clock.instant()));
    }

    /** The identity of a row that brings none: its place and its content, so that a file sent again meets itself. */
    static String key(String fileName, UsageRow row) {
        MessageDigest digest = Sha256.digest();
        digest.update(fileName.getBytes(StandardCharsets.UTF_8));
        digest.update(ByteBuffer.allocate(9).put((byte) 0).putLong(row.line()).array());
        byte[] hash = digest.digest(row.given());
        return "f-" + Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(hash, 18));
    }

    /** Does something until it is done: while the gateway is too busy or the database away, it waits and tries again. */
    private static <T> T patiently(Supplier<Future<T>> work) throws IOException, InterruptedException {
        long pauseMs = FIRST_PAUSE_MS;
        for (int attempt = 1; ; attempt++) {
            try {
                return work.get()
                        .toCompletionStage()
                        .toCompletableFuture()
                        .get(CHUNK_TIMEOUT_SECONDS, TimeUnit.SECONDS);
            } catch (ExecutionException | TimeoutException e) {
                if (attempt == MAX_ATTEMPTS) {
                    throw new IOException("the rows could not be counted for minutes; import the file again", e);
                }
            }
            Thread.sleep(pauseMs);
            pauseMs = Math.min(LONGEST_PAUSE_MS, pauseMs * 2);
        }
    }
}
