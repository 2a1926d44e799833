package dev.octroi.testing;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A process of its own for what ends, hangs or reads the environment. */
public final class ChildJvm {
    private ChildJvm() {}

    /** Runs a class of the tests or the product with their class path; not started yet. */
    public static ProcessBuilder of(Class<?> main, String... arguments) {
        return of(List.of(), main, arguments);
    }

    /** The same with options of the JVM. */
    public static ProcessBuilder of(List<String> options, Class<?> main, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("--enable-native-access=ALL-UNNAMED");
        command.add("--sun-misc-unsafe-memory-access=allow");
        command.addAll(options);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command);
    }
}
