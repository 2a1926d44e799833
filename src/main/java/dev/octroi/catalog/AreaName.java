package dev.octroi.catalog;

import static java.util.stream.Collectors.toUnmodifiableSet;

import java.util.Set;

/**
 * One form of a place's name, {@code MCC-MNC}, {@code MCC-MNC-TAC} or {@code MCC-MNC-TAC-CELL}. TAC and cell are numbers: networks write
 * them with the zeros of their format, of 16, 24, 28 or 36 bits, cell plans and records often without. Pure.
 */
public final class AreaName {
    private static final char DASH = '-';

    private AreaName() {}

    /** The same place without leading zeros of TAC and cell; the network's digits stay as they are. */
    public static String canonical(String area) {
        int tac = area.indexOf(DASH, area.indexOf(DASH) + 1) + 1;
        if (tac == 0) {
            return area;
        }
        int cell = area.indexOf(DASH, tac) + 1;
        return cell == 0
                ? area.substring(0, tac) + withoutZeros(area.substring(tac))
                : area.substring(0, tac)
                        + withoutZeros(area.substring(tac, cell - 1))
                        + DASH
                        + withoutZeros(area.substring(cell));
    }

    /** The same of several places. */
    static Set<String> canonical(Set<String> areas) {
        return areas.stream().map(AreaName::canonical).collect(toUnmodifiableSet());
    }

    private static String withoutZeros(String digits) {
        int from = 0;
        while (from < digits.length() - 1 && digits.charAt(from) == '0') {
            from++;
        }
        return digits.substring(from);
    }
}
