package dev.octroi.cli.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Memory and collector of the gateways that a command starts: as {@code ./octroi} has them, from the same environment. */
final class JvmOptions {
    private static final List<String> COLLECTOR = List.of("-XX:+UseG1GC", "-XX:MaxGCPauseMillis=50");
    /** Other systems do not know them. */
    private static final List<String> LINUX = List.of("-XX:+UseTransparentHugePages", "-Xlog:pagesize=off");

    private JvmOptions() {}

    /**
     * Those and what native code needs, then the environment's own options, which win.
     *
     * @param environment {@code OCTROI_HEAP} and {@code OCTROI_JAVA_OPTS}, both optional
     * @param system the operating system, as the property {@code os.name} has it
     */
    static List<String> of(Map<String, String> environment, String system) {
        String own = environment.getOrDefault("OCTROI_JAVA_OPTS", "").strip();
        List<String> options = new ArrayList<>();
        if (!own.matches(".*-XX:\\+Use\\w*GC.*")) {
            options.addAll(COLLECTOR);
        }
        String heap = environment.getOrDefault("OCTROI_HEAP", "");
        if (!heap.isEmpty()) {
            options.add("-Xmx" + heap);
        }
        options.add("-XX:MaxNewSize=256m");
        options.add("-XX:+UseCompactObjectHeaders");
        options.add("-XX:+ExitOnOutOfMemoryError");
        if (system.equals("Linux")) {
            options.addAll(LINUX);
        }
        options.add("--enable-native-access=ALL-UNNAMED");
        options.add("--sun-misc-unsafe-memory-access=allow");
        if (!own.isEmpty()) {
            options.addAll(List.of(own.split("\\s+")));
        }
        return List.copyOf(options);
    }
}
