package dev.octroi.quota.account;

import static java.util.Objects.requireNonNull;

/**
 * Who is promised something within a charging session: a rating group, or the part of it that leaves at one UPF (3GPP TS 32.255
 * §5.2.1.1).
 *
 * @param ratingGroup the group, 0 to 4294967295
 * @param upf hash of the UPF's name, hexadecimal; empty where none is named: the whole group is meant
 */
public record GrantHolder(long ratingGroup, String upf) {
    /** So many of a session hold something at a time, and are answered in one message: who holds something can ask again. */
    public static final int MOST = 64;

    private static final int MAX_UPF = 64;

    public GrantHolder {
        requireNonNull(upf, "upf is null");
        if (!upf.isEmpty()
                && (upf.length() > MAX_UPF || !upf.chars().allMatch(each -> Character.digit(each, 16) >= 0))) {
            throw new IllegalArgumentException("a hash of a UPF's name has at most 64 hexadecimal digits");
        }
    }

    /** A whole rating group. */
    public static GrantHolder of(long ratingGroup) {
        return new GrantHolder(ratingGroup, "");
    }

    /** The whole group of it. */
    public GrantHolder whole() {
        return upf.isEmpty() ? this : of(ratingGroup);
    }

    /** Whether something promised to both of them would be promised twice. */
    public boolean overlaps(GrantHolder other) {
        return ratingGroup == other.ratingGroup && (upf.isEmpty() || other.upf.isEmpty() || upf.equals(other.upf));
    }
}
