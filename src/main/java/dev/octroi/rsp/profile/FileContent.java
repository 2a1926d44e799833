package dev.octroi.rsp.profile;

import dev.octroi.rsp.asn1.MalformedTlvException;
import dev.octroi.rsp.asn1.Tlv;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Where the bytes of one file stand in a package. A file is written in pieces, each at an offset from the end of the
 * piece before, over a pattern that fills it (TCA profile package §8.3.3, §8.3.5).
 */
final class FileContent {
    private static final int PROPRIETARY = 0xA5;
    private static final int FILL_PATTERN = 0xC1;
    private static final int REPEAT_PATTERN = 0xC2;

    private final List<Piece> pieces = new ArrayList<>();
    private int cursor;

    /** Bytes of the file from {@code at} on stand in the package from {@code offset} on. */
    private record Piece(int at, int offset, int length) {
        boolean covers(int index) {
            return index >= at && index < at + length;
        }
    }

    /** A file of a template: a descriptor and pieces, or a mark that it is not created. */
    static FileContent ofTemplate(Tlv file) throws MalformedTlvException {
        FileContent content = new FileContent();
        for (Tlv part : file.children()) {
            switch (part.tag()) {
                case 0xA1 -> content.describe(part);
                case 0x82 -> content.skip(part);
                case PackageCheck.FILE_CONTENT -> content.write(part);
                default -> {
                    // doNotCreate, and what newer versions may add.
                }
            }
        }
        return content;
    }

    /** The descriptor's pattern lies below all pieces. */
    void describe(Tlv descriptor) {
        descriptor.find(PROPRIETARY).ifPresent(proprietary -> {
            proprietary.find(REPEAT_PATTERN).ifPresent(this::below);
            proprietary.find(FILL_PATTERN).ifPresent(this::below);
        });
    }

    private void below(Tlv pattern) {
        pieces.add(new Piece(0, pattern.valueOffset(), pattern.valueLength()));
    }

    void skip(Tlv offset) throws MalformedTlvException {
        // An offset is an unsigned number of at most two bytes; its first bit may be set.
        long distance = 0;
        for (byte octet : offset.asBytes(1, 4)) {
            distance = (distance << 8) | (octet & 0xFF);
        }
        if (distance > ProfileTemplate.MAX_BYTES) {
            throw new MalformedTlvException("a file offset beyond every file");
        }
        cursor += (int) distance;
        if (cursor > ProfileTemplate.MAX_BYTES) {
            throw new MalformedTlvException("a file longer than its package");
        }
    }

    void write(Tlv content) {
        pieces.add(new Piece(cursor, content.valueOffset(), content.valueLength()));
        cursor += content.valueLength();
    }

    /** The places of the first bytes of the file; empty when not all of them are written. */
    Optional<List<Slot>> slots(Slot.Kind kind, int length) {
        List<Slot> slots = new ArrayList<>();
        int start = 0;
        while (start < length) {
            int begin = offsetOf(start);
            if (begin < 0) {
                return Optional.empty();
            }
            int end = start + 1;
            while (end < length && offsetOf(end) == begin + end - start) {
                end++;
            }
            slots.add(new Slot(kind, start, begin, end - start));
            start = end;
        }
        return Optional.of(slots);
    }

    /** The last piece that writes a byte wins, as on the card. */
    private int offsetOf(int index) {
        for (int i = pieces.size() - 1; i >= 0; i--) {
            Piece piece = pieces.get(i);
            if (piece.covers(index)) {
                return piece.offset + index - piece.at;
            }
        }
        return -1;
    }
}
