package dev.octroi.quota;

import dev.octroi.catalog.DrainPolicy;
import dev.octroi.catalog.PlanTerms;
import dev.octroi.drain.DrainDetector;
import dev.octroi.drain.DrainObservation;
import dev.octroi.drain.Population;
import dev.octroi.drain.Verdict;
import dev.octroi.policy.Level;
import dev.octroi.policy.Restriction;
import dev.octroi.policy.RestrictionClass;
import dev.octroi.policy.Speed;
import dev.octroi.policy.Until;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Shows each record to the drain detector and acts on its alarms. */
final class DrainWatch {
    private static final String ID_PREFIX = "drain:";

    private final DrainDetector detector;
    private final Population population;

    DrainWatch(DrainDetector detector, Population population) {
        this.detector = detector;
        this.population = population;
    }

    void observe(Draft draft, UsageRecord record, long upBytes, long downBytes) {
        int offsetMinutes =
                draft.timeZone.getRules().getOffset(record.eventEnd()).getTotalSeconds() / 60;
        Verdict verdict = detector.observe(
                draft.drain(),
                population,
                new DrainObservation(
                        record.eventEnd().getEpochSecond(),
                        upBytes,
                        downBytes,
                        record.category(),
                        record.country(),
                        offsetMinutes));
        if (verdict instanceof Verdict.Alarm alarm) {
            act(draft, alarm);
        }
    }

    Reply feedback(Draft draft, AccountCommand.AlarmFeedback command) {
        detector.feedback(draft.drain(), command.meant());
        if (command.meant()) {
            draft.release(each -> each.id().startsWith(ID_PREFIX));
        }
        draft.raise("anomaly.explained", Map.of("meant", command.meant()));
        draft.audit(command.actor(), "drain.feedback", null, Map.of("meant", command.meant()));
        return Reply.DONE;
    }

    private static void act(Draft draft, Verdict.Alarm alarm) {
        DrainPolicy policy = draft.terms.drainPolicy();
        // An incident that grows after it was lifted is told, not held again: someone has looked at it.
        if (!alarm.grown()) {
            switch (policy) {
                case NOTIFY -> {}
                case THROTTLE -> restrict(draft, alarm, Level.THROTTLED, PlanTerms.DRAIN_SPEED);
                case SUSPEND -> restrict(draft, alarm, Level.SUSPENDED_DATA, null);
            }
        }
        Map<String, Object> data = new HashMap<>();
        data.put("kind", alarm.kind().word());
        data.put("incident", alarm.incidentId());
        data.put("observedBytes", alarm.observedBytes());
        data.put("expectedLowBytes", alarm.expectedBytes().lowBytes());
        data.put("expectedHighBytes", alarm.expectedBytes().highBytes());
        data.put("action", policy.name().toLowerCase(Locale.ROOT));
        draft.raise(alarm.grown() ? "anomaly.grown" : "anomaly.opened", data);
        draft.effects.add(new Effect.AlarmRaised(
                alarm,
                policy.name().toLowerCase(Locale.ROOT),
                Map.of(
                        "hourBytes", draft.hour.bytes(),
                        "todayBytes", draft.day.bytes(),
                        "weekBytes", draft.week.bytes(),
                        "usedBytes", draft.usedBytes,
                        "remainingBytes", draft.remainingBytes()),
                draft.now));
    }

    private static void restrict(Draft draft, Verdict.Alarm alarm, Level level, @Nullable Speed speed) {
        draft.restrict(new Restriction(
                ID_PREFIX + alarm.incidentId(),
                RestrictionClass.DRAIN,
                "drain." + alarm.kind().word(),
                level,
                speed,
                null,
                null,
                alarm.category().word(),
                draft.now,
                new Until.Lifted()));
    }
}
