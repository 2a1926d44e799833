package dev.octroi.cli.demo;

import static java.util.Objects.requireNonNull;

import dev.octroi.cli.EndsWithUs;
import dev.octroi.db.LoopbackPort;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A gateway as a child process on loopback, with the same executable and class path as this one, and without the settings of
 * the environment. It does not outlive this process, unless this one is killed without warning.
 */
public final class GatewayProcess implements AutoCloseable {
    private static final Duration READY_TIMEOUT = Duration.ofMinutes(3);
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(20);

    private final Path dataDirectory;
    private final Path logFile;
    private final List<String> settings;
    private final Ports ports;
    private volatile @Nullable Process process;

    /** The ports of the four listeners; chosen once, so that a restarted gateway is found where it was. */
    public record Ports(int publicPort, int device, int operator, int management) {
        static Ports free() throws IOException {
            return new Ports(LoopbackPort.free(), LoopbackPort.free(), LoopbackPort.free(), LoopbackPort.free());
        }
    }

    /**
     * @param dataDirectory the child's data; its log goes to {@code gateway.log} in it
     * @param settings further settings, {@code key=value}
     */
    public GatewayProcess(Path dataDirectory, List<String> settings) throws IOException {
        this.dataDirectory = dataDirectory;
        this.logFile = dataDirectory.resolve("gateway.log");
        this.settings = List.copyOf(settings);
        this.ports = Ports.free();
    }

    public Ports ports() {
        return ports;
    }

    public Path logFile() {
        return logFile;
    }

    /** The child's process number. */
    public long pid() {
        return requireNonNull(process, "not started").pid();
    }

    /**
     * Starts the child and waits until it says that it is ready.
     *
     * @throws IllegalStateException if this process is asked to end
     */
    public void start() throws IOException {
        Files.createDirectories(dataDirectory);
        awaitReady(begin());
    }

    private synchronized Process begin() throws IOException {
        EndsWithUs.add(this);
        Process child = ChildEnvironment.of(new ProcessBuilder(command()))
                .redirectOutput(ProcessBuilder.Redirect.appendTo(logFile.toFile()))
                .redirectError(ProcessBuilder.Redirect.appendTo(logFile.toFile()))
                .start();
        process = child;
        return child;
    }

    private List<String> command() {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(JvmOptions.of(System.getenv(), System.getProperty("os.name")));
        command.addAll(List.of(
                "-Djava.awt.headless=true", "-cp", System.getProperty("java.class.path"), "dev.octroi.Main", "serve"));
        List<String> all = new ArrayList<>(settings);
        all.add("data.dir=" + dataDirectory);
        all.add("listener.public.host=127.0.0.1");
        all.add("listener.device.host=127.0.0.1");
        all.add("listener.operator.host=127.0.0.1");
        all.add("listener.public.port=" + ports.publicPort());
        all.add("listener.device.port=" + ports.device());
        all.add("listener.operator.port=" + ports.operator());
        all.add("listener.management.port=" + ports.management());
        all.forEach(setting -> {
            command.add("--set");
            command.add(setting);
        });
        return command;
    }

    /** Kills the child without warning, as a crash would. */
    public void kill() {
        Process child = process;
        if (child != null) {
            child.destroyForcibly().onExit().join();
        }
    }

    /** Asks the child to stop, waits for it, and stops the server that it may have left behind. */
    @Override
    public synchronized void close() {
        Process child = process;
        if (child != null) {
            stop(child);
            LeftServer.stop(dataDirectory);
        }
        EndsWithUs.remove(this);
    }

    private static void stop(Process child) {
        child.destroy();
        try {
            if (!child.waitFor(STOP_TIMEOUT.toSeconds(), TimeUnit.SECONDS)) {
                child.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            child.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private void awaitReady(Process child) throws IOException {
        URI ready = URI.create("http://127.0.0.1:" + ports.management() + "/health/ready");
        long deadline = System.nanoTime() + READY_TIMEOUT.toNanos();
        try (HttpClient client =
                HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(1)).build()) {
            while (System.nanoTime() < deadline) {
                if (!child.isAlive()) {
                    throw new IOException("the gateway ended at its start with code " + child.exitValue()
                            + "; its log is " + logFile + "\n" + lastLines());
                }
                if (answersOk(client, ready)) {
                    return;
                }
                LockSupport.parkNanos(Duration.ofMillis(25).toNanos());
            }
        }
        throw new IOException(
                "the gateway was not ready within " + READY_TIMEOUT.toSeconds() + " s; its log is " + logFile);
    }

    private static boolean answersOk(HttpClient client, URI uri) {
        HttpRequest request =
                HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(1)).build();
        try {
            return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private String lastLines() throws IOException {
        List<String> lines = Files.readAllLines(logFile);
        return String.join("\n", lines.subList(Math.max(0, lines.size() - 5), lines.size()));
    }
}
