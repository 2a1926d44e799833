package dev.octroi.quota;

import dev.octroi.quota.account.ChargeAnswer;
import dev.octroi.quota.account.ChargingSession;
import dev.octroi.quota.account.GrantHolder;
import dev.octroi.quota.account.Promise;
import dev.octroi.quota.account.SessionPlace;
import dev.octroi.quota.account.VolumeGrant;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Between rows and charging sessions. What no statement looks into (but for whether a rating group was ever answered) is one text,
 * because it is written with every message: lines of what was promised, of the place, of the highest container, and of each answer, the newest first, with its grants. Parts of
 * a line stand between unit separators.
 */
public final class ChargingRows {
    private static final char PART = '\u001f';
    private static final char LINE = '\n';
    /** Stands between a rating group and the hash of the UPF's name, where one was named. */
    private static final char OF_UPF = '-';

    private static final int ANSWERS_FROM = 3;
    private static final int ANSWER_HEAD = 2;
    private static final int GRANT_PARTS = 6;
    private static final VolumeGrant.Result[] RESULTS = VolumeGrant.Result.values();

    private ChargingRows() {}

    /** Reads a row of {@code charging_session}. */
    static ChargingSession read(Row row) {
        List<String> lines = split(row.getString("memory"), LINE);
        List<ChargeAnswer> answers = new ArrayList<>();
        for (String line : lines.subList(ANSWERS_FROM, lines.size())) {
            answers.add(answer(split(line, PART)));
        }
        Instant last = row.getOffsetDateTime("grants_until").toInstant();
        return new ChargingSession(
                row.getLong("number"),
                row.getLong("partner_id"),
                row.getBoolean("open"),
                bar(row.getString("bar")),
                PromiseEnds.read(row.getString("promise_ends"), grants(lines.getFirst(), last), last),
                last,
                row.getOffsetDateTime("touched_at").toInstant(),
                row.getBoolean("waiting"),
                row.getLong("notices"),
                row.getString("notify_to"),
                place(lines.get(1)),
                Long.parseLong(lines.get(2)),
                answers,
                HeardText.read(row.getString("heard")));
    }

    /** The rating groups that a session is known to have: those that hold something and those of its latest answers, in order. */
    public static SortedSet<Long> ratingGroups(String memory) {
        List<String> lines = split(memory, LINE);
        SortedSet<Long> groups = new TreeSet<>();
        grants(lines.getFirst(), Instant.EPOCH).keySet().forEach(holder -> groups.add(holder.ratingGroup()));
        for (String line : lines.subList(ANSWERS_FROM, lines.size())) {
            answer(split(line, PART)).grants().forEach(grant -> groups.add(grant.ratingGroup()));
        }
        return groups;
    }

    /** What no statement looks at. */
    static String memory(ChargingSession session) {
        StringBuilder text = new StringBuilder();
        session.grants().forEach((holder, promise) -> {
            part(text, text.length()).append(text(holder)).append(PART).append(promise.bytes());
        });
        text.append(LINE);
        SessionPlace place = session.place();
        if (place != null) {
            text.append(place.plmn()).append(PART).append(place.country());
            if (place.area() != null) {
                text.append(PART).append(place.area());
            }
        }
        text.append(LINE).append(session.countedUpTo());
        for (ChargeAnswer answer : session.answers()) {
            text.append(LINE)
                    .append(answer.message())
                    .append(PART)
                    .append(ChronoUnit.MICROS.between(Instant.EPOCH, answer.at()));
            for (VolumeGrant grant : answer.grants()) {
                text.append(PART)
                        .append(grant.ratingGroup())
                        .append(PART)
                        .append(code(grant.result()))
                        .append(PART)
                        .append(grant.bytes())
                        .append(PART)
                        .append(grant.thresholdBytes())
                        .append(PART)
                        .append(grant.validitySeconds())
                        .append(PART)
                        .append(grant.isFinal() ? 1 : 0);
            }
        }
        return text.toString();
    }

    /** The word of a row. */
    static String word(ChargingSession.Bar bar) {
        return switch (bar) {
            case NONE -> "none";
            case ORDERED -> "ordered";
            case TOLD -> "told";
        };
    }

    private static ChargingSession.Bar bar(String word) {
        return switch (word) {
            case "none" -> ChargingSession.Bar.NONE;
            case "ordered" -> ChargingSession.Bar.ORDERED;
            case "told" -> ChargingSession.Bar.TOLD;
            default -> throw new IllegalStateException("a charging session with an unknown bar");
        };
    }

    private static StringBuilder part(StringBuilder text, int length) {
        return length == 0 ? text : text.append(PART);
    }

    private static Map<GrantHolder, Promise> grants(String line, Instant last) {
        Map<GrantHolder, Promise> grants = new HashMap<>();
        if (!line.isEmpty()) {
            List<String> parts = split(line, PART);
            for (int i = 0; i < parts.size(); i += 2) {
                grants.put(holder(parts.get(i)), new Promise(Long.parseLong(parts.get(i + 1)), last));
            }
        }
        return grants;
    }

    static String text(GrantHolder holder) {
        return holder.upf().isEmpty()
                ? Long.toString(holder.ratingGroup())
                : holder.ratingGroup() + String.valueOf(OF_UPF) + holder.upf();
    }

    static GrantHolder holder(String text) {
        int end = text.indexOf(OF_UPF);
        return end < 0
                ? GrantHolder.of(Long.parseLong(text))
                : new GrantHolder(Long.parseLong(text, 0, end, 10), text.substring(end + 1));
    }

    private static @Nullable SessionPlace place(String line) {
        if (line.isEmpty()) {
            return null;
        }
        List<String> parts = split(line, PART);
        return new SessionPlace(parts.getFirst(), parts.get(1), parts.size() > 2 ? parts.get(2) : null);
    }

    private static ChargeAnswer answer(List<String> parts) {
        List<VolumeGrant> grants = new ArrayList<>();
        for (int i = ANSWER_HEAD; i < parts.size(); i += GRANT_PARTS) {
            grants.add(new VolumeGrant(
                    Long.parseLong(parts.get(i)),
                    result(parts.get(i + 1)),
                    Long.parseLong(parts.get(i + 2)),
                    Long.parseLong(parts.get(i + 3)),
                    Long.parseLong(parts.get(i + 4)),
                    parts.get(i + 5).equals("1")));
        }
        return new ChargeAnswer(
                parts.getFirst(), Instant.EPOCH.plus(Long.parseLong(parts.get(1)), ChronoUnit.MICROS), grants);
    }

    private static char code(VolumeGrant.Result result) {
        return switch (result) {
            case SUCCESS -> 'S';
            case QUOTA_LIMIT_REACHED -> 'Q';
            case END_USER_SERVICE_DENIED -> 'E';
        };
    }

    private static VolumeGrant.Result result(String code) {
        for (VolumeGrant.Result each : RESULTS) {
            if (code.charAt(0) == code(each)) {
                return each;
            }
        }
        throw new IllegalStateException("a charging session with an unknown result");
    }

    static List<String> split(String text, char separator) {
        List<String> parts = new ArrayList<>();
        int from = 0;
        for (int at = text.indexOf(separator); at >= 0; at = text.indexOf(separator, from)) {
            parts.add(text.substring(from, at));
            from = at + 1;
        }
        parts.add(text.substring(from));
        return parts;
    }
}
