package dev.octroi.notice;

import static java.util.Objects.requireNonNull;

import dev.octroi.notice.words.NoticeKind;
import java.util.EnumSet;
import java.util.Set;

/**
 * What a traveller wants to be told, and in which language.
 *
 * @param kinds that are told
 * @param maxPerDay most messages in 24 hours, 0 to 100; urgent ones are not counted and never held back
 * @param language of the messages, two letters
 */
public record ChannelWish(Set<NoticeKind> kinds, int maxPerDay, String language) {
    /** So many a day where nobody said anything. */
    public static final int USUAL_PER_DAY = 10;

    /** Most that can be chosen. */
    public static final int MOST_PER_DAY = 100;

    public ChannelWish {
        requireNonNull(language, "language is null");
        kinds = Set.copyOf(kinds);
        if (maxPerDay < 0 || maxPerDay > MOST_PER_DAY) {
            throw new IllegalArgumentException("a day has 0 to 100 messages");
        }
    }

    /** All kinds, so many as usual. */
    public static ChannelWish usual(String language) {
        return new ChannelWish(EnumSet.allOf(NoticeKind.class), USUAL_PER_DAY, language);
    }

    /** The words of the kinds that are not wanted. */
    String[] muted() {
        return EnumSet.allOf(NoticeKind.class).stream()
                .filter(kind -> !kinds.contains(kind))
                .map(NoticeKind::word)
                .toArray(String[]::new);
    }
}
