package dev.octroi.quota;

import dev.octroi.quota.account.GrantHolder;
import dev.octroi.quota.account.HeardSince;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who was heard in a charging session since a consent, as one text in a place of its own: the microsecond of the consent, {@code all} or
 * nothing, and the holders. A gateway of before writes a session and leaves it as it was: then fewer are known than were heard, and
 * what they report is free.
 */
final class HeardText {
    private static final char PART = '\u001f';
    private static final String ALL = "all";
    private static final int HOLDERS_FROM = 2;

    private HeardText() {}

    /** What is kept; null where nobody was heard since a consent. */
    static @Nullable String write(HeardSince heard) {
        Instant agreedAt = heard.agreedAt();
        if (agreedAt == null) {
            return null;
        }
        StringBuilder text = new StringBuilder()
                .append(ChronoUnit.MICROS.between(Instant.EPOCH, agreedAt))
                .append(PART)
                .append(heard.all() ? ALL : "");
        heard.holders().forEach(holder -> text.append(PART).append(ChargingRows.text(holder)));
        return text.toString();
    }

    static HeardSince read(@Nullable String text) {
        if (text == null) {
            return HeardSince.NOTHING;
        }
        List<String> parts = ChargingRows.split(text, PART);
        Set<GrantHolder> holders = new HashSet<>();
        parts.subList(HOLDERS_FROM, parts.size()).forEach(holder -> holders.add(ChargingRows.holder(holder)));
        return new HeardSince(
                Instant.EPOCH.plus(Long.parseLong(parts.getFirst()), ChronoUnit.MICROS),
                parts.get(1).equals(ALL),
                holders);
    }
}
