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

    /** Records that are read ahead, as far as they have arrived: reading the clock for each would cost a good part of it. */
    private static final int BATCH = 512;

    private final double fromScore;
    private final DrainDetector detector = DrainDetector.shipped();
    private final Population population = Population.shipped();
    private final Map<String, Watched> subscriptions = new HashMap<>();
    private final Watched[] owners = new Watched[BATCH];
    private final DrainObservation[] batch = new DrainObservation[BATCH];
    private long records;
    private long nanoseconds;

    /** @param fromScore rows from this score on are written; those from 1 on are the alarms */
    public DrainReplay(double fromScore) {
        this.fromScore = fromScore;
    }

    /** Reads to the end. The first column of the output is the subscription as it was read. */
    public void run(InputStream in, PrintStream out) throws IOException {
        DrainCsv csv = new DrainCsv(in);
        boolean more = true;
        while (more) {
            int size = 0;
            try {
                while (size < BATCH && (size == 0 || csv.ready()) && (more = csv.next())) {
                    owners[size] = watched(csv);
                    batch[size] = csv.observation();
                    size++;
                }
            } finally {
                // Also before a line that cannot be read is reported.
                observe(size, out);
            }
        }
    }

    private void observe(int size, PrintStream out) {
        long before = System.nanoTime();
        for (int i = 0; i < size; i++) {
            observe(owners[i], batch[i], out);
        }
        nanoseconds += System.nanoTime() - before;
        records += size;
    }

    private Watched watched(DrainCsv csv) {
        String subscription = csv.subscription();
        Watched watched = subscriptions.get(subscription);
        if (watched == null) {
            watched = new Watched(subscription, DrainState.fresh(csv.plan()));
            subscriptions.put(subscription, watched);
        }
        return watched;
    }

    private void observe(Watched owner, DrainObservation record, PrintStream out) {
        Verdict verdict = detector.observe(owner.state, population, record);
        if (verdict.score() >= fromScore && owner.tells(verdict, record.eventEndEpochSeconds())) {
            String kind = verdict instanceof Verdict.Alarm alarm
                    ? alarm.kind().word()
                    : detector.kind(owner.state).word();
            out.println(owner.subscription + ',' + record.eventEndEpochSeconds() + ',' + kind + ',' + verdict.score());
        }
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
                        records == 0 ? 0 : nanoseconds / records,
                        sizes.length,
                        sizes.length == 0 ? 0 : sizes[sizes.length / 2],
                        sizes.length == 0 ? 0 : sizes[sizes.length - 1]);
    }

    private static final class Watched {
        private final String subscription;
        private final DrainState state;
        private double told;
        private long toldAt;

        private Watched(String subscription, DrainState state) {
            this.subscription = subscription;
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
