package dev.octroi.fuzz;

import java.util.List;

/**
 * A decoder under random input. Whatever comes gives a value or the decoder's declared failure; another exception, a
 * hang or memory without bound is a defect. Implementations have a public constructor without parameters.
 */
public interface FuzzTarget {
    /** Feeds the decoder. Returns when it gave a value or its declared failure; throws when there is a defect. */
    void feed(byte[] input) throws Exception;

    /** Genuine inputs to begin with, at least one. */
    List<byte[]> seeds() throws Exception;

    /** How many spoilt inputs the short form tries; less where one input costs milliseconds. */
    default int mutations() {
        return 2_000;
    }
}
