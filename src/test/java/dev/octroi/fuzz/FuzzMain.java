package dev.octroi.fuzz;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The long form of the fuzzers: runs Jazzer on one target after the other, each in a process of its own, and prints a
 * row for each. Arguments: seconds for each target, then names of targets (none for all). Ends with 1 when a target
 * broke; the input is in {@code target/fuzz/<name>} then and belongs into {@code src/test/resources/fuzz/<name>}.
 */
public final class FuzzMain {
    private static final Path FOLDER = Path.of("target/fuzz");
    private static final Pattern DONE =
            Pattern.compile("#(\\d+)\\s+DONE\\s+cov: (\\d+) ft: (\\d+) corp: (\\d+)/(\\S+)");

    private FuzzMain() {}

    /** Runs; see the class. */
    public static void main(String[] arguments) throws Exception {
        int seconds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 60;
        List<String> names = List.of(arguments).stream()
                .skip(1)
                .flatMap(argument -> Stream.of(argument.split(",", -1)))
                .filter(name -> !name.isBlank())
                .toList();
        boolean broken = false;
        System.out.printf("%-24s %8s %12s %6s %8s  %s%n", "target", "seconds", "executions", "edges", "corpus", "");
        for (String name : names.isEmpty() ? FuzzTargets.names() : names) {
            broken |= !run(name, seconds);
        }
        System.exit(broken ? 1 : 0);
    }

    private static boolean run(String name, int seconds) throws Exception {
        Path folder = FOLDER.resolve(name);
        Path corpus = Files.createDirectories(folder.resolve("corpus"));
        Path seeds = Files.createDirectories(folder.resolve("seeds"));
        int number = 0;
        for (byte[] seed : FuzzTargets.create(name).seeds()) {
            Files.write(seeds.resolve("seed" + number++), seed);
        }
        Path log = folder.resolve("log.txt");
        int exit = new ProcessBuilder(command(name, seconds, folder, corpus, seeds))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start()
                .waitFor();
        report(name, seconds, exit, log);
        return exit == 0;
    }

    private static List<String> command(String name, int seconds, Path folder, Path corpus, Path seeds) {
        List<String> command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "-Xmx768m",
                "-XX:+EnableDynamicAgentLoading",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Doctroi.fuzz.target=" + name,
                "-cp",
                System.getProperty("java.class.path"),
                "com.code_intelligence.jazzer.Jazzer",
                "--target_class=" + JazzerEntry.class.getName(),
                "--instrumentation_includes=dev.octroi.**",
                // Hooks in libraries change how they start, and slow them.
                "--custom_hook_includes=dev.octroi.**",
                "--reproducer_path=" + folder,
                "-artifact_prefix=" + folder + "/",
                "-max_total_time=" + seconds,
                "-max_len=16384",
                "-timeout=60",
                corpus.toString(),
                seeds.toString()));
        Path known = Path.of("src/test/resources/fuzz", name);
        if (Files.isDirectory(known)) {
            command.add(known.toString());
        }
        return command;
    }

    private static void report(String name, int seconds, int exit, Path log) throws IOException {
        Matcher done = DONE.matcher(Files.readString(log));
        String[] figures = {"?", "?", "?"};
        while (done.find()) {
            figures = new String[] {done.group(1), done.group(2), done.group(4)};
        }
        String verdict = exit == 0 ? "nothing escaped" : "BROKEN (%d), see %s".formatted(exit, log);
        System.out.printf("%-24s %8d %12s %6s %8s  %s%n", name, seconds, figures[0], figures[1], figures[2], verdict);
    }
}
