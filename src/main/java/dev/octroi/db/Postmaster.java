package dev.octroi.db;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/** The running process of an embedded server, found by its data folder, whoever started it. */
public final class Postmaster {
    private static final Duration KILL_TIMEOUT = Duration.ofSeconds(30);

    private final ProcessHandle process;

    private Postmaster(ProcessHandle process) {
        this.process = process;
    }

    /**
     * The server that runs on the data of a folder. The number in its file may be another process's by now, which was not told
     * of this folder.
     *
     * @param directory as given to {@link EmbeddedServer#start}
     */
    public static Optional<Postmaster> of(Path directory) {
        Path data =
                requireNonNull(directory, "directory is null").resolve("data").toAbsolutePath();
        Path file = data.resolve("postmaster.pid");
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            Set<String> names =
                    Set.copyOf(List.of(data.toString(), data.toRealPath().toString()));
            return ProcessHandle.of(
                            Long.parseLong(Files.readAllLines(file).getFirst().strip()))
                    .filter(process -> process.info().arguments().stream()
                            .flatMap(Arrays::stream)
                            .anyMatch(names::contains))
                    .map(Postmaster::new);
        } catch (IOException | RuntimeException e) {
            // It went away while it was looked at.
            return Optional.empty();
        }
    }

    /**
     * Stops the server in order: transactions are rolled back, clients disconnected, and what was committed is in its files.
     * Blocking.
     *
     * @param timeout how long to wait for it; writing a full cache to disk takes a while
     * @return whether it has ended
     */
    public boolean stop(Duration timeout) {
        // "Fast" to PostgreSQL; SIGTERM, which a JVM can send itself, would wait for every client to leave.
        signal("INT");
        return ends(timeout);
    }

    /**
     * Stops the server without writing anything ("immediate"): what was committed is recovered from its log at the next start,
     * if there is one. Blocking.
     *
     * @return whether it has ended
     */
    public boolean abandon(Duration timeout) {
        signal("QUIT");
        return ends(timeout);
    }

    /** Waits until the server has ended. */
    public void await() throws InterruptedException {
        try {
            process.onExit().get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("the end of a process cannot be waited for", e);
        }
    }

    private void signal(String name) {
        try {
            new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (IOException e) {
            process.destroy();
        } catch (InterruptedException e) {
            process.destroy();
            Thread.currentThread().interrupt();
        }
    }

    /** Kills every process of the server without warning, as if the machine had lost its power. */
    public void kill() {
        List<ProcessHandle> all = new ArrayList<>();
        all.add(process);
        try (Stream<ProcessHandle> children = process.descendants()) {
            children.forEach(all::add);
        }
        all.forEach(ProcessHandle::destroyForcibly);
        all.forEach(each -> each.onExit()
                .orTimeout(KILL_TIMEOUT.toSeconds(), TimeUnit.SECONDS)
                .join());
    }

    private boolean ends(Duration timeout) {
        try {
            process.onExit().get(timeout.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException | ExecutionException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
