package dev.octroi.drain;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** Runs the shipped detector over recorded usage: CSV in, alarms as CSV out. */
public final class DrainReplay {
    /** A row below the threshold is written again only when its score has risen by this much ... */
    private static final double RISE = 0.03;
    /** ... or this much later. */
    private static final long AGAIN_SECONDS = 20 * 3_600;

    private static final int TIMED_EVERY = 16;

    private final double fromScore;
    private final DrainDetector detector = DrainDetector.shipped();
    private final Population population = Population.shipped();
    private final Map<String, Watched> subscriptions = new HashMap<>();
    private long records;
    private long timed;
    private long nanoseconds;

    /** @param fromScore rows from this score on are written; those from 1 on are the alarms */
    public DrainReplay(double fromScore) {
        this.fromScore = fromScore;
    }

    /** Reads to the end. The first column of the output is the subscription as it was read. */
    public void run(InputStream in, PrintStream out) throws IOException {
        DrainCsv csv = new DrainCsv(in);
        while (csv.next()) {
            String subscription = csv.subscription();
            Watched watched = subscriptions.get(subscription);
            if (watched == null) {
                watched = new Watched(DrainState.fresh(csv.plan()));
                subscriptions.put(subscription, watched);
            }
            DrainObservation record = csv.observation();
            Verdict verdict = observe(watched.state, record);
            if (verdict.score() >= fromScore && watched.tells(verdict, record.eventEndEpochSeconds())) {
                String kind = verdict instanceof Verdict.Alarm alarm
                        ? alarm.kind().word()
                        : detector.kind(watched.state).word();
                out.println(subscription + ',' + record.eventEndEpochSeconds() + ',' + kind + ',' + verdict.score());
            }
        }
    }

    /** Every 16th record is timed: reading the clock costs a good part of what it measures. */
    private Verdict observe(DrainState state, DrainObservation record) {
        if (records++ % TIMED_EVERY != 0) {
            return detector.observe(state, population, record);
        }
        long before = System.nanoTime();
        Verdict verdict = detector.observe(state, population, record);
        nanoseconds += System.nanoTime() - before;
        timed++;
        return verdict;
    }

    /** One line: cost per record and bytes of state. */
    public String statistics() {
        int[] sizes = subscriptions.values().stream()
                .mapToInt(each -> each.state.toBytes().length)
                .toArray();
        Arrays.sort(sizes);
        return "%d records, %d ns per record, %d states, %d bytes of state median, %d maximum"
                .formatted(
                        records,
                        timed == 0 ? 0 : nanoseconds / timed,
                        sizes.length,
                        sizes.length == 0 ? 0 : sizes[sizes.length / 2],
                        sizes.length == 0 ? 0 : sizes[sizes.length - 1]);
    }

    private static final class Watched {
        private final DrainState state;
        private double told;
        private long toldAt;

        private Watched(DrainState state) {
            this.state = state;
        }

        /** Alarms always; other scores when they rise, and low ones again after a while. */
        private boolean tells(Verdict verdict, long seconds) {
            boolean tell = verdict instanceof Verdict.Alarm
                    || verdict.score() > told + RISE
                    || (verdict.score() < Verdict.ACT && seconds - toldAt > AGAIN_SECONDS);
            if (tell) {
                told = verdict.score();
                toldAt = seconds;
            }
            return tell;
        }
    }
}
