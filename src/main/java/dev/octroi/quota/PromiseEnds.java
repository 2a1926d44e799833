package dev.octroi.quota;

import dev.octroi.quota.account.ChargingSession;
import dev.octroi.quota.account.GrantHolder;
import dev.octroi.quota.account.Promise;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The ends of promises that are not their session's last, in a place of their own: the second of the session's last end, then
 * three parts for each: holder, bytes, second. A gateway of before writes a session and leaves them as they were; so they count
 * only where the last end and the bytes are still those that they were written with.
 */
final class PromiseEnds {
    private static final char PART = '\u001f';
    private static final int PARTS = 3;

    private PromiseEnds() {}

    /** What is kept; null where all end together. */
    static @Nullable String write(ChargingSession session) {
        StringBuilder text = new StringBuilder();
        session.grants().forEach((holder, promise) -> {
            if (!promise.until().equals(session.grantsUntil())) {
                text.append(PART)
                        .append(ChargingRows.text(holder))
                        .append(PART)
                        .append(promise.bytes())
                        .append(PART)
                        .append(promise.until().getEpochSecond());
            }
        });
        return text.isEmpty()
                ? null
                : text.insert(0, session.grantsUntil().getEpochSecond()).toString();
    }

    /** Promises as they end, of those that end all together. */
    static Map<GrantHolder, Promise> read(@Nullable String text, Map<GrantHolder, Promise> grants, Instant last) {
        if (text == null) {
            return grants;
        }
        List<String> parts = ChargingRows.split(text, PART);
        if (Long.parseLong(parts.getFirst()) != last.getEpochSecond()) {
            return grants;
        }
        Map<GrantHolder, Promise> ended = new HashMap<>(grants);
        for (int i = 1; i < parts.size(); i += PARTS) {
            Promise earlier = new Promise(
                    Long.parseLong(parts.get(i + 1)), Instant.ofEpochSecond(Long.parseLong(parts.get(i + 2))));
            ended.computeIfPresent(
                    ChargingRows.holder(parts.get(i)),
                    (holder, promise) -> promise.bytes() == earlier.bytes() ? earlier : promise);
        }
        return ended;
    }
}
