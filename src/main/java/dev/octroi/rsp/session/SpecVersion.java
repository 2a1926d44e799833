package dev.octroi.rsp.session;

import dev.octroi.rsp.asn1.MalformedTlvException;
import dev.octroi.rsp.asn1.Tlv;
import java.util.Comparator;

/** A version of the standard, as a card announces it in three bytes. */
record SpecVersion(int major, int minor, int revision) implements Comparable<SpecVersion> {
    /** Cards before 2.1 speak a draft that no issued card uses any more. */
    static final SpecVersion LOWEST = new SpecVersion(2, 1, 0);

    private static final int HIGHEST_MAJOR = 2;
    private static final Comparator<SpecVersion> ORDER = Comparator.comparingInt(SpecVersion::major)
            .thenComparingInt(SpecVersion::minor)
            .thenComparingInt(SpecVersion::revision);

    static SpecVersion read(Tlv element) throws MalformedTlvException {
        byte[] bytes = element.asBytes(3);
        return new SpecVersion(bytes[0] & 0xFF, bytes[1] & 0xFF, bytes[2] & 0xFF);
    }

    boolean isSupported() {
        return compareTo(LOWEST) >= 0 && major <= HIGHEST_MAJOR;
    }

    @Override
    public int compareTo(SpecVersion other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return major + "." + minor + "." + revision;
    }
}
