package dev.octroi.fuzz;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Spoils genuine inputs, reproducibly from a seed. */
final class Mutations {
    private static final byte[] TELLING = {
        0,
        1,
        0x1F,
        0x30,
        0x7F,
        (byte) 0x80,
        (byte) 0x81,
        (byte) 0x84,
        (byte) 0xBF,
        (byte) 0xFF,
        '"',
        '{',
        '[',
        '\\',
        ','
    };

    private final Random random;
    private final List<byte[]> seeds;

    Mutations(long seed, List<byte[]> seeds) {
        this.random = new Random(seed);
        this.seeds = List.copyOf(seeds);
    }

    /** One of the seeds after one to four changes. */
    byte[] next() {
        byte[] made = any().clone();
        for (int change = random.nextInt(4); change >= 0; change--) {
            made = changed(made);
        }
        return made;
    }

    private byte[] changed(byte[] bytes) {
        if (bytes.length == 0) {
            return new byte[] {telling()};
        }
        int at = random.nextInt(bytes.length);
        byte[] copy = bytes.clone();
        switch (random.nextInt(6)) {
            case 0 -> copy[at] ^= (byte) (1 << random.nextInt(8));
            case 1 -> copy[at] = telling();
            case 2 -> copy[at] = (byte) random.nextInt(256);
            case 3 -> copy = Arrays.copyOf(bytes, at);
            case 4 -> copy = joined(bytes, at, at + 1 + random.nextInt(Math.min(16, bytes.length - at)), new byte[0]);
            default -> copy = joined(bytes, at, at, piece());
        }
        return copy;
    }

    /** The bytes with a range taken out and others put in its place. */
    private static byte[] joined(byte[] bytes, int from, int to, byte[] inserted) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(bytes, 0, from);
        out.writeBytes(inserted);
        out.write(bytes, to, bytes.length - to);
        return out.toByteArray();
    }

    private byte[] piece() {
        byte[] other = any();
        if (other.length == 0 || random.nextBoolean()) {
            return new byte[] {telling()};
        }
        int from = random.nextInt(other.length);
        return Arrays.copyOfRange(other, from, Math.min(other.length, from + 1 + random.nextInt(64)));
    }

    private byte telling() {
        return TELLING[random.nextInt(TELLING.length)];
    }

    private byte[] any() {
        return seeds.get(random.nextInt(seeds.size()));
    }
}
