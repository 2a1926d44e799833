package dev.octroi.drain;

import static dev.octroi.drain.HourRing.HOURS;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Puts an alarm into words and numbers: kind, since when, expected and observed, reasons. Runs only for alarms. */
final class Explanation {
    private static final int REASONS_MAX = 5;
    private static final long SECONDS_PER_HOUR = 3_600;
    /** Half the width of the expected band, in spreads: four days of five lie inside. */
    static final float BAND = 1.28f;
    /** A kind's sum must reach this, else the kind is unknown. */
    private static final float KIND_KNOWN = -3f;

    private static final int GAP_HOURS = 2;
    private static final int MORNING = 8;
    private static final int EVENING = 22;

    private Explanation() {}

    static Verdict.Alarm of(
            DrainState state, Weights weights, DrainObservation record, float score, long epoch, boolean grown) {
        DrainKind kind = kind(weights, state.features);
        int found = since(state, kind);
        int since = Math.min(state.incident.since(found), state.head);
        // Volumes are known for 24 hours; of what is older the incident keeps the sums.
        int from = Math.max(since, state.head - HOURS + 1);
        int category = category(state, from, record, kind);
        boolean ofCategory = kind == DrainKind.APP || kind == DrainKind.BEACON;
        float observed = 0;
        for (int hour = from; hour <= state.head; hour++) {
            int slot = Math.floorMod(hour, HOURS);
            observed += ofCategory ? state.ring.bytesOf(category, slot) : state.ring.bytes(slot);
        }
        observed = Math.max(observed, (float) record.bytes());
        float usual = ofCategory ? usualOfCategory(state, category, from) : usual(state, from);
        if (since < from) {
            Incident incident = state.incident;
            float usualBefore = ofCategory
                    ? Math.min(incident.pastUsual(), usualOfCategory(state, category, since) - usual)
                    : incident.pastUsual();
            // What a category used is kept for a day. What was beyond the usual before was the drain's, whatever it
            // came as.
            float beyond = Math.max(0, incident.pastBytes() - incident.pastUsual());
            observed += ofCategory ? Math.min(incident.pastBytes(), usualBefore + beyond) : incident.pastBytes();
            usual += usualBefore;
        }
        int spreadOf = ofCategory ? Baseline.BASE + category * Baseline.RANKS + 1 : Baseline.DAY;
        // Several days differ less from as many usual ones than one day from one.
        float days = Math.max(1, (state.head - since + 1f) / HOURS);
        float factor = Compact.pow2(BAND * (float) Math.sqrt(state.baseline.spread(spreadOf) / days));
        ByteRange expected = new ByteRange((long) (usual / factor), (long) (usual * factor));
        long stake = Math.max(0, (long) observed - expected.highBytes());
        return new Verdict.Alarm(
                kind,
                score,
                epoch + since * SECONDS_PER_HOUR,
                expected,
                (long) observed,
                stake,
                Category.at(category),
                record.zone(),
                reasons(weights, state.features),
                weights.confidence(score),
                state.incident.count(),
                grown);
    }

    static DrainKind kind(Weights weights, float[] features) {
        int best = 0;
        float highest = Float.NEGATIVE_INFINITY;
        for (int k = 0; k < Weights.KINDS; k++) {
            float sum = weights.kinds()[k].sum(features);
            if (sum > highest) {
                highest = sum;
                best = k;
            }
        }
        return highest < KIND_KNOWN ? DrainKind.UNKNOWN : DrainKind.at(best);
    }

    /** The hour in which the unusual use began: back from now until two hours in a row look usual. */
    private static int since(DrainState state, DrainKind kind) {
        int since = state.head;
        int usualHours = 0;
        for (int hour = state.head; hour > state.head - HOURS && usualHours < GAP_HOURS; hour--) {
            int local = state.localHour(hour);
            if (kind == DrainKind.NIGHT && local >= MORNING && local < EVENING) {
                break;
            }
            float share = state.ring.bytes(Math.floorMod(hour, HOURS)) / state.usualDay();
            float excess = Compact.log2(share + Measure.FLOOR_SHARE) - state.curve.at(local);
            if (excess > 1) {
                since = hour;
                usualHours = 0;
            } else {
                usualHours++;
            }
        }
        return since;
    }

    /** A usual day's volume, shared out over its hours by the usual curve, for the hours since. */
    private static float usual(DrainState state, int from) {
        float all = 0;
        float part = 0;
        for (int hour = state.head - HOURS + 1; hour <= state.head; hour++) {
            float level = Compact.pow2(state.curve.at(state.localHour(hour)));
            all += level;
            part += hour >= from ? level : 0;
        }
        return state.usualDay() * part / all;
    }

    /** The usual volume of a category in as many hours, from the ranks of its hours. */
    private static float usualOfCategory(DrainState state, int category, int from) {
        int at = Baseline.BASE + category * Baseline.RANKS;
        float largest = level(state, at);
        float day = largest + 2 * level(state, at + 1) + 3 * level(state, at + 2) + 6 * level(state, at + 3);
        int hours = state.head - from + 1;
        return state.usualDay() * Math.max(day * hours / HOURS, Math.min(largest, day));
    }

    private static float level(DrainState state, int at) {
        return Math.max(0, Compact.pow2(state.baseline.center(at)) - Measure.FLOOR_SHARE);
    }

    private static int category(DrainState state, int from, DrainObservation record, DrainKind kind) {
        int own = record.category().code();
        if (kind == DrainKind.APP || kind == DrainKind.BEACON) {
            return own;
        }
        int best = own;
        float most = 0;
        for (int category = 0; category < HourRing.CATEGORIES; category++) {
            float bytes = 0;
            for (int hour = from; hour <= state.head; hour++) {
                bytes += state.ring.bytesOf(category, Math.floorMod(hour, HOURS));
            }
            float excess = bytes - usualOfCategory(state, category, from);
            if (excess > most) {
                most = excess;
                best = category;
            }
        }
        return best;
    }

    /** The terms of the sum, those of one plain-words key together, largest first. */
    private static List<Reason> reasons(Weights weights, float[] features) {
        float[] parts = weights.alarm().contributions(features);
        Map<String, Reason> byKey = new LinkedHashMap<>();
        float[] largest = new float[parts.length];
        for (int i = 0; i < parts.length; i++) {
            FeatureSpec spec = FeatureSpec.ALL.get(i);
            if (spec.reason().isEmpty()) {
                continue;
            }
            float part = parts[i] / Weights.SUM_PER_SCORE;
            Reason before = byKey.get(spec.reason());
            int at = before == null ? i : index(before.feature());
            largest[i] = part;
            String feature = before == null || part > largest[at] ? spec.name() : before.feature();
            double weight = (before == null ? 0 : before.weight()) + part;
            byKey.put(spec.reason(), new Reason(feature, weight, "reason." + spec.reason()));
        }
        List<Reason> reasons = new ArrayList<>(byKey.values());
        reasons.sort(Comparator.comparingDouble(Reason::weight).reversed());
        return reasons.stream()
                .filter(each -> each.weight() > 0)
                .limit(REASONS_MAX)
                .toList();
    }

    private static int index(String feature) {
        for (int i = 0; i < FeatureSpec.ALL.size(); i++) {
            if (FeatureSpec.ALL.get(i).name().equals(feature)) {
                return i;
            }
        }
        throw new IllegalArgumentException(feature);
    }
}
