package dev.octroi.rsp.euicc;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import javax.net.ssl.SSLContext;

/**
 * Many phones at once: whole downloads, each on its own card, over a few connections that are kept open. For measuring
 * a server from another process.
 */
public final class DownloadLoad {
    private final SSLContext tls;
    private final LpaSettings settings;
    private final int connections;

    /**
     * @param connections phones that download at the same time, each on a connection of its own; at least 1
     */
    public DownloadLoad(SSLContext tls, LpaSettings settings, int connections) {
        this.tls = requireNonNull(tls, "tls is null");
        this.settings = requireNonNull(settings, "settings is null");
        if (connections < 1) {
            throw new IllegalArgumentException("connections < 1");
        }
        this.connections = connections;
    }

    /** One phone's errand. */
    public record Errand(VirtualEuicc card, String activationCode) {}

    /**
     * What came of it.
     *
     * @param elapsedNanos from the first to the last
     * @param sortedNanos how long each download that worked took, notification included, shortest first
     * @param callNanos the same for each step of these downloads, by its name
     * @param failures how many failed, by step and status or reason
     */
    public record Outcome(
            long elapsedNanos,
            List<Long> sortedNanos,
            Map<String, List<Long>> callNanos,
            Map<String, Integer> failures) {
        public Outcome {
            sortedNanos = List.copyOf(sortedNanos);
            callNanos = Map.copyOf(callNanos);
            failures = Map.copyOf(failures);
        }

        /** Downloads that worked. */
        public int installed() {
            return sortedNanos.size();
        }

        /** Downloads a second. */
        public double perSecond() {
            return elapsedNanos == 0 ? 0 : installed() * 1e9 / elapsedNanos;
        }

        /**
         * How long the given share of the downloads took at most, in milliseconds; 0 when none worked.
         *
         * @param share such as 0.99
         */
        public double percentileMs(double share) {
            return percentileMs(sortedNanos, share);
        }

        /** The same for one step, such as {@code getBoundProfilePackage}. */
        public double percentileMs(String step, double share) {
            return percentileMs(callNanos.getOrDefault(step, List.of()), share);
        }

        private static double percentileMs(List<Long> sorted, double share) {
            if (sorted.isEmpty()) {
                return 0;
            }
            int at = (int) Math.ceil(share * sorted.size()) - 1;
            return sorted.get(Math.clamp(at, 0, sorted.size() - 1)) / 1e6;
        }
    }

    /** Does all errands and waits for the last. */
    public Outcome run(List<Errand> errands) throws InterruptedException {
        Queue<Errand> waiting = new ConcurrentLinkedQueue<>(errands);
        Tally tally = new Tally();
        CountDownLatch finished = new CountDownLatch(connections);
        long start = System.nanoTime();
        for (int i = 0; i < connections; i++) {
            Thread.ofPlatform().name("phone-" + i).daemon(true).start(() -> {
                try (Es9Client client = new Es9Client(tls, settings)) {
                    for (Errand errand = waiting.poll(); errand != null; errand = waiting.poll()) {
                        download(client, errand, tally);
                    }
                } finally {
                    finished.countDown();
                }
            });
        }
        finished.await();
        return tally.outcome(System.nanoTime() - start);
    }

    private void download(Es9Client client, Errand errand, Tally tally) {
        long start = System.nanoTime();
        try {
            DownloadReport report =
                    new Lpa(errand.card(), client, settings, step -> {}, step -> {}).download(errand.activationCode());
            tally.worked(System.nanoTime() - start, report);
        } catch (LpaException e) {
            tally.failed(e.step() + " " + e.status().orElse(e.source().name()));
        }
    }

    private static final class Tally {
        private final List<Long> nanos = new ArrayList<>();
        private final Map<String, List<Long>> calls = new TreeMap<>();
        private final Map<String, Integer> failures = new TreeMap<>();

        synchronized void worked(long took, DownloadReport report) {
            nanos.add(took);
            long rest = took;
            for (DownloadReport.Step step : report.steps()) {
                rest -= step.took().toNanos();
                add(step.name(), step.took().toNanos());
            }
            // The report ends with the installation; what comes behind it is the card's notification.
            add("handleNotification", rest);
        }

        private void add(String step, long took) {
            calls.computeIfAbsent(step, name -> new ArrayList<>()).add(took);
        }

        synchronized void failed(String reason) {
            failures.merge(reason, 1, Integer::sum);
        }

        synchronized Outcome outcome(long elapsedNanos) {
            calls.values().forEach(Collections::sort);
            return new Outcome(elapsedNanos, nanos.stream().sorted().toList(), calls, failures);
        }
    }
}
