package dev.octroi.rsp.euicc;

/**
 * Tag and length at the beginning of a segment whose value may come later.
 *
 * @param length of the value in bytes
 * @param end where the value begins
 */
record SegmentHeader(int tag, int length, int end) {
    private static final int MAX_LENGTH_OCTETS = 3;

    static SegmentHeader read(byte[] bytes) throws CardRefusal {
        try {
            int at = 0;
            int tag = bytes[at++] & 0xFF;
            if ((tag & 0x1F) == 0x1F) {
                tag = (tag << 8) | (bytes[at++] & 0xFF);
            }
            int length = bytes[at++] & 0xFF;
            if (length >= 0x80) {
                int octets = length & 0x7F;
                if (octets == 0 || octets > MAX_LENGTH_OCTETS) {
                    throw malformed("length too long");
                }
                length = 0;
                for (int i = 0; i < octets; i++) {
                    length = (length << 8) | (bytes[at++] & 0xFF);
                }
            }
            return new SegmentHeader(tag, length, at);
        } catch (ArrayIndexOutOfBoundsException e) {
            throw malformed("segment ends in a header");
        }
    }

    private static CardRefusal malformed(String why) {
        return new CardRefusal(ErrorReason.SCP03T_STRUCTURE_ERROR, why);
    }
}
