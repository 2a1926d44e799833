package dev.octroi.cli.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Processor time of a gateway and of its embedded PostgreSQL, from {@code /proc}: Linux only. The server's ended children
 * are in the figure of their parent, so nothing is lost when a connection or a worker ends.
 */
final class ServerCpu {
    private static final Path PROC = Path.of("/proc");
    /** The kernel shows processor time in hundredths of a second on every architecture that the product runs on. */
    private static final double MS_PER_TICK = 10;

    private static final int PARENT = 1;
    private static final int USER = 11;
    private static final int CHILDREN_END = 15;

    private final long gateway;
    private final long postmaster;

    /**
     * @param gateway process number of the gateway
     * @param dataDirectory its data, with the embedded server in {@code pg/data}
     */
    ServerCpu(long gateway, Path dataDirectory) throws IOException {
        this.gateway = gateway;
        List<String> lines = Files.readAllLines(dataDirectory.resolve("pg/data/postmaster.pid"));
        this.postmaster = Long.parseLong(lines.getFirst().strip());
    }

    /**
     * What was used so far, in milliseconds.
     *
     * @param gatewayMs by the JVM
     * @param databaseMs by all processes of PostgreSQL
     */
    record Used(double gatewayMs, double databaseMs) {
        Used since(Used before) {
            return new Used(gatewayMs - before.gatewayMs, databaseMs - before.databaseMs);
        }

        double totalMs() {
            return gatewayMs + databaseMs;
        }
    }

    Used used() throws IOException {
        double database = 0;
        try (Stream<Path> entries = Files.list(PROC)) {
            for (Path process : entries.filter(
                            path -> path.getFileName().toString().chars().allMatch(Character::isDigit))
                    .toList()) {
                long pid = Long.parseLong(process.getFileName().toString());
                String[] fields = fields(pid);
                if (pid == postmaster) {
                    database += ms(fields, CHILDREN_END);
                } else if (fields.length > CHILDREN_END && Long.parseLong(fields[PARENT]) == postmaster) {
                    database += ms(fields, USER + 2);
                }
            }
        }
        return new Used(ms(fields(gateway), USER + 2), database);
    }

    /** What the JVM's compilers used so far, in milliseconds, of those threads that still live. */
    double compilersMs() throws IOException {
        double used = 0;
        Path tasks = PROC.resolve(Long.toString(gateway)).resolve("task");
        try (Stream<Path> threads = Files.list(tasks)) {
            for (Path thread : threads.toList()) {
                if (Files.readString(thread.resolve("comm")).matches("C[12] Compiler.*\\s*")) {
                    used += ms(fields(tasks.resolve(thread.getFileName()).resolve("stat")), USER + 2);
                }
            }
        }
        return used;
    }

    /** The fields behind the name of the program (proc(5)); none when the process has ended. */
    private static String[] fields(long pid) {
        return fields(PROC.resolve(Long.toString(pid)).resolve("stat"));
    }

    private static String[] fields(Path stat) {
        try {
            String line = Files.readString(stat);
            return line.substring(line.lastIndexOf(')') + 2).split(" ");
        } catch (IOException ended) {
            // A process that ends while it is read answers with "no such process".
            return new String[0];
        }
    }

    private static double ms(String[] fields, int end) {
        long ticks = 0;
        for (int i = USER; i < Math.min(end, fields.length); i++) {
            ticks += Long.parseLong(fields[i]);
        }
        return ticks * MS_PER_TICK;
    }
}
