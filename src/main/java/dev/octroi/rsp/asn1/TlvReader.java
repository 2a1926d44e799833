package dev.octroi.rsp.asn1;

import java.util.ArrayList;
import java.util.List;

/** One pass over a buffer; the whole tree is checked before any node is given out. */
final class TlvReader {
    private final byte[] buffer;
    private final TlvLimits limits;
    private int elements;
    private int at;

    TlvReader(byte[] buffer, TlvLimits limits) {
        this.buffer = buffer;
        this.limits = limits;
    }

    List<Tlv> readAll() throws MalformedTlvException {
        return readUntil(buffer.length, 0);
    }

    private List<Tlv> readUntil(int end, int depth) throws MalformedTlvException {
        if (depth > limits.maxDepth()) {
            throw new MalformedTlvException("nested deeper than " + limits.maxDepth());
        }
        List<Tlv> found = new ArrayList<>(4);
        while (at < end) {
            found.add(readOne(end, depth));
        }
        return List.copyOf(found);
    }

    private Tlv readOne(int end, int depth) throws MalformedTlvException {
        if (++elements > limits.maxElements()) {
            throw new MalformedTlvException("more than " + limits.maxElements() + " elements");
        }
        int start = at;
        int tag = readTag(end);
        int length = readLength(end);
        int valueStart = at;
        if (length > end - valueStart) {
            throw new MalformedTlvException("length of %X reaches past its parent".formatted(tag));
        }
        int valueEnd = valueStart + length;
        List<Tlv> children = List.of();
        if (Tlv.isConstructed(tag)) {
            children = readUntil(valueEnd, depth + 1);
        }
        at = valueEnd;
        return Tlv.read(tag, buffer, start, valueStart, valueEnd, children);
    }

    private int readTag(int end) throws MalformedTlvException {
        int tag = next(end);
        if (tag == 0) {
            throw new MalformedTlvException("tag 00");
        }
        if ((tag & 0x1F) != 0x1F) {
            return tag;
        }
        for (int more = 0; more < 3; more++) {
            int octet = next(end);
            if (more == 0 && (octet & 0x7F) == 0) {
                throw new MalformedTlvException("tag number with leading zero");
            }
            tag = (tag << 8) | octet;
            if ((octet & 0x80) == 0) {
                if (tag < 0) {
                    throw new MalformedTlvException("tag too long");
                }
                return tag;
            }
        }
        throw new MalformedTlvException("tag too long");
    }

    private int readLength(int end) throws MalformedTlvException {
        int first = next(end);
        if (first < 0x80) {
            return first;
        }
        int octets = first & 0x7F;
        if (octets == 0) {
            throw new MalformedTlvException("indefinite length");
        }
        if (octets > 4) {
            throw new MalformedTlvException("length of %d octets".formatted(octets));
        }
        long length = 0;
        for (int i = 0; i < octets; i++) {
            length = (length << 8) | next(end);
        }
        if (length > limits.maxBytes()) {
            throw new MalformedTlvException("element longer than the limit");
        }
        return (int) length;
    }

    private int next(int end) throws MalformedTlvException {
        if (at >= end) {
            throw new MalformedTlvException("ends within an element");
        }
        return buffer[at++] & 0xFF;
    }
}
