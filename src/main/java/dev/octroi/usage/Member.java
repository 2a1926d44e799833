package dev.octroi.usage;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The members that a record or a report may have, as they are spelled. */
enum Member {
    ID("id"),
    IMSI("imsi"),
    ICCID("iccid"),
    MEANING("meaning"),
    SESSION("session"),
    SESSION_START("sessionStart"),
    COUNTER_BITS("counterBits"),
    START("start"),
    END("end"),
    UP("up"),
    DOWN("down"),
    REMAINING("remaining"),
    TOTAL("total"),
    PLMN("plmn"),
    TAC("tac"),
    CELL("cell"),
    RAT("rat"),
    CATEGORY("category"),
    DESTINATION_CLASS("destinationClass"),
    IMEI("imei"),
    IMEISV("imeisv"),
    AT("at");

    /** Of a usage record. */
    static final Set<Member> USAGE = EnumSet.complementOf(EnumSet.of(AT));

    /** Of a location report. */
    static final Set<Member> LOCATION = EnumSet.of(IMSI, ICCID, PLMN, TAC, CELL, AT, IMEI, IMEISV);

    private static final Map<String, Member> BY_WORD =
            Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(Member::word, Function.identity()));

    private final String word;

    Member(String word) {
        this.word = word;
    }

    String word() {
        return word;
    }

    static @Nullable Member of(String word) {
        return BY_WORD.get(word);
    }
}
