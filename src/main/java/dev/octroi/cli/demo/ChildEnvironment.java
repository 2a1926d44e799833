package dev.octroi.cli.demo;

import java.util.Map;

/**
 * What the processes that a command starts see of the environment: all but the settings of an installation. Those would send a
 * demo's orders, policies and rows to the real operator, network and database.
 */
final class ChildEnvironment {
    private static final String SETTINGS = "OCTROI_";
    private static final String LOG_LEVEL = "OCTROI_LOG_LEVEL";

    private ChildEnvironment() {}

    /** Heap and options of the JVM are settings of its command line already, see {@link JvmOptions}. */
    static ProcessBuilder of(ProcessBuilder child) {
        withoutSettings(child.environment());
        return child;
    }

    static void withoutSettings(Map<String, String> environment) {
        environment.keySet().removeIf(name -> name.startsWith(SETTINGS) && !name.equals(LOG_LEVEL));
    }
}
