package dev.octroi.usage.file;

import static java.util.Objects.requireNonNull;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Imports what is put into a folder, one file after the other in the order of their numbers and names. Files that are done
 * with go to {@code done/}, those of which nothing can be counted to {@code refused/}, reports of rejected rows to
 * {@code rejected/}. Of several gateways on one folder one works. Runs on a thread of its own.
 */
public final class FolderJob implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(FolderJob.class);

    /** Files looked at in one round. */
    private static final int MAX_FILES = 10_000;

    /** Clocks of file servers differ a little. */
    private static final Duration AHEAD = Duration.ofMinutes(1);

    /** How often gaps are looked for while nothing is imported here. */
    private static final Duration LOOK = Duration.ofMinutes(1);

    private static final Duration CLOSE = Duration.ofSeconds(10);

    private final FolderFeed feed;
    private final FileImport imports;
    private final InstantSource clock;
    private final Duration settle;
    private final MeterRegistry meters;
    private final AtomicLong missing = new AtomicLong();
    private final AtomicLong filesAhead = new AtomicLong();
    private final AtomicLong filesIncomplete = new AtomicLong();
    private final LeftFiles left = new LeftFiles();
    private final Thread thread;
    private Instant lookedAt = Instant.EPOCH;
    private boolean imported;

    /**
     * @param settle a file is looked at when it has not changed for this long; also how often the folder is looked at
     * @param meters counts files by their outcome
     */
    public FolderJob(FolderFeed feed, FileImport imports, InstantSource clock, Duration settle, MeterRegistry meters) {
        this.feed = requireNonNull(feed, "feed is null");
        this.imports = requireNonNull(imports, "imports is null");
        this.clock = requireNonNull(clock, "clock is null");
        this.settle = requireNonNull(settle, "settle is null");
        this.meters = requireNonNull(meters, "meters is null");
        this.thread = Thread.ofVirtual().name("files of " + feed.terms().name()).unstarted(this::run);
        meters.gauge(
                "octroi.usage.files.missing",
                List.of(Tag.of("source", feed.terms().name())),
                missing);
        meters.gauge(
                "octroi.usage.files.ahead",
                List.of(Tag.of("source", feed.terms().name())),
                filesAhead);
        meters.gauge(
                "octroi.usage.files.incomplete",
                List.of(Tag.of("source", feed.terms().name())),
                filesIncomplete);
    }

    /** Makes the folders and begins to look. */
    public void start() throws IOException {
        for (String each : List.of("done", "refused", "rejected")) {
            Files.createDirectories(feed.folder().resolve(each));
        }
        thread.start();
    }

    @Override
    public void close() {
        thread.interrupt();
        try {
            if (!thread.join(CLOSE)) {
                log.warn("files of {} are still being read", feed.terms().name());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try {
            while (true) {
                try {
                    round();
                } catch (IOException | RuntimeException | Error e) {
                    log.warn(
                            "files of {} could not be imported; looking again",
                            feed.terms().name(),
                            e);
                }
                Thread.sleep(settle);
            }
        } catch (InterruptedException e) {
            // The gateway stops; a file that broke off is read anew at the next start.
        }
    }

    /** Looks once; nothing where another gateway holds the folder. */
    void round() throws IOException, InterruptedException {
        try (FileChannel channel = FileChannel.open(
                        feed.folder().resolve(".octroi.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = tryLock(channel)) {
            if (lock != null) {
                for (Path file : settled()) {
                    takeOrLeave(file);
                }
                filesIncomplete.set(left.incomplete());
                lookForGaps();
            }
        }
    }

    /** Another gateway may have filled a gap, or seen one. */
    private void lookForGaps() throws IOException, InterruptedException {
        Instant now = clock.instant();
        if (feed.numbered() && (imported || !now.isBefore(lookedAt.plus(LOOK)))) {
            tellMissing(imports.missing(feed.terms().name()));
            lookedAt = now;
            imported = false;
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    private List<Path> settled() throws IOException {
        List<Path> files = new ArrayList<>();
        Set<String> names = new HashSet<>();
        Set<String> ahead = new HashSet<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(feed.folder(), FolderJob::isUsage)) {
            for (Path file : all) {
                Instant now = clock.instant();
                Instant changed = Files.getLastModifiedTime(file).toInstant();
                if (files.size() < MAX_FILES && !changed.isAfter(now.minus(settle))) {
                    files.add(file);
                    names.add(name(file));
                } else if (ahead.size() < MAX_FILES && changed.isAfter(now.plus(AHEAD))) {
                    ahead.add(name(file));
                }
            }
        }
        left.keepOnly(names, ahead);
        filesAhead.set(ahead.size());
        ahead.stream().filter(left::isNewlyAhead).forEach(this::tellAhead);
        files.sort(Comparator.comparing((Path file) -> stream(name(file)))
                .thenComparing(file ->
                        FileSequence.of(name(file)).map(FileSequence::number).orElse(0L))
                .thenComparing(FolderJob::name));
        return files;
    }

    private void tellAhead(String name) {
        log.warn(
                "usage file {} of {} was written in the future by its own time, and waits until then",
                name,
                feed.terms().name());
    }

    private static String stream(String name) {
        return FileSequence.of(name).map(FileSequence::stream).orElse(name);
    }

    /** Names that senders use while they write ({@code .x.csv}, {@code x.csv.part}, {@code x.tmp}) are no usage files. */
    private static boolean isUsage(Path file) {
        String name = name(file);
        return UsageContent.isNamed(name)
                && !name.startsWith(".")
                && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS);
    }

    /** One file that cannot be read, or a database that is away, leaves the others their turn. */
    private void takeOrLeave(Path file) throws InterruptedException {
        try {
            take(file);
        } catch (IOException e) {
            log.warn(
                    "usage file {} of {} is left for the next look",
                    name(file),
                    feed.terms().name(),
                    e);
        }
    }

    private void take(Path file) throws IOException, InterruptedException {
        String name = name(file);
        Seen seen = Seen.of(file);
        if (left.isUnchanged(name, seen, clock.instant())) {
            return;
        }
        FileImport.Source source = new FileImport.Source(
                feed.terms().feed(),
                file,
                feed.folder().resolve("rejected").resolve(name + ".rejected.csv"),
                feed.numbered(),
                feed.needsEnd());
        FileOutcome outcome = imports.run(source, tally -> {});
        String word = outcome.getClass().getSimpleName().toLowerCase(Locale.ROOT);
        meters.counter("octroi.usage.files", "source", feed.terms().name(), "result", word)
                .increment();
        switch (outcome) {
            case FileOutcome.Done done -> {
                log.atInfo()
                        .addKeyValue("source", feed.terms().name())
                        .addKeyValue("file", name)
                        .addKeyValue("rows", done.tally().rows())
                        .addKeyValue("rejected", done.tally().rejected())
                        .log("usage file imported");
                imported = true;
                move(file, seen, "done");
            }
            case FileOutcome.Repeated repeated -> {
                log.info(
                        "usage file {} of {} came before as {}",
                        name,
                        feed.terms().name(),
                        repeated.earlierName());
                imported = true;
                move(file, seen, "done");
            }
            case FileOutcome.Refused refused -> {
                log.warn("usage file {} of {}: {}", name, feed.terms().name(), refused.sentence());
                move(file, seen, "refused");
            }
            case FileOutcome.Incomplete incomplete -> {
                if (left.leave(name, seen, clock.instant())) {
                    log.warn("usage file {} of {} waits: {}", name, feed.terms().name(), incomplete.sentence());
                }
            }
        }
    }

    private void tellMissing(List<FileOutcome.Missing> stretches) {
        long sum = 0;
        for (FileOutcome.Missing each : stretches) {
            sum += each.last() - each.first() + 1;
        }
        if (missing.getAndSet(sum) != sum && sum > 0) {
            log.warn("{} files of {} are missing, first {}", sum, feed.terms().name(), stretches.getFirst());
        }
    }

    /**
     * Puts a file away that is still as it was seen before it was read; what came later is read at the next look. Of two files
     * of one name the later gets a number before its name.
     */
    private void move(Path file, Seen seen, String folder) throws IOException {
        if (!Seen.of(file).equals(seen)) {
            log.info(
                    "usage file {} of {} has changed and is read again",
                    name(file),
                    feed.terms().name());
            return;
        }
        left.forget(name(file));
        Path target = feed.folder().resolve(folder).resolve(name(file));
        for (int i = 2; Files.exists(target); i++) {
            target = target.resolveSibling(i + "-" + name(file));
        }
        Files.move(file, target);
    }

    private static String name(Path file) {
        return String.valueOf(file.getFileName());
    }
}
