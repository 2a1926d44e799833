package dev.octroi.support;

import dev.octroi.drain.AlarmSentence;
import dev.octroi.drain.ByteRange;
import dev.octroi.drain.Category;
import dev.octroi.drain.DrainKind;
import dev.octroi.drain.Reason;
import dev.octroi.drain.Verdict;
import dev.octroi.quota.account.AccountView;
import io.vertx.core.json.JsonObject;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What the alarm says in words, and the credit that would make it good. */
final class Finding {
    private Finding() {}

    /** @param creditedBytes what was given back for it before */
    static JsonObject of(Alarm alarm, Optional<AccountView> account, long creditedBytes) {
        Verdict.Alarm said = verdict(alarm);
        ZoneOffset offset = account.map(view -> view.timeZone().getRules().getOffset(alarm.since()))
                .orElse(ZoneOffset.UTC);
        JsonObject sentences = new JsonObject();
        for (Locale language : List.of(Locale.ENGLISH, Locale.FRENCH, Locale.CHINESE)) {
            sentences.put(language.getLanguage(), AlarmSentence.of(said, language, offset));
        }
        return new JsonObject()
                .put("kind", alarm.kind())
                .put("confidence", alarm.confidence())
                .put("expectedHighBytes", alarm.expectedHighBytes())
                .put("observedBytes", alarm.observedBytes())
                .put("suggestedCreditBytes", Math.max(0, alarm.atStakeBytes() - creditedBytes))
                .put("sentences", sentences);
    }

    /** The alarm in one sentence of a language, with times of an offset. */
    static String sentence(Alarm alarm, Locale language, ZoneOffset offset) {
        return AlarmSentence.of(verdict(alarm), language, offset);
    }

    private static Verdict.Alarm verdict(Alarm alarm) {
        List<Reason> reasons = new ArrayList<>();
        for (int i = 0; i < alarm.reasons().size(); i++) {
            JsonObject reason = alarm.reasons().getJsonObject(i);
            reasons.add(new Reason(reason.getString("feature"), reason.getDouble("weight"), reason.getString("key")));
        }
        return new Verdict.Alarm(
                DrainKind.valueOf(alarm.kind().toUpperCase(Locale.ROOT)),
                alarm.score(),
                alarm.since().getEpochSecond(),
                new ByteRange(alarm.expectedLowBytes(), alarm.expectedHighBytes()),
                alarm.observedBytes(),
                alarm.atStakeBytes(),
                Category.of(alarm.category()),
                alarm.zone(),
                reasons,
                alarm.confidence(),
                alarm.incident(),
                false);
    }
}
