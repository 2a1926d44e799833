package dev.octroi.cli.bench;

import java.time.Duration;

/** Runs that are not counted: while the compilers of a gateway are at work, their time is in the figures. */
final class WarmUp {
    /** A JVM is warm when its compilers take hardly any of its time; then it stays so for as long as it runs. */
    private static final double WARM = 0.02;

    private WarmUp() {}

    /**
     * Runs until the gateway is warm.
     *
     * @param cpu of the gateway
     * @param fewest runs, whatever the compilers do
     * @param longest after this no run begins
     * @param work all that will be measured
     */
    static void run(ServerCpu cpu, int fewest, Duration longest, Work work) throws Exception {
        long end = System.nanoTime() + longest.toNanos();
        boolean warm = false;
        for (int done = 0; (done < fewest || !warm) && System.nanoTime() < end; done++) {
            double compiled = cpu.compilersMs();
            double before = cpu.used().gatewayMs();
            work.run();
            warm = cpu.compilersMs() - compiled < (cpu.used().gatewayMs() - before) * WARM;
        }
    }
}
