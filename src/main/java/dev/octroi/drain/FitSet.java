package dev.octroi.drain;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A folder with {@code events.csv}, {@code labels.csv} (episode, subscription, kind, start, end) and, where the drained
 * bytes are known, {@code injected.csv} (episode, timestamp, bytes).
 *
 * @param folder where the files are
 * @param weight weight of its drains against other sets
 * @param keep share of the records inside drains that is used
 * @param unclassified whether to read it as a feed that names no categories
 */
record FitSet(Path folder, float weight, double keep, boolean unclassified) {

    /** Hears every measured record. */
    interface Sink {
        void record(String subscription, DrainState state, DrainObservation record) throws IOException;
    }

    /** Streams the events through a detector that only counts and measures. */
    void stream(Population population, Learner.@Nullable Sink learned, Sink sink) throws IOException {
        RecordCounter counter = new RecordCounter(learned);
        Map<String, DrainState> states = new HashMap<>();
        try (InputStream in = new BufferedInputStream(Files.newInputStream(folder.resolve("events.csv")))) {
            DrainCsv csv = new DrainCsv(in);
            while (csv.next()) {
                String subscription = csv.subscription();
                DrainState state = states.get(subscription);
                if (state == null) {
                    state = DrainState.fresh(csv.plan());
                    states.put(subscription, state);
                }
                DrainObservation read = csv.observation();
                DrainObservation record = unclassified ? withoutCategory(read) : read;
                int zone = counter.count(state, population, record);
                if (zone >= 0) {
                    FeatureVector.fill(state, population, record, zone);
                    sink.record(subscription, state, record);
                }
            }
        }
    }

    private static DrainObservation withoutCategory(DrainObservation read) {
        return new DrainObservation(
                read.eventEndEpochSeconds(),
                read.bytesUp(),
                read.bytesDown(),
                Category.OTHER,
                read.zone(),
                read.tzOffsetMinutes());
    }

    /** The drains of each subscription. */
    Map<String, List<Episode>> episodes() throws IOException {
        Map<String, List<Episode>> bySubscription = new HashMap<>();
        Map<String, Episode> byNumber = new HashMap<>();
        for (String line : Files.readAllLines(folder.resolve("labels.csv"))) {
            if (line.startsWith("episode")) {
                continue;
            }
            String[] words = line.split(",", -1);
            Episode episode = new Episode(words[2], Long.parseLong(words[3]), Long.parseLong(words[4]));
            byNumber.put(words[0], episode);
            bySubscription.computeIfAbsent(words[1], none -> new ArrayList<>()).add(episode);
        }
        Path injected = folder.resolve("injected.csv");
        if (Files.exists(injected)) {
            for (String line : Files.readAllLines(injected)) {
                String[] words = line.split(",", -1);
                Episode episode = byNumber.get(words[0]);
                if (episode != null) {
                    episode.add(Long.parseLong(words[1]), Long.parseLong(words[2]));
                }
            }
        }
        return bySubscription;
    }

    /** One known drain. */
    static final class Episode {
        private static final long GRACE_SECONDS = 7_200;
        private static final long NEUTRAL_SECONDS = 86_400;
        private static final double RECORD_SHARE_MAX = 0.05;
        private static final double EVEN = 0.45;
        private static final double LATE_MAX = 0.8;

        final String kind;
        private final long start;
        private final long end;
        private final Map<Long, Long> bytes = new HashMap<>();
        private double all;
        private double seen;
        int bag = -1;

        Episode(String kind, long start, long end) {
            this.kind = kind;
            this.start = start;
            this.end = end;
        }

        private void add(long seconds, long more) {
            bytes.merge(seconds, more, Long::sum);
            all += more;
        }

        boolean covers(long seconds) {
            return seconds >= start && seconds <= end + GRACE_SECONDS;
        }

        /** Alarms shortly after a drain are neither right nor wrong. */
        boolean blurs(long seconds) {
            return seconds > end && seconds <= end + NEUTRAL_SECONDS;
        }

        /** Weight of a record: partly even, partly by the bytes it can still save. */
        double weight(long seconds) {
            if (bytes.isEmpty()) {
                return RECORD_SHARE_MAX;
            }
            double share = bytes.getOrDefault(seconds, 0L) / all;
            double weight = EVEN * Math.min(1.0 / bytes.size(), RECORD_SHARE_MAX)
                    + (1 - EVEN) * share * (1 - Math.min(LATE_MAX, seen));
            seen += share;
            return weight + 1e-9;
        }
    }
}
